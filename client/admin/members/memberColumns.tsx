import { formatYuan } from '@shared/money'
import { civilDay, describeDay } from '@shared/time'
import { Button, DatePicker, InputNumber, type TableColumnsType } from 'antd'
import dayjs from 'dayjs'
import { Link } from 'react-router'
import { TierChip } from '../components/TierChip'
import type { Row } from '../queries'
import { absences, type Filters } from './filters'

type Member = Row<'GET /admin/members'>

interface Context {
  url: Filters
  setUrl: (patch: Record<string, string | undefined>) => void
  tiers: readonly { level: number; name: string }[]
  stores: readonly { id: string; name: string }[]
}

/** Columns that a person may take away. */
export const hideable = [
  { key: 'points', label: '积分' },
  { key: 'spend', label: '累计消费' },
  { key: 'purchases', label: '单数' },
  { key: 'lastPurchase', label: '最近消费' },
  { key: 'joined', label: '入会' },
]

/** The number box of “累计消费满”. */
function SpendFilter({ url, setUrl, close }: Pick<Context, 'url' | 'setUrl'> & { close: () => void }) {
  return (
    <div className='filter-box'>
      <span className='t12 i2'>累计消费满</span>
      <InputNumber
        defaultValue={url.minSpend ? Number(url.minSpend) : undefined}
        min={0}
        max={100_000_000}
        precision={0}
        suffix='元'
        placeholder='例如 1000'
        onPressEnter={(event) => {
          setUrl({ minSpend: event.currentTarget.value.replace(/\D/g, '') || undefined })
          close()
        }}
        onBlur={(event) => setUrl({ minSpend: event.currentTarget.value.replace(/\D/g, '') || undefined })}
        style={{ width: 180 }}
      />
      <Button
        size='small'
        type='text'
        onClick={() => {
          setUrl({ minSpend: undefined })
          close()
        }}
      >
        不限
      </Button>
    </div>
  )
}

/** How long a member has stayed away. */
function AbsenceFilter({ setUrl, close }: Pick<Context, 'setUrl'> & { close: () => void }) {
  const choose = (day: string | undefined) => {
    setUrl({ lastPurchaseBefore: day })
    close()
  }
  return (
    <div className='filter-box'>
      <span className='t12 i2'>多久没来</span>
      <div className='row g1'>
        {absences(civilDay(Date.now())).map(({ days, day }) => (
          <Button key={days} size='small' onClick={() => choose(day)}>
            {days} 天
          </Button>
        ))}
      </div>
      <Button size='small' type='text' onClick={() => choose(undefined)}>
        不限
      </Button>
    </div>
  )
}

/** When and where a member joined. */
function JoinFilter({ url, setUrl, stores, close }: Context & { close: () => void }) {
  return (
    <div className='filter-box'>
      <span className='t12 i2'>入会日期</span>
      <DatePicker.RangePicker
        value={[url.joinedFrom ? dayjs(url.joinedFrom) : null, url.joinedTo ? dayjs(url.joinedTo) : null]}
        allowEmpty
        onChange={(days) =>
          setUrl({ joinedFrom: days?.[0]?.format('YYYY-MM-DD'), joinedTo: days?.[1]?.format('YYYY-MM-DD') })
        }
        style={{ width: 240 }}
      />
      <span className='t12 i2'>入会门店</span>
      <div className='choices'>
        {stores.map((store) => (
          <Button
            key={store.id}
            size='small'
            type={store.id === url.storeId ? 'primary' : 'default'}
            onClick={() => {
              setUrl({ storeId: store.id === url.storeId ? undefined : store.id })
              close()
            }}
          >
            {store.name}
          </Button>
        ))}
      </div>
    </div>
  )
}

/** The columns of the member list, each with the filter that belongs to it. */
export function memberColumns(context: Context): TableColumnsType<Member> {
  const { url, tiers } = context
  const order = (key: string) => ((url.sort ?? 'joined') === key ? ('descend' as const) : null)
  const sortable = (key: string) => ({
    sorter: true,
    sortOrder: order(key),
    sortDirections: ['descend' as const, 'descend' as const],
  })
  const today = civilDay(Date.now())
  return [
    {
      key: 'name',
      title: '会员',
      width: 240,
      render: (_, row) => (
        <Link to={`/members/${row.id}`} tabIndex={-1}>
          <div className='m'>
            {row.nameMasked}
            {row.status === 'inactive' ? (
              <span className='tag' style={{ marginLeft: 8 }}>
                已停用
              </span>
            ) : null}
          </div>
          <div className='t12 i3 num row g3'>
            <span>{row.phoneMasked ?? '未绑手机'}</span>
            <span>{row.cardNo}</span>
          </div>
        </Link>
      ),
    },
    {
      key: 'tier',
      title: '等级',
      width: 120,
      filters: tiers.map((tier) => ({ text: tier.name, value: String(tier.level) })),
      filterMultiple: false,
      filteredValue: url.tierLevel ? [url.tierLevel] : null,
      render: (_, row) => <TierChip name={row.tierName} level={row.tierLevel} />,
    },
    {
      key: 'points',
      title: '积分',
      align: 'right',
      width: 100,
      ...sortable('points'),
      render: (_, row) => <span className='num'>{row.points.toLocaleString('zh-CN')}</span>,
    },
    {
      key: 'spend',
      title: '累计消费',
      align: 'right',
      width: 140,
      ...sortable('spend'),
      filteredValue: url.minSpend ? [url.minSpend] : null,
      filterDropdown: ({ close }) => <SpendFilter url={url} setUrl={context.setUrl} close={close} />,
      render: (_, row) => <span className='num m'>{formatYuan(row.spendFen)}</span>,
    },
    {
      key: 'purchases',
      title: '单数',
      align: 'right',
      width: 72,
      render: (_, row) => <span className='num'>{row.purchases.toLocaleString('zh-CN')}</span>,
    },
    {
      key: 'lastPurchase',
      title: '最近消费',
      width: 140,
      ...sortable('lastPurchase'),
      filteredValue: url.lastPurchaseBefore ? [url.lastPurchaseBefore] : null,
      filterDropdown: ({ close }) => <AbsenceFilter setUrl={context.setUrl} close={close} />,
      render: (_, row) =>
        row.lastPurchaseAt === null ? (
          <span className='i3'>还没消费</span>
        ) : (
          <span className='num'>{describeDay(civilDay(row.lastPurchaseAt), today)}</span>
        ),
    },
    {
      key: 'joined',
      title: '入会',
      width: 180,
      ...sortable('joined'),
      filteredValue: url.joinedFrom || url.joinedTo || url.storeId ? ['on'] : null,
      filterDropdown: ({ close }) => <JoinFilter {...context} close={close} />,
      render: (_, row) => (
        <>
          <div className='num'>{describeDay(civilDay(row.joinedAt), today)}</div>
          <div className='t12 i3'>{row.joinedStore ?? '小程序'}</div>
        </>
      ),
    },
  ]
}
