import { civilDay } from '@shared/time'
import { call } from '../api'
import { saveCsv } from '../components/csv'
import type { Row } from '../queries'
import type { inputOf } from './filters'

type Member = Row<'GET /admin/members'>

/** One export holds at most this many rows; a longer list asks for narrower conditions. */
const MAX_ROWS = 5000

const fields: { key: string; head: string; value: (row: Member) => string | number }[] = [
  { key: 'cardNo', head: '卡号', value: (row) => row.cardNo },
  { key: 'name', head: '姓名', value: (row) => row.nameMasked },
  { key: 'phone', head: '手机号', value: (row) => row.phoneMasked ?? '' },
  { key: 'tier', head: '等级', value: (row) => row.tierName },
  { key: 'points', head: '积分', value: (row) => row.points },
  { key: 'spend', head: '累计消费（元）', value: (row) => row.spendFen / 100 },
  { key: 'purchases', head: '单数', value: (row) => row.purchases },
  {
    key: 'lastPurchase',
    head: '最近消费',
    value: (row) => (row.lastPurchaseAt === null ? '' : civilDay(row.lastPurchaseAt)),
  },
  { key: 'joined', head: '入会日期', value: (row) => civilDay(row.joinedAt) },
  { key: 'joined', head: '入会门店', value: (row) => row.joinedStore ?? '' },
]

/** Saves the list as it is seen, same conditions, order and columns, masked as on the screen. Returns the rows written. */
export async function exportMembers(input: ReturnType<typeof inputOf>, hidden: readonly string[]): Promise<number> {
  const rows: Member[] = []
  let cursor: string | undefined
  do {
    const page = await call('GET /admin/members', { ...input, cursor, limit: 100 })
    rows.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor && rows.length < MAX_ROWS)
  if (cursor) throw new Error(`符合条件的会员超过 ${MAX_ROWS.toLocaleString('zh-CN')} 位，请先缩小范围再导出`)
  const shown = fields.filter((field) => !hidden.includes(field.key))
  saveCsv(
    `会员-${civilDay(Date.now())}`,
    shown.map((field) => field.head),
    rows.map((row) => shown.map((field) => field.value(row))),
  )
  return rows.length
}
