import { describeMoment } from '@shared/time'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { call, sentenceOf } from '../api'
import { TierChip } from '../components/TierChip'
import { useSettled } from '../components/useSettled'
import type { Tree } from './tree'

/** How many the conditions hold for right now, what they say in words, and who some of them are, masked. Null: still half written. */
export function LivePreview({ tree }: { tree: Tree | null }) {
  // Compared as text: a tree is a new object at every stroke.
  const text = useSettled(tree ? JSON.stringify(tree) : '', 400)
  const asked = text !== ''
  const count = useQuery({
    queryKey: ['POST /admin/segments/count', text],
    queryFn: ({ signal }) => call('POST /admin/segments/count', { tree: JSON.parse(text) as Tree }, { signal }),
    enabled: asked,
    placeholderData: asked ? keepPreviousData : undefined,
  })
  const people = useQuery({
    queryKey: ['POST /admin/segments/preview', text],
    queryFn: ({ signal }) =>
      call('POST /admin/segments/preview', { tree: JSON.parse(text) as Tree, limit: 8 }, { signal }),
    enabled: asked,
    placeholderData: asked ? keepPreviousData : undefined,
  })
  const { data } = count
  return (
    <section className='panel' aria-label='现在有多少人'>
      <div className='hd'>
        <h2 className='grow'>现在有多少人</h2>
        {data?.asOf && asked ? (
          <span className='t12 i3'>数据更新于 {describeMoment(data.asOf, Date.now())}</span>
        ) : null}
      </div>
      <div className='segment-body' aria-live='polite'>
        {!asked ? (
          <p className='i3'>把条件填完整，这里马上数出人数。</p>
        ) : count.isError ? (
          <div>
            <p className='cd'>{sentenceOf(count.error)}</p>
            <Button size='small' onClick={() => count.refetch()} loading={count.isFetching}>
              重试
            </Button>
          </div>
        ) : data ? (
          <>
            <div style={{ opacity: count.isFetching ? 0.5 : 1 }}>
              <span className='segment-count'>{data.count.toLocaleString('zh-CN')}</span> 位，占{' '}
              <span className='num'>{data.total ? `${Math.round((data.count / data.total) * 1000) / 10}%` : '–'}</span>
            </div>
            <p className='i2'>{data.sentence}</p>
            {data.profiling ? <p className='t12 i3'>用到了行为数据：做活动时会自动排除关闭个性化的会员。</p> : null}
          </>
        ) : (
          <div className='bone' style={{ height: 40, width: 160 }} />
        )}
        {asked && people.data ? (
          people.data.items.length ? (
            <ul className='segment-people'>
              {people.data.items.map((member) => (
                <li key={member.id}>
                  <span className='grow cut'>
                    {member.nameMasked} <span className='t12 i3 num'>{member.phoneMasked ?? member.cardNo}</span>
                  </span>
                  <TierChip name={member.tierName} level={member.tierLevel} />
                  <span className='num i2'>{member.purchases} 次</span>
                </li>
              ))}
            </ul>
          ) : (
            <p className='i3'>没有会员符合，放宽一个条件试试。</p>
          )
        ) : null}
      </div>
    </section>
  )
}
