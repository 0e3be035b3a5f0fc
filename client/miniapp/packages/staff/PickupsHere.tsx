import { View } from '@tarojs/components'
import { useState } from 'react'
import { Section } from '../../components/Section'
import { useQuery } from '../../hooks/useQuery'
import { PickupCard } from './pickups'

/** Rewards this member may collect here and now; the scan of their code stands for the pick-up code. */
export function PickupsHere({ scanId, storeId }: { scanId: string; storeId: string }) {
  const query = useQuery('GET /staff/scans/:scanId/reward-orders', { scanId })
  const [handed, setHanded] = useState<Record<string, NonNullable<typeof query.data>['items'][number]>>({})
  const items = query.data?.items ?? []
  if (items.length === 0) return null
  return (
    <>
      <Section small title='待取的礼品' more={`${items.length} 件`} />
      <View className='stack'>
        {items.map((order) => (
          <PickupCard
            key={order.id}
            order={handed[order.id] ?? order}
            storeId={storeId}
            proof={{ scanId }}
            onChanged={(next) => setHanded({ ...handed, [order.id]: next })}
          />
        ))}
      </View>
    </>
  )
}
