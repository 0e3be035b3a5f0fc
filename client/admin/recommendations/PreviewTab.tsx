import { formatYuan } from '@shared/money'
import { Segmented, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useSettled } from '../components/useSettled'
import { useUrlState } from '../components/useUrlState'
import { type Row, useRead } from '../queries'
import { arms, type Slot, slotOptions } from './words'

type Item = Row<'GET /admin/members/:memberId/recommendations'>

function Seen({ memberId, slot }: { memberId: string; slot: Slot }) {
  const query = useRead('GET /admin/members/:memberId/recommendations', { memberId, slot, limit: 10 }, { keep: true })
  const { data } = query
  const detailOf = (item: Item) => data?.details.find((detail) => detail.id === item.id)
  return (
    <section className='panel list-panel'>
      {data ? (
        <div className='hd' style={{ paddingBottom: 8 }}>
          <span className='tag brand'>{arms[data.arm]}</span>
          <span className='i2 grow'>{data.note}</span>
          <Link className='link' to={`/members/${memberId}`}>
            看这位会员
          </Link>
        </div>
      ) : null}
      <DataTable<Item>
        label='推荐'
        rows={data?.items}
        query={query}
        rowKey={(row) => `${row.kind}/${row.id}`}
        minWidth={760}
        empty={
          <Notice art='search' title='这个位置现在没有可推的'>
            换一个位置看看。
          </Notice>
        }
        columns={[
          { key: 'place', title: '位', width: 56, render: (_, row) => <span className='num'>{row.position}</span> },
          {
            key: 'name',
            title: '推什么',
            className: 'wrap',
            render: (_, row) => (
              <>
                <span className='m'>{row.name}</span> <span className='t12 i3'>{row.category}</span>
                <div className='t12 cb'>{row.reason}</div>
              </>
            ),
          },
          {
            key: 'price',
            title: '价格',
            width: 110,
            align: 'right',
            render: (_, row) => (
              <span className='num'>
                {row.priceFen !== null ? formatYuan(row.priceFen) : row.points !== null ? `${row.points} 分` : '–'}
              </span>
            ),
          },
          {
            key: 'parts',
            title: '分数从哪来',
            width: 320,
            className: 'wrap',
            render: (_, row) => {
              const detail = detailOf(row)
              if (!detail) return <span className='i3'>–</span>
              return (
                <>
                  <span className='num m'>{detail.score.toFixed(3)}</span>{' '}
                  <span className='t12 i2'>
                    {detail.parts.map((part) => `${part.name} ${part.value.toFixed(3)}`).join('，')}
                  </span>
                </>
              )
            },
          },
        ]}
      />
    </section>
  )
}

/** What one member would see in a place, why, and what every score is made of. */
export function PreviewTab() {
  const [url, setUrl] = useUrlState(['member', 'slot'] as const)
  const slot = slotOptions.find(({ value }) => value === url.slot)?.value ?? 'home'
  const [words, setWords] = useState('')
  const q = useSettled(words.trim(), 250) || undefined
  const found = useRead('GET /admin/members', { q, limit: 20 }, { keep: true })
  const options = (found.data?.items ?? []).map((member) => ({
    value: member.id,
    label: `${member.nameMasked} ${member.phoneMasked ?? member.cardNo}`,
  }))
  const chosen = url.member
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <div className='row g2' style={{ flexWrap: 'wrap' }}>
        <Select
          style={{ width: 300 }}
          value={chosen}
          showSearch={{ filterOption: false, onSearch: setWords }}
          loading={found.isFetching}
          placeholder='按姓名、手机号或卡号找会员'
          notFoundContent={found.isError ? '没读到，请再输一次' : '没有找到'}
          options={
            chosen && !options.some(({ value }) => value === chosen)
              ? [{ value: chosen, label: '选中的会员' }, ...options]
              : options
          }
          onChange={(member) => setUrl({ member })}
          aria-label='看哪位会员'
        />
        <Segmented<Slot>
          value={slot}
          options={slotOptions}
          onChange={(value) => setUrl({ slot: value })}
          aria-label='看哪个位置'
        />
      </div>
      {chosen ? (
        <Seen memberId={chosen} slot={slot} />
      ) : (
        <section className='panel'>
          <Notice art='search' title='先选一位会员'>
            看他在这个位置会看到什么，以及为什么。
          </Notice>
        </section>
      )}
    </div>
  )
}
