import { formatYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import { Tabs } from 'antd'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { type Row, useList } from '../queries'
import '../coupons/coupon-list.css'
import './shifts.css'

type Shift = Row<'GET /admin/shifts'>
const tabs = ['open', 'closed'] as const
const words = { open: '进行中', closed: '已交班' } as const
const kinds: Record<Shift['totals']['kinds'][number]['kind'], string> = {
  cash: '现金',
  wechat: '微信',
  alipay: '支付宝',
  card: '刷卡',
  other: '其他',
}

/** What a shift took, by kind of payment, refunds already off. */
function Takings({ shift }: { shift: Shift }) {
  const { totals } = shift
  return (
    <>
      <div className='num m'>{formatYuan(totals.paidFen - totals.refundFen)}</div>
      <div className='t12 i3'>
        {totals.kinds.map((k) => `${kinds[k.kind]} ${formatYuan(k.paidFen - k.refundFen)}`).join('，') || '还没有收款'}
      </div>
    </>
  )
}

/** The drawer at the end: what should be there, and how far the count was from it. */
function Drawer({ shift }: { shift: Shift }) {
  const off = shift.differenceFen
  return (
    <>
      <div className='num'>{formatYuan(shift.countedCashFen ?? shift.expectedCashFen)}</div>
      <div className={`t12 num ${off ? 'off-count' : 'i3'}`}>
        {off === null ? '应有，还没点' : off ? `${off > 0 ? '多' : '少'} ${formatYuan(Math.abs(off))}` : '相符'}
      </div>
    </>
  )
}

/** The shifts of the stores one may see, newest first: who, when, how much, and what was said at the hand-over. */
export default function ShiftList() {
  const [url, setUrl] = useUrlState(['state'] as const)
  const state = tabs.find((known) => known === url.state)
  const list = useList('GET /admin/shifts', { state, limit: 30 })
  const now = Date.now()
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>交班记录</h1>
        <span className='sub'>每个班收了多少、钱对不对、交代了什么</span>
      </div>
      <section className='panel list-panel'>
        <div className='state-bar'>
          <Tabs
            className='state-tabs'
            activeKey={state ?? 'all'}
            onChange={(key) => setUrl({ state: key === 'all' ? undefined : key })}
            items={[{ key: 'all', label: '全部' }, ...tabs.map((key) => ({ key, label: words[key] }))]}
          />
        </div>
        <DataTable
          label='班次'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          minWidth={880}
          clearFilters={state ? () => setUrl({ state: undefined }) : undefined}
          empty={
            <Notice art='shelf' title='还没有班次'>
              店员在小程序里开班、交班后，会列在这里。
            </Notice>
          }
          columns={[
            {
              key: 'who',
              title: '店员',
              width: 150,
              render: (_, row) => (
                <>
                  <div className='m'>{row.operatorName}</div>
                  <div className='t12 i3'>{row.storeName}</div>
                </>
              ),
            },
            {
              key: 'time',
              title: '时间',
              width: 160,
              render: (_, row) => (
                <>
                  <div className='num'>{describeMoment(row.openedAt, now)}</div>
                  <div className='t12 i3 num'>
                    {row.closedAt === null ? '进行中' : `到 ${describeMoment(row.closedAt, now)}`}
                  </div>
                </>
              ),
            },
            {
              key: 'takings',
              title: '实收（已减退款）',
              className: 'wrap',
              render: (_, row) => <Takings shift={row} />,
            },
            {
              key: 'count',
              title: '单数',
              align: 'right',
              width: 96,
              render: (_, row) => (
                <>
                  <div className='num'>{row.totals.purchases}</div>
                  <div className='t12 i3 num'>{row.totals.refunds ? `退 ${row.totals.refunds}` : '没有退款'}</div>
                </>
              ),
            },
            { key: 'cash', title: '现金', align: 'right', width: 120, render: (_, row) => <Drawer shift={row} /> },
            {
              key: 'note',
              title: '交接话',
              className: 'wrap',
              width: 200,
              render: (_, row) => <span className='i2'>{row.note || '–'}</span>,
            },
          ]}
        />
      </section>
    </div>
  )
}
