import { formatYuanShort } from '@shared/money'
import { useState } from 'react'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { Definition, ExportMenu } from '../dashboards/FigurePanel'
import { useRead } from '../queries'
import { ScoredMembers } from './SpreadTab'

/** Groups that the data fall into by themselves, named by what sets them apart. */
export default function GroupTab() {
  const query = useRead('GET /admin/scores/groups', {})
  const [opened, setOpened] = useState<{ title: string; group: number } | null>(null)
  const { data } = query
  if (query.isError && !data) return <LoadFailed error={query.error} retry={() => void query.refetch()} />
  if (!data) return <div className='bone' style={{ height: 320 }} />
  if (!data.groups.length)
    return (
      <Notice art='shelf' title='还没有分群'>
        会员多一些、消费多一些之后，夜里会自动分出几群。
      </Notice>
    )
  return (
    <>
      <div className='row g1' style={{ margin: '4px 0 12px' }}>
        <span className='t12 i2'>
          夜里按会员的消费习惯自动分出来的几群人{data.onDay ? `，截至 ${data.onDay}` : ''}。点一群看名单。
        </span>
        <Definition of='自动分群' text={data.definition} />
        <span className='grow' />
        <ExportMenu
          name='自动分群'
          sheet={() => ({
            head: ['分群', '会员', '累计消费（元）', '说明', '中心（括号里是全店）'],
            rows: data.groups.map((g) => [
              g.name,
              g.members,
              g.spendFen / 100,
              g.explanation,
              g.centre.map((c) => `${c.name} ${c.value}${c.unit}（${c.usual}）`).join('；'),
            ]),
          })}
        />
      </div>
      <div className='groups'>
        {data.groups.map((group) => (
          <button
            key={group.no}
            type='button'
            className='panel group'
            onClick={() => setOpened({ title: group.name, group: group.no })}
          >
            <span className='row between'>
              <b>{group.name}</b>
              <span className='num'>{group.members.toLocaleString('zh-CN')} 人</span>
            </span>
            <span className='t12 i2'>{group.explanation}</span>
            <span className='t12 i3 num'>累计消费 {formatYuanShort(group.spendFen)}</span>
            <span className='centre'>
              {group.centre.map((one) => (
                <span key={one.name} className='row between t12'>
                  <span className='i3'>{one.name}</span>
                  <span className='num'>
                    {one.value.toLocaleString('zh-CN', { maximumFractionDigits: 1 })}
                    {one.unit}
                    <i className='i3'> 全店 {one.usual.toLocaleString('zh-CN', { maximumFractionDigits: 1 })}</i>
                  </span>
                </span>
              ))}
            </span>
          </button>
        ))}
      </div>
      {opened ? (
        <ScoredMembers
          opened={{ title: opened.title, choice: { group: opened.group } }}
          close={() => setOpened(null)}
        />
      ) : null}
    </>
  )
}
