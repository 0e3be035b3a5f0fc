import type { Output } from '@shared/contract'
import { formatYuanShort } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { go } from '../nav'
import { groupDigits } from '../words'
import { Picture } from './Picture'
import { Tap } from './Tap'
import './RewardGrid.scss'

type Card = Output<'GET /rewards'>['items'][number]
/** What a tile needs; the home page sends no more than this. */
export type RewardTile = Pick<Card, 'id' | 'name' | 'picture' | 'points' | 'cashFen'> &
  Partial<Pick<Card, 'subtitle' | 'blocked' | 'stockLeft' | 'tierName' | 'worthFen'>>

/** '600 积分' or '600 积分 + ¥9.9': the figure is large, the rest small. */
export function RewardPrice({ points, cashFen, large }: { points: number; cashFen: number; large?: boolean }) {
  return (
    <View className={`rewardprice ${large ? 'large' : ''}`}>
      <Text className='rewardprice__points num'>{groupDigits(points)}</Text>
      <Text className='rewardprice__unit'>积分</Text>
      {cashFen > 0 && <Text className='rewardprice__cash num'>+{formatYuanShort(cashFen)}</Text>}
    </View>
  )
}

/** Stock worth a word: under ten pieces. */
const few = (tile: RewardTile): boolean => tile.stockLeft !== undefined && tile.stockLeft > 0 && tile.stockLeft < 10

/** Two columns of rewards; what cannot be redeemed says why instead of its subtitle. */
export function RewardGrid({ rewards }: { rewards: RewardTile[] }) {
  return (
    <View className='rewardgrid'>
      {rewards.map((tile) => (
        <Tap
          key={tile.id}
          className='card rewardtile'
          target={`reward:${tile.id}`}
          onTap={() => go(`/packages/mall/reward?rewardId=${tile.id}`)}
        >
          <View className='rewardtile__pic'>
            <Picture src={tile.picture} />
            {tile.tierName && <Text className='rewardtile__tier'>{tile.tierName}专享</Text>}
            {tile.stockLeft === 0 && <Text className='rewardtile__none'>已兑完</Text>}
          </View>
          <View className='rewardtile__text'>
            <View className='rewardtile__name cut'>{tile.name}</View>
            <View className={`rewardtile__note ${few(tile) ? 'cd' : ''} ${tile.blocked && !few(tile) ? 'why' : 'cut'}`}>
              {few(tile) ? `仅剩 ${tile.stockLeft} 件` : (tile.blocked ?? tile.subtitle)}
            </View>
            <RewardPrice points={tile.points} cashFen={tile.cashFen} />
          </View>
        </Tap>
      ))}
    </View>
  )
}
