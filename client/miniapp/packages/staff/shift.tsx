import type { Output } from '@shared/contract'
import { formatYuan, parseYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useMemo, useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { FormField } from '../../components/FormField'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useList } from '../../hooks/useList'
import { useQuery } from '../../hooks/useQuery'
import { confirm, toast } from '../../nav'
import { groupDigits } from '../../words'
import { workingStore } from './counter'
import { payWord } from './pay'
import './shift.scss'

type Current = Output<'GET /staff/shifts/current'>
type Shift = NonNullable<Current['shift']>

function Line({ name, value, strong }: { name: string; value: string; strong?: boolean }) {
  return (
    <View className={`shift__line ${strong ? 'strong' : ''}`}>
      <Text>{name}</Text>
      <Text className='num'>{value}</Text>
    </View>
  )
}

/** The sums of a shift, as they would be read over the phone. */
function Totals({ shift }: { shift: Shift }) {
  const { totals } = shift
  return (
    <View className='card shift__totals'>
      <Line name='收款' value={`${totals.purchases} 笔，${formatYuan(totals.paidFen)}`} strong />
      {totals.kinds.map((kind) => (
        <Line
          key={kind.kind}
          name={payWord(kind.kind)}
          value={`${kind.purchases} 笔，${formatYuan(kind.paidFen)}${kind.refundFen > 0 ? `，退 ${formatYuan(kind.refundFen)}` : ''}`}
        />
      ))}
      {totals.discountFen > 0 && <Line name='优惠' value={formatYuan(totals.discountFen)} />}
      <Line name='退款' value={`${totals.refunds} 笔，${formatYuan(totals.refundFen)}`} />
      <Line name='核销券' value={`${totals.couponsRedeemed} 张，省 ${formatYuan(totals.couponSavedFen)}`} />
      <Line name='发出礼品' value={`${totals.rewardsHanded} 件`} />
      <Line
        name='积分'
        value={`给 ${groupDigits(totals.pointsGiven)}${totals.pointsTakenBack > 0 ? `，收回 ${groupDigits(totals.pointsTakenBack)}` : ''}`}
      />
      <Line name='新会员' value={`${totals.joined} 位`} />
      {totals.offline > 0 && <Line name='断网补录' value={`${totals.offline} 笔`} />}
    </View>
  )
}

function OpenForm({ storeId, last, onDone }: { storeId: string; last: Current['last']; onDone: () => Promise<void> }) {
  const [cash, setCash] = useState('')
  const open = useAction('POST /staff/shifts')
  const submit = async (): Promise<void> => {
    try {
      if (await open.run({ storeId, openingCashFen: parseYuan(cash) ?? 0 })) toast('开班了')
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    await onDone()
  }
  return (
    <>
      {last && (
        <View className='card shift__last'>
          <View className='t13 i3'>
            {last.operatorName} 的交接，{describeMoment(last.closedAt, serverNow())}
          </View>
          <View className='t14'>{last.note || '没有留话'}</View>
          {last.countedCashFen !== null && (
            <View className='t13 i3 num'>交下现金 {formatYuan(last.countedCashFen)}</View>
          )}
        </View>
      )}
      <View className='card shift__form'>
        <FormField
          name='备用金'
          type='digit'
          value={cash}
          placeholder='钱箱里有多少'
          unit='元'
          max={9}
          onChange={setCash}
        />
        <Button
          large
          busy={open.busy}
          disabled={cash !== '' && parseYuan(cash) === null}
          target='shift:open'
          onTap={() => void submit()}
        >
          开班
        </Button>
      </View>
    </>
  )
}

function CloseForm({ shift, onDone }: { shift: Shift; onDone: () => Promise<void> }) {
  const [cash, setCash] = useState('')
  const [note, setNote] = useState('')
  const close = useAction('POST /staff/shifts/:shiftId/close')
  const counted = parseYuan(cash)
  const difference = counted === null ? null : counted - shift.expectedCashFen
  const submit = async (): Promise<void> => {
    if (counted === null || !(await confirm('交班？', '合计从此不变，交接话下一班会看到', '交班'))) return
    try {
      if (await close.run({ shiftId: shift.id, countedCashFen: counted, note: note.trim() })) toast('已交班')
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    await onDone()
  }
  return (
    <View className='card shift__form'>
      <Line name='应有现金' value={formatYuan(shift.expectedCashFen)} strong />
      <FormField name='清点现金' type='digit' value={cash} placeholder='数一数' unit='元' max={9} onChange={setCash} />
      {difference !== null && (
        <View className={`shift__difference num ${difference === 0 ? '' : 'off'}`}>
          {difference === 0
            ? '一分不差'
            : difference > 0
              ? `多 ${formatYuan(difference)}`
              : `少 ${formatYuan(-difference)}`}
        </View>
      )}
      <FormField name='交接话' value={note} placeholder='给下一班留一句' max={100} onChange={setNote} />
      <Button large busy={close.busy} disabled={counted === null} target='shift:close' onTap={() => void submit()}>
        交班
      </Button>
    </View>
  )
}

function Past() {
  const list = useList(
    'GET /staff/shifts',
    useMemo(() => ({ limit: 10 }), []),
    { keep: true },
  )
  const closed = list.items.filter((one) => one.closedAt !== null)
  return (
    <>
      <Section title='以前的班' />
      {list.loading && <Skeleton rows={3} />}
      {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
      {list.data && closed.length === 0 && <Empty picture='ledger' title='还没有交过班' hint='交班后合计留在这里' />}
      {closed.length > 0 && (
        <View className='card'>
          {closed.map((one) => (
            <ListRow
              key={one.id}
              icon='receipt'
              tone={one.differenceFen === 0 ? 'brand' : 'danger'}
              title={`${one.storeName}，${one.totals.purchases} 笔 ${formatYuan(one.totals.paidFen)}`}
              detail={`${describeMoment(one.openedAt, serverNow())} 开班${
                one.differenceFen
                  ? `，现金${one.differenceFen > 0 ? '多' : '少'} ${formatYuan(Math.abs(one.differenceFen))}`
                  : ''
              }`}
            />
          ))}
        </View>
      )}
      <ListEnd list={list} end='' />
    </>
  )
}

function Desk({ storeId }: { storeId: string }) {
  const query = useQuery('GET /staff/shifts/current', { storeId }, { keep: true })
  const { data } = query
  return (
    <Page back title='交班' className='staff' staleSince={query.staleSince}>
      <View className='body shift'>
        {query.loading && <Skeleton block={200} rows={4} />}
        {query.error && !data && <ErrorState error={query.error} onRetry={query.reload} />}
        {data && !data.shift && (
          <>
            <Section title='还没有开班' />
            <OpenForm storeId={storeId} last={data.last} onDone={query.reload} />
          </>
        )}
        {data?.shift && (
          <>
            <Section title='这一班' more={`${describeMoment(data.shift.openedAt, serverNow())} 开班`} />
            <Totals shift={data.shift} />
            <Section title='交接' />
            <CloseForm key={data.shift.id} shift={data.shift} onDone={query.reload} />
          </>
        )}
        <Past />
      </View>
    </Page>
  )
}

/** The shift: its sums so far, the cash to be counted, the word for whoever comes next. */
export default function StaffShiftPage() {
  const storeId = workingStore()
  if (storeId) return <Desk storeId={storeId} />
  return (
    <Page back title='交班' className='staff'>
      <Empty picture='ledger' title='先在核销台选一家门店' />
    </Page>
  )
}
