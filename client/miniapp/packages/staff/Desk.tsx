import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { Input, Picker, Text, View } from '@tarojs/components'
import { useEffect, useRef, useState } from 'react'
import { isOffline, sayFailure, signOut } from '../../api'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { ListRow } from '../../components/ListRow'
import { ErrorState, OfflineBar, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { useShown } from '../../hooks/useShown'
import { confirm, go, toast } from '../../nav'
import { buzz, canScan, onNetwork } from '../../platform'
import { chooseStore, workingStore } from './counter'
import { syncQueue, useQueue } from './queue'
import { memberCodeIn, pickupCodeIn, scanCode } from './scan'

type Me = Output<'GET /staff/me'>

function Today({ today }: { today: Me['today'] }) {
  const cells = [
    { label: '收款', value: String(today.purchases), unit: '笔' },
    { label: '金额', value: formatYuan(today.amountFen), unit: '' },
    { label: '核销', value: String(today.redemptions), unit: '张' },
    { label: '退款', value: String(today.refunds), unit: '笔' },
  ]
  return (
    <View className='card desk__today'>
      {cells.map((cell) => (
        <View key={cell.label} className='desk__cell'>
          <View className='t12 i3'>{cell.label}</View>
          <View className={`desk__figure num ${cell.value.length > 8 ? 'long' : ''}`}>
            {cell.value}
            <Text className='desk__unit'>{cell.unit}</Text>
          </View>
        </View>
      ))}
    </View>
  )
}

/** One field for both: 18 digits of a code (also from a scanner that types), or a telephone number. */
function FindForm({ storeId, onFound }: { storeId: string; onFound: (scanId: string) => void }) {
  const [text, setText] = useState('')
  const scan = useAction('POST /staff/scans')
  const lookup = useAction('POST /staff/lookups')
  const [problem, setProblem] = useState('')
  const find = async (typed: string): Promise<void> => {
    setProblem('')
    const pickup = pickupCodeIn(typed)
    if (pickup) {
      go(`/packages/staff/pickups?code=${pickup}`)
      return
    }
    const code = memberCodeIn(typed)
    const phone = /^1[3-9]\d{9}$/.exec(typed.replace(/\s/g, ''))?.[0]
    if (!code && !phone) {
      setProblem('请输入 18 位会员码或 11 位手机号')
      return
    }
    try {
      const counter = code ? await scan.run({ storeId, code }) : await lookup.run({ storeId, phone: phone ?? '' })
      if (!counter) return
      buzz()
      setText('')
      onFound(counter.scanId)
    } catch (thrown) {
      // The customer is standing here: without a network the purchase is noted and sent later.
      if (isOffline(thrown)) go(`/packages/staff/entry?storeId=${storeId}&${code ? `code=${code}` : `phone=${phone}`}`)
      else setProblem(sayFailure(thrown))
    }
  }
  const openCamera = async (): Promise<void> => {
    try {
      const read = await scanCode()
      if (read !== null) await find(read)
    } catch {
      toast('没有打开相机，请手动输入会员码')
    }
  }
  const busy = scan.busy || lookup.busy
  return (
    <>
      {canScan() && (
        <Tap className='desk__scan' target='staff:scan' onTap={() => void openCamera()}>
          <Icon name='scan' size={44} />
          <Text className='desk__scantext'>扫会员码</Text>
          <Text className='desk__scannote'>二维码、条形码都可以</Text>
        </Tap>
      )}
      <View className='card desk__find'>
        <View className='desk__field'>
          <Icon name='keyboard' size={20} />
          <Input
            className='desk__input num'
            type='number'
            maxlength={22}
            value={text}
            placeholder='会员码或手机号'
            confirmType='search'
            onInput={(event) => setText(event.detail.value)}
            onConfirm={() => void find(text)}
            aria-label='会员码或手机号'
          />
          <Button busy={busy} disabled={!text} target='staff:find' onTap={() => void find(text)}>
            {busy ? '查找中' : '查找'}
          </Button>
        </View>
        {problem && <View className='desk__problem'>{problem}</View>}
      </View>
    </>
  )
}

/** Takes a customer in: with their consent, by telephone number. */
function JoinForm({ storeId }: { storeId: string }) {
  const [open, setOpen] = useState(false)
  const [phone, setPhone] = useState('')
  const join = useAction('POST /staff/members')
  const submit = async (): Promise<void> => {
    if (!(await confirm('为顾客办理入会？', '请先告诉顾客：手机号加密保存，只用于会员服务，可随时注销', '顾客已同意')))
      return
    try {
      const joined = await join.run({ storeId, phone, consent: true })
      if (!joined) return
      toast(joined.joined ? `${joined.phoneMasked} 已入会` : `${joined.phoneMasked} 已经是会员`)
      setPhone('')
      setOpen(false)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <>
      <ListRow
        icon='plus'
        title='为顾客办理入会'
        detail='输入手机号，积分从这一单开始'
        target='staff:join'
        onTap={() => setOpen(!open)}
      />
      {open && (
        <View className='desk__field inner'>
          <Input
            className='desk__input num'
            type='number'
            maxlength={11}
            value={phone}
            placeholder='顾客手机号'
            onInput={(event) => setPhone(event.detail.value.trim())}
            aria-label='顾客手机号'
          />
          <Button
            busy={join.busy}
            disabled={!/^1[3-9]\d{9}$/.test(phone)}
            target='staff:join:submit'
            onTap={() => void submit()}
          >
            办理
          </Button>
        </View>
      )}
    </>
  )
}

async function askToLeave(): Promise<void> {
  if (await confirm('退出核销台？', '店员会话结束，会员身份不受影响', '退出')) signOut('staff')
}

/** Sends what was noted without a network as soon as there is one, and whenever the desk comes to the front. */
function useAutoSync(waiting: number): void {
  const send = (): void => {
    if (waiting === 0) return
    syncQueue().then(
      ({ done, conflicts }) =>
        toast(conflicts > 0 ? `断网时的 ${done} 笔已入账，${conflicts} 笔要处理` : `断网时的 ${done} 笔已入账`),
      () => undefined,
    )
  }
  useShown(send)
  const latest = useRef(send)
  latest.current = send
  useEffect(() => onNetwork((online) => online && latest.current()), [])
}

/** The counter at rest: the scan button under the thumb, the shift in figures. */
export function Desk() {
  const query = useQuery('GET /staff/me', {}, { keep: true })
  const { waiting, reports } = useQueue()
  useAutoSync(waiting.length)
  const [storeId, setStoreId] = useState(workingStore)
  const me = query.data
  // Whoever works in one store has chosen it.
  const first = me?.stores[0]?.id
  useEffect(() => {
    if (!workingStore() && first) chooseStore(first)
  }, [first])
  if (query.loading)
    return (
      <View className='body desk'>
        <Skeleton block={180} rows={3} />
      </View>
    )
  if (!me)
    return <View className='body desk'>{query.error && <ErrorState error={query.error} onRetry={query.reload} />}</View>
  const store = me.stores.find((one) => one.id === storeId) ?? me.stores[0]
  return (
    <>
      {query.staleSince && <OfflineBar since={query.staleSince} />}
      <View className='desk__bar'>
        <View className={`desk__dot ${query.staleSince ? 'off' : ''}`} />
        <Picker
          className='grow'
          mode='selector'
          range={me.stores.map((one) => one.name)}
          value={me.stores.findIndex((one) => one.id === store?.id)}
          onChange={({ detail }) => {
            const picked = me.stores[Number(detail.value)]
            if (!picked) return
            chooseStore(picked.id)
            setStoreId(picked.id)
          }}
        >
          <View className='row g1'>
            <Text>
              {store?.name ?? '没有门店'}，{me.role}
              {me.name}
            </Text>
            {me.stores.length > 1 && <Icon name='chevron-down' size={14} />}
          </View>
        </Picker>
        <Text className='i3'>
          今天 <Text className='num m'>{me.today.purchases}</Text> 笔
        </Text>
      </View>
      <View className='body desk'>
        {store ? (
          <FindForm storeId={store.id} onFound={(scanId) => go(`/packages/staff/member?scanId=${scanId}`)} />
        ) : (
          <View className='card desk__find'>你的账号还没有分到门店，请联系店长</View>
        )}
        {(waiting.length > 0 || reports.length > 0) && (
          <View className='card desk__group'>
            <ListRow
              icon='offline'
              tone={reports.length > 0 ? 'danger' : 'gold'}
              title={reports.length > 0 ? `${reports.length} 笔没有入账` : `${waiting.length} 笔等待上传`}
              detail={reports.length > 0 ? '看看原因，处理一下' : '联网后自动上传，也可以现在传'}
              target='staff:offline'
              onTap={() => go('/packages/staff/offline')}
            />
          </View>
        )}
        <Today today={me.today} />
        <View className='card desk__group'>
          {store && me.permissions.includes('staff:redeem') && (
            <ListRow
              icon='gift'
              tone='gold'
              title='礼品发放'
              detail='凭取货码发积分商城的礼品'
              target='staff:pickups'
              onTap={() => go('/packages/staff/pickups')}
            />
          )}
          {store && me.permissions.includes('staff:purchase') && (
            <ListRow
              icon='wallet'
              title='交班'
              detail='这一班的合计、清点现金、交接话'
              target='staff:shift'
              onTap={() => go('/packages/staff/shift')}
            />
          )}
          {store && me.permissions.includes('staff:refund') && (
            <ListRow
              icon='undo'
              tone='mute'
              title='消费与退款'
              detail='查最近的消费，整单或部分退'
              target='staff:refunds'
              onTap={() => go(`/packages/staff/refunds?storeId=${store.id}`)}
            />
          )}
          {store && me.permissions.includes('staff:purchase') && (
            <ListRow
              icon='list'
              tone='mute'
              title='离线记录'
              detail='断网时记下的消费和没有入账的'
              target='staff:offline'
              onTap={() => go('/packages/staff/offline')}
            />
          )}
          {store && me.permissions.includes('staff:join') && <JoinForm storeId={store.id} />}
          <ListRow icon='logout' tone='mute' title='退出核销台' target='staff:leave' onTap={() => void askToLeave()} />
        </View>
      </View>
    </>
  )
}
