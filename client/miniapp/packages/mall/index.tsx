import type { Input } from '@shared/contract'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { Button } from '../../components/Button'
import { Chips } from '../../components/Chips'
import { Page } from '../../components/Page'
import { RewardGrid } from '../../components/RewardGrid'
import { Empty, ErrorState, ListEnd, SkeletonGrid } from '../../components/States'
import { spoken } from '../../components/spoken'
import { Tap } from '../../components/Tap'
import { useList } from '../../hooks/useList'
import { go } from '../../nav'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import './index.scss'

type Sort = NonNullable<Input<'GET /rewards'>['sort']>
const SORTS: ReadonlyArray<{ value: Sort; text: string }> = [
  { value: 'usual', text: '推荐' },
  { value: 'points', text: '积分低的' },
  { value: 'new', text: '新上架' },
]
const ALL = '全部'

function Bar({ balance }: { balance: number | null }) {
  return (
    <View className='mall__bar'>
      <View>
        <Text className='mall__label'>可用积分</Text>
        <Text className='mall__balance num'>{balance === null ? '—' : groupDigits(balance)}</Text>
      </View>
      <Tap className='mall__mine' target='mall:orders' onTap={() => go('/packages/mall/orders')}>
        <Text>我的兑换</Text>
      </Tap>
    </View>
  )
}

/** The shelves: what is on offer, by category, and for a member whether it is within reach. */
function Shelves({ signedIn }: { signedIn: boolean }) {
  const [category, setCategory] = useState(ALL)
  const [sort, setSort] = useState<Sort>('usual')
  const [within, setWithin] = useState(false)
  const filter = useMemo(() => ({ sort, limit: 20, ...(category === ALL ? {} : { category }) }), [sort, category])
  const mine = useList(
    'GET /me/rewards',
    useMemo(() => ({ ...filter, affordable: within ? ('1' as const) : ('0' as const) }), [filter, within]),
    { when: signedIn, keep: true },
  )
  const open = useList('GET /rewards', filter, { when: !signedIn, keep: true })
  const list = signedIn ? mine : open
  usePullDownRefresh(() => void list.reload().finally(stopPullDownRefresh))
  // Another category or order is asked for: the row of categories stays where it is meanwhile.
  const [categories, setCategories] = useState<string[]>([])
  const known = list.data?.categories
  if (known && known.join() !== categories.join()) setCategories(known)
  return (
    <Page back title='积分商城' staleSince={list.staleSince}>
      <View className='body mall'>
        {signedIn && <Bar balance={mine.data?.balance ?? null} />}
        {list.loading && categories.length === 0 && <View className='bone mall__wait' />}
        {categories.length > 1 && (
          <Chips
            options={[ALL, ...categories].map((name) => ({ value: name, text: name }))}
            value={category}
            onChange={setCategory}
          />
        )}
        <View className='mall__sorts'>
          <View className='mall__sortset' {...spoken({ role: 'tablist', label: '排序' })}>
            {SORTS.map((one) => (
              <Tap
                key={one.value}
                role='tab'
                checked={one.value === sort}
                className={`mall__sort ${one.value === sort ? 'on' : ''}`}
                target={`mall:sort:${one.value}`}
                onTap={() => setSort(one.value)}
              >
                <Text>{one.text}</Text>
              </Tap>
            ))}
          </View>
          {signedIn && (
            <Tap
              role='checkbox'
              checked={within}
              className={`mall__sort end ${within ? 'on' : ''}`}
              label={within ? '只看我能换的，已打开' : '只看我能换的'}
              target='mall:within'
              onTap={() => setWithin(!within)}
            >
              <View className={`mall__box ${within ? 'on' : ''}`} />
              <Text>我能换的</Text>
            </Tap>
          )}
        </View>
        {list.loading && <SkeletonGrid />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && list.items.length === 0 && (
          <Empty
            picture='ledger'
            title={within ? '积分还差一点' : '礼品正在上架'}
            hint={within ? '多签到、多消费，很快就能换' : '过几天再来看看'}
            action={
              within ? (
                <Button onTap={() => setWithin(false)}>看全部礼品</Button>
              ) : (
                <Button onTap={() => go('/packages/points/index')}>看看怎么攒积分</Button>
              )
            }
          />
        )}
        <RewardGrid rewards={list.items} />
        <ListEnd list={list} end='都在这里了' />
      </View>
    </Page>
  )
}

/** The rewards mall; a visitor may look at everything. */
export default function MallPage() {
  const signedIn = useSignedIn('member')
  return <Shelves key={String(signedIn)} signedIn={signedIn} />
}
