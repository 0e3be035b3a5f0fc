import { describeMoment } from '@shared/time'
import { App, Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { type Row, useList, useWrite } from '../queries'
import { CardExport, cardColumns } from '../segments/CardTable'
import { useSession } from '../session'
import type { Tag } from './TagList'

type Tagged = Row<'GET /admin/tags/:tagId/members'>
const touched = ['GET /admin/tags', 'GET /admin/tags/:tagId/members'] as const

/** Card numbers as they were pasted: eight digits each, whatever stands between them. */
const cardNosIn = (text: string) => [...new Set(text.match(/(?<!\d)\d{8}(?!\d)/g) ?? [])]

function AddMembers({ tag }: { tag: Tag }) {
  const { message } = App.useApp()
  const [words, setWords] = useState('')
  const add = useWrite('POST /admin/tags/:tagId/members', touched)
  const cardNos = cardNosIn(words)
  const save = () =>
    add
      .mutateAsync({ tagId: tag.id, cardNos })
      .then((done) => {
        setWords(done.unknown.join(' '))
        const notFound = done.unknown.length ? `，没有找到 ${done.unknown.length} 个卡号` : ''
        void message.success(`打上 ${done.tagged} 位，原来就有 ${done.already} 位${notFound}`)
      })
      .catch((error: unknown) => void message.error(sentenceOf(error)))
  return (
    <div className='row g2' style={{ marginBottom: 12, alignItems: 'start' }}>
      <Input.TextArea
        value={words}
        rows={1}
        autoSize={{ minRows: 1, maxRows: 4 }}
        placeholder='贴上会员卡号，一次最多 500 个'
        onChange={(event) => setWords(event.target.value)}
        aria-label='会员卡号'
      />
      <Button
        type='primary'
        disabled={!cardNos.length || cardNos.length > 500}
        loading={add.isPending}
        onClick={() => void save()}
      >
        {cardNos.length ? `给 ${cardNos.length} 位打上` : '打上'}
      </Button>
    </div>
  )
}

/** Who carries a tag; where it is given by hand, it is put on and taken off here. */
export function TagMembers({ tag, close }: { tag: Tag; close: () => void }) {
  const navigate = useNavigate()
  const { message } = App.useApp()
  const { can } = useSession()
  const list = useList('GET /admin/tags/:tagId/members', { tagId: tag.id, limit: 50 })
  const remove = useWrite('POST /admin/tags/:tagId/removals', touched)
  const [chosen, setChosen] = useState<string[]>([])
  const byHand = (tag.kind === 'manual' || tag.kind === 'imported') && can('tag:write')
  const takeOff = () =>
    remove
      .mutateAsync({ tagId: tag.id, memberIds: chosen })
      .then((done) => {
        setChosen([])
        void message.success(`从 ${done.removed} 位身上摘下`)
      })
      .catch((error: unknown) => void message.error(sentenceOf(error)))
  return (
    <Drawer
      open
      onClose={close}
      size={800}
      title={`有“${tag.name}”的会员`}
      extra={
        <div className='row g2'>
          {byHand && chosen.length ? (
            <Button size='small' danger loading={remove.isPending} onClick={() => void takeOff()}>
              从 {chosen.length} 位身上摘下
            </Button>
          ) : null}
          <CardExport name={`标签-${tag.name}`} rows={list.rows} />
        </div>
      }
    >
      {byHand ? <AddMembers tag={tag} /> : <p className='i2'>{tag.sentence}</p>}
      <DataTable<Tagged>
        label='会员'
        rows={list.rows}
        query={list}
        rowKey={(row) => row.id}
        open={(row) => void navigate(`/members/${row.id}`)}
        minWidth={700}
        selection={
          byHand
            ? {
                selectedRowKeys: chosen,
                onChange: (keys) => setChosen(keys.map(String).slice(0, 500)),
                getCheckboxProps: (row) => ({ 'aria-label': `选 ${row.nameMasked}` }),
              }
            : undefined
        }
        empty={
          <Notice art='shelf' title='还没有会员有这个标签'>
            {byHand ? '在上面贴上卡号，就能一次打上。' : '有会员满足条件后，会自动打上。'}
          </Notice>
        }
        columns={[
          ...cardColumns<Tagged>((row) => row),
          { key: 'at', title: '打上', width: 130, render: (_, row) => describeMoment(row.taggedAt, Date.now()) },
        ]}
      />
    </Drawer>
  )
}
