import { describeMoment } from '@shared/time'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { categories, FaqForm } from './FaqForm'
import './assistant.css'

/** Tries a sentence on the assistant: what it takes it for, and what lies near. */
function Trial() {
  const { message } = App.useApp()
  const [text, setText] = useState('')
  const ask = useWrite('POST /admin/faqs/try')
  const run = () => ask.mutate({ text: text.trim() }, { onError: (error) => void message.error(sentenceOf(error)) })
  return (
    <section className='panel trial'>
      <h2>试问一句</h2>
      <div className='row' style={{ gap: 8 }}>
        <Input
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPressEnter={() => text.trim() && run()}
          maxLength={200}
          placeholder='像会员那样问，例如：退了东西积分怎么办'
          aria-label='试问'
        />
        <Button disabled={!text.trim()} loading={ask.isPending} onClick={run}>
          试
        </Button>
      </div>
      {ask.data ? (
        <div className='trial-answer' role='status'>
          <span className={`tag ${ask.data.kind === 'unknown' ? 'warn' : 'brand'}`}>{ask.data.title}</span>{' '}
          {ask.data.kind === 'faq' ? ask.data.near.find((one) => `faq:${one.id}` === ask.data?.topic)?.question : null}
          {ask.data.kind === 'own' ? '会从会员自己的数据里回答' : null}
          {ask.data.near.length > 0 ? (
            <ul className='t12 i3'>
              {ask.data.near.map((one) => (
                <li key={one.id}>
                  {one.question}，把握 <span className='num'>{one.confidence}%</span>
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      ) : null}
    </section>
  )
}

function Gaps({ onWrite }: { onWrite: (text: string) => void }) {
  const query = useRead('GET /admin/assistant/gaps', {})
  const { data } = query
  if (!data)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='bone' style={{ height: 160 }} role='status' aria-label='正在读取' />
    )
  const now = Date.now()
  return (
    <section className='panel trial'>
      <h2>没答上来的</h2>
      <p className='t12 i3 num'>
        近 30 天问了 {data.asked} 次，答上 {data.answered}，不知道 {data.unknown}，转人工 {data.handedOver}
      </p>
      {data.items.length === 0 ? (
        <p className='i3'>都答上了</p>
      ) : (
        <ul className='gaps'>
          {data.items.slice(0, 8).map((one) => (
            <li key={one.text} className='row between'>
              <span className='grow'>
                {one.text}
                <span className='t12 i3 num'>
                  {' '}
                  {one.times} 次，{describeMoment(one.lastAt, now)}
                </span>
              </span>
              <Button size='small' onClick={() => onWrite(one.text)}>
                写答案
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The shop's FAQ, which the assistant answers from: entries, how they are used, what is missing. */
export default function FaqList() {
  const { message } = App.useApp()
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['edit', 'q', 'ask'] as const)
  const query = useRead('GET /admin/faqs', {})
  const defaults = useWrite('POST /admin/faqs/defaults', ['GET /admin/faqs'])
  const mayWrite = can('assistant:write')
  const all = query.data?.items
  const words = url.q ?? ''
  const rows = all?.filter((faq) => !words || `${faq.question}${faq.answer}${faq.keywords}`.includes(words))
  const editing = all?.find((faq) => faq.id === url.edit)
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>常见问题</h1>
        <span className='sub'>助手只按这些和会员自己的数据回答，不会编造</span>
        <div className='actions'>
          {mayWrite ? (
            <>
              <Button
                loading={defaults.isPending}
                onClick={() =>
                  defaults.mutate(
                    {},
                    {
                      onSuccess: ({ added }) => void message.success(added ? `加入了 ${added} 条` : '都已经有了'),
                      onError: (error) => void message.error(sentenceOf(error)),
                    },
                  )
                }
              >
                载入常用问题
              </Button>
              <Button type='primary' icon={<Icon name='plus' />} onClick={() => setUrl({ edit: 'new' })}>
                新建问题
              </Button>
            </>
          ) : null}
        </div>
      </div>
      <div className='faq-sides'>
        <Trial />
        <Gaps onWrite={(text) => setUrl({ edit: 'new', ask: text })} />
      </div>
      <section className='panel list-panel'>
        <div className='list-bar'>
          <Input
            value={words}
            onChange={(event) => setUrl({ q: event.target.value })}
            prefix={<Icon name='search' />}
            placeholder='搜问法或答案'
            allowClear
            maxLength={20}
            style={{ width: 240 }}
            aria-label='搜常见问题'
          />
        </div>
        <DataTable
          label='常见问题'
          rows={rows}
          query={query}
          rowKey={(row) => row.id}
          open={mayWrite ? (row) => setUrl({ edit: row.id }) : undefined}
          minWidth={820}
          clearFilters={words ? () => setUrl({ q: undefined }) : undefined}
          empty={
            <Notice art='shelf' title='还没有常见问题'>
              先载入一套常用问题，再改成自己店里的说法。
            </Notice>
          }
          columns={[
            {
              key: 'question',
              title: '问与答',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <div className='m'>
                    {row.question} {row.active ? null : <span className='tag'>停用</span>}
                  </div>
                  <div className='t12 i2 faq-answer'>{row.answer}</div>
                </>
              ),
            },
            { key: 'category', title: '分类', width: 90, render: (_, row) => categories[row.category] },
            {
              key: 'used',
              title: '30 天用到',
              width: 100,
              render: (_, row) => <span className='num'>{row.used}</span>,
            },
            {
              key: 'helpful',
              title: '有用 / 没用',
              width: 110,
              render: (_, row) => (
                <span className='num'>
                  {row.helpful} / {row.unhelpful}
                </span>
              ),
            },
          ]}
        />
      </section>
      <FaqForm
        key={`${url.edit}${editing?.version}`}
        open={url.edit === 'new' || editing !== undefined}
        faq={editing}
        question={url.ask ?? ''}
        onClose={() => setUrl({ edit: undefined, ask: undefined })}
      />
    </div>
  )
}
