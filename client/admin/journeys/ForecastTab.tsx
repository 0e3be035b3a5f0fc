import type { JourneyDefinition } from '@shared/journey'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { call } from '../api'
import { LoadFailed, Notice, StaleStrip } from '../components/Fallbacks'
import { useRead } from '../queries'
import { findGaps, titleOf } from './draft'
import { ReachView } from './ReachView'

const FORECAST = 'POST /admin/journeys/forecast'

/** Whom each message would reach if everybody the journey is for entered this moment; nothing is sent. */
export default function ForecastTab({ journeyId, definition }: { journeyId: string; definition: JourneyDefinition }) {
  const [segmentId, setSegmentId] = useState<string>()
  const options = useRead('GET /admin/journey-options', {})
  const ready = findGaps(definition).length === 0
  const query = useQuery({
    queryKey: [FORECAST, journeyId, segmentId, definition],
    queryFn: ({ signal }) => call(FORECAST, { journeyId, segmentId, definition }, { signal }),
    placeholderData: keepPreviousData,
    enabled: ready,
    retry: false,
  })
  const nameOf = (id: string) => {
    const node = definition.nodes.find((one) => one.id === id)
    return node ? titleOf(node) : id
  }
  return (
    <section className='panel'>
      <div className='hd' style={{ paddingBottom: 12 }}>
        <h2 className='grow'>如果现在都进入，每条消息能到多少人</h2>
        <Select
          allowClear
          style={{ width: 220 }}
          value={segmentId}
          placeholder='旅程自己的人群'
          options={options.data?.segments.map((s) => ({ value: s.id, label: s.name }))}
          onChange={setSegmentId}
          aria-label='换一个人群来预估'
        />
        <Button loading={query.isFetching} onClick={() => void query.refetch()}>
          重新预估
        </Button>
      </div>
      <StaleStrip query={query} />
      {query.data ? (
        query.data.items.length ? (
          query.data.items.map(({ nodeId, ...reach }) => (
            <div key={nodeId} style={{ borderTop: '1px solid var(--line-2)', paddingBottom: 8 }}>
              <h3 style={{ padding: '12px 16px 0', fontSize: 13 }}>{nameOf(nodeId)}</h3>
              <ReachView reach={reach} />
            </div>
          ))
        ) : (
          <Notice art='shelf' title='这个旅程不发消息'>
            加一个“发消息”的节点，这里就会算出能到多少人、为什么其余的人收不到。
          </Notice>
        )
      ) : query.isError ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
      ) : ready ? (
        <div className='bone' style={{ height: 200, margin: 16 }} role='status' aria-label='正在预估' />
      ) : (
        <Notice art='broken' title='先补上画布里没填的内容' />
      )}
    </section>
  )
}
