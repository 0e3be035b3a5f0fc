import type { Output } from '@shared/contract'
import { describeMoment } from '@shared/time'
import { Input, Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Picture } from '../../components/Picture'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tabs } from '../../components/Tabs'
import { useAction } from '../../hooks/useAction'
import { useList } from '../../hooks/useList'
import { useSecondsLeft } from '../../hooks/useSecondsLeft'
import { confirm, toast } from '../../nav'
import { buzz, canScan } from '../../platform'
import { workingStore } from './counter'
import { pickupCodeIn, scanCode } from './scan'
import './pickups.scss'

type Pickup = Output<'POST /staff/reward-pickups'>
type TabKey = 'ready' | 'handed'
const TABS = [
  { value: 'ready', text: '本店待取' },
  { value: 'handed', text: '我今天发的' },
] as const

function UndoButton({ order, onDone }: { order: Pickup; onDone: (order: Pickup) => void }) {
  const seconds = useSecondsLeft(order.undoUntil ?? 0)
  const undo = useAction('POST /staff/reward-orders/:orderId/undo')
  if (seconds === 0) return null
  const takeBack = async (): Promise<void> => {
    try {
      const done = await undo.run({ orderId: order.id })
      if (!done) return
      toast('已撤销，礼品收回')
      onDone(done)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <Button kind='plain' busy={undo.busy} target='pickup:undo' onTap={() => void takeBack()}>
      撤销（{seconds} 秒）
    </Button>
  )
}

/** The goods a code stands for: shown before they are handed out, and for a minute the way back. */
export function PickupCard({
  order,
  storeId,
  proof,
  onChanged,
}: {
  order: Pickup
  storeId: string
  proof: { code: string } | { scanId: string }
  onChanged: (order: Pickup) => void
}) {
  const hand = useAction('POST /staff/reward-orders/:orderId/hand-outs')
  const handOut = async (): Promise<void> => {
    if (!(await confirm('发出这件礼品？', `把「${order.name}」交给 ${order.memberNameMasked}，取货码随即作废`, '发出')))
      return
    try {
      const done = await hand.run({ orderId: order.id, storeId, ...proof })
      if (!done) return
      buzz()
      toast('已发出')
      onChanged(done)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View className='card pickupcard'>
      <View className='pickupcard__pic'>
        <Picture src={order.picture} />
      </View>
      <View className='grow'>
        <View className='t14 m'>{order.name}</View>
        <View className='t12 i3'>
          {order.memberNameMasked}，{order.stateText}
        </View>
      </View>
      {order.state === 'ready' ? (
        <Button busy={hand.busy} target='pickup:hand' onTap={() => void handOut()}>
          发出
        </Button>
      ) : (
        <UndoButton order={order} onDone={onChanged} />
      )}
    </View>
  )
}

function FindPickup({ storeId, first }: { storeId: string; first: string }) {
  const [text, setText] = useState(first)
  const [found, setFound] = useState<{ order: Pickup; code: string } | null>(null)
  const [problem, setProblem] = useState('')
  const look = useAction('POST /staff/reward-pickups')
  const find = async (typed: string): Promise<void> => {
    setProblem('')
    setFound(null)
    const code = pickupCodeIn(typed)
    if (!code) {
      setProblem('取货码是 66 开头的 12 位数字')
      return
    }
    try {
      const order = await look.run({ storeId, code })
      if (order) setFound({ order, code })
    } catch (thrown) {
      setProblem(sayFailure(thrown))
    }
  }
  const openCamera = async (): Promise<void> => {
    try {
      const read = await scanCode()
      if (read !== null) await find(read)
    } catch {
      toast('没有打开相机，请手动输入取货码')
    }
  }
  return (
    <>
      <View className='card desk__find'>
        <View className='desk__field'>
          <Icon name='gift' size={20} />
          <Input
            className='desk__input num'
            type='number'
            maxlength={16}
            value={text}
            placeholder='取货码'
            confirmType='search'
            onInput={(event) => setText(event.detail.value)}
            onConfirm={() => void find(text)}
            aria-label='取货码'
          />
          {canScan() && (
            <Button kind='ghost' label='扫取货码' target='pickup:scan' onTap={() => void openCamera()}>
              <Icon name='scan' size={18} />
            </Button>
          )}
          <Button busy={look.busy} disabled={!text} target='pickup:find' onTap={() => void find(text)}>
            查
          </Button>
        </View>
        {problem && <View className='desk__problem'>{problem}</View>}
      </View>
      {found && (
        <View className='pickups__found'>
          <PickupCard
            order={found.order}
            storeId={storeId}
            proof={{ code: found.code }}
            onChanged={(order) => setFound({ ...found, order })}
          />
        </View>
      )}
    </>
  )
}

function Orders({ storeId }: { storeId: string }) {
  const [tab, setTab] = useState<TabKey>('ready')
  const list = useList(
    'GET /staff/reward-orders',
    useMemo(() => ({ storeId, tab, limit: 20 }), [storeId, tab]),
    { keep: true },
  )
  return (
    <>
      <View className='pickups__tabs'>
        <Tabs options={TABS} value={tab} onChange={setTab} />
      </View>
      {list.loading && <Skeleton rows={4} />}
      {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
      {list.data && list.items.length === 0 && (
        <Empty
          picture='ledger'
          title={tab === 'ready' ? '没有等着取的礼品' : '今天还没有发过'}
          hint='会员兑换后选本店自取，就会列在这里'
        />
      )}
      {list.items.length > 0 && (
        <View className='card'>
          {list.items.map((order) => (
            <ListRow
              key={order.id}
              icon='gift'
              tone={tab === 'ready' ? 'gold' : 'mute'}
              title={order.name}
              detail={`${order.memberNameMasked}，${
                order.handedAt
                  ? `${describeMoment(order.handedAt, serverNow())} 发出`
                  : order.dueAt
                    ? `${describeMoment(order.dueAt, serverNow())} 前取`
                    : order.stateText
              }`}
              right={order.undoUntil ? <UndoButton order={order} onDone={() => void list.reload()} /> : <Text />}
            />
          ))}
        </View>
      )}
      <ListEnd list={list} end='' />
    </>
  )
}

/** Rewards at the counter: find by pick-up code, hand out once, take back within a minute. */
export default function StaffPickupsPage() {
  const { code = '' } = useRouter().params
  const storeId = workingStore()
  return (
    <Page back title='礼品发放' className='staff'>
      {storeId ? (
        <View className='body pickups'>
          <FindPickup storeId={storeId} first={code} />
          <Orders storeId={storeId} />
        </View>
      ) : (
        <Empty picture='ledger' title='先在核销台选一家门店' />
      )}
    </Page>
  )
}
