import type { Reader } from '../db/transaction'
import { privacyPolicy } from './rules'

/** Tables about members that a copy leaves out, and why. */
export const keptBack: Record<string, string> = {
  code_handle: 'the secret that makes member codes; a copy of it would be a way in',
  nps_turn: 'repeats the time of the last answer',
  post_reward: 'slots of the daily cap, said by the posts themselves',
  gift_memory: 'holds nothing but keyed hashes',
  data_export: 'the copies themselves',
}

/** Tables whose rows belong to a member by way of another row, and through which column. */
const children: readonly { table: string; column: string; parent: string }[] = [
  { table: 'purchase_line', column: 'purchaseId', parent: 'purchase' },
  { table: 'refund_line', column: 'refundId', parent: 'refund' },
  { table: 'coupon_event', column: 'couponId', parent: 'coupon' },
  { table: 'complaint_reply', column: 'complaintId', parent: 'complaint' },
]

/** What the tables are called in the summary; the rest is listed under its own name. */
export const tableTitles: Record<string, string> = {
  member: '会员资料',
  member_identity: '登录身份',
  member_interest: '我的兴趣',
  session: '登录设备',
  purchase: '消费',
  purchase_line: '消费明细',
  refund: '退款',
  points_account: '积分账户',
  points_entry: '积分流水',
  coupon: '优惠券',
  growth_entry: '成长值流水',
  tier_change: '等级变动',
  message: '消息',
  interaction: '浏览与互动',
  post: '评价与晒单',
  complaint: '投诉',
  nps_answer: '推荐意愿',
  satisfaction: '满意度',
  care_gift: '生日礼与周年礼',
  consent: '同意记录',
  upload: '照片',
  assistant_message: '助手对话',
  reward_order: '积分兑换',
  member_score: '系统给出的评分',
}

/** What must be known of a table: its name and its columns'. */
interface Table {
  tableName: string
  columns: readonly { databaseName: string }[]
}

/** How each table is asked for one member's rows. Any table with a member's id is in a copy, also those that are added later. */
export const questions = (tables: readonly Table[]): { table: string; text: string }[] => {
  const own = tables
    .filter((t) => !(t.tableName in keptBack) && t.columns.some((c) => c.databaseName === 'memberId'))
    .map((t) => ({ table: t.tableName, text: `SELECT * FROM ${t.tableName} WHERE memberId = ?` }))
  const known = new Set(tables.map((t) => t.tableName))
  return [
    { table: 'member', text: 'SELECT * FROM member WHERE id = ?' },
    {
      table: 'session',
      text: "SELECT platform, createdAt, refreshedAt, expiresAt, revokedAt FROM session WHERE kind = 'member' AND subjectId = ?",
    },
    ...own,
    ...children
      .filter((c) => known.has(c.table))
      .map(({ table, column, parent }) => ({
        table,
        text: `SELECT c.* FROM ${table} c JOIN ${parent} p ON p.id = c.${column} WHERE p.memberId = ?`,
      })),
  ].map((q) => ({ ...q, text: `${q.text} LIMIT ${privacyPolicy.maxRows + 1}` }))
}

/** Every row about a member, table by table; tables without any are left out. */
export const rowsAbout = async (
  db: Reader,
  tables: readonly Table[],
  memberId: string,
): Promise<{ table: string; rows: Record<string, unknown>[]; cut: boolean }[]> => {
  const found = []
  for (const { table, text } of questions(tables)) {
    const rows = await db.read(text, [memberId])
    if (rows.length)
      found.push({ table, rows: rows.slice(0, privacyPolicy.maxRows), cut: rows.length > privacyPolicy.maxRows })
  }
  return found
}

/** How many active members there are and how many switched personal recommendations off. */
export const memberCounts = async (db: Reader): Promise<{ members: number; off: number }> => {
  const [row] = await db.read<{ members: number; off: number | null }>(
    "SELECT COUNT(*) AS members, SUM(CASE WHEN personalised = 0 THEN 1 ELSE 0 END) AS off FROM member WHERE status = 'active'",
  )
  return { members: row.members, off: Number(row.off ?? 0) }
}
