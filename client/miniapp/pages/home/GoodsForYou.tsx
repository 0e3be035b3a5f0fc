import type { Output } from '@shared/contract'
import { formatAmount } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { Button } from '../../components/Button'
import { GoodsGrid } from '../../components/GoodsGrid'
import { Section } from '../../components/Section'
import { Sheet } from '../../components/Sheet'
import { useExposure } from '../../hooks/useExposure'
import { go, tabPath } from '../../nav'

type Home = Output<'GET /me/home'>

const titles: Record<Home['recommendation']['basis'], string> = {
  personal: '为你挑选',
  popular: '大家都在买',
  off: '大家都在买',
}
const domId = (position: number): string => `goods-${position}`

/** Goods with the reason why they are here; a tap explains, and leads to the code that is shown at the till. */
export function GoodsForYou({ home: { goods, recommendation } }: { home: Pick<Home, 'goods' | 'recommendation'> }) {
  const [open, setOpen] = useState<number | null>(null)
  const tapped = useExposure(recommendation.traceId, goods, domId)
  const chosen = open === null ? undefined : goods[open]
  return (
    <>
      <Section title={titles[recommendation.basis]} more='推荐设置' onMore={() => go('/packages/profile/settings')} />
      <View className='i3 foryou__note'>{recommendation.note}</View>
      <GoodsGrid
        goods={goods}
        domId={domId}
        onTap={(index) => {
          tapped(index + 1)
          setOpen(index)
        }}
      />
      <Sheet title={chosen?.name ?? ''} open={chosen !== undefined} onClose={() => setOpen(null)}>
        {chosen && (
          <>
            <View className='foryou__why'>
              <Text className='num'>¥{formatAmount(chosen.priceFen)}</Text>
              <Text className='i3'>{chosen.category}</Text>
            </View>
            <View className='foryou__reason'>为什么推荐：{chosen.reason}</View>
            <Button kind='brand' large target='goods:code' onTap={() => go(tabPath('code'))}>
              到店购买，出示会员码
            </Button>
          </>
        )}
      </Sheet>
    </>
  )
}
