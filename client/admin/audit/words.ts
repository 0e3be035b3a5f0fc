import type { WriteKey } from '../queries'

/** Fields of requests as a person calls them. */
const names: Record<string, string> = {
  reason: '原因',
  points: '积分',
  name: '名称',
  description: '说明',
  address: '地址',
  hours: '营业时间',
  active: '启用',
  role: '角色',
  storeIds: '门店',
  storeId: '门店',
  username: '登录名',
  to: '变为',
  platform: '从哪里',
  amountFen: '金额',
  memberIds: '会员',
  stock: '库存',
  kind: '类型',
  undo: '撤销',
  phone: '手机号',
  password: '密码',
  code: '编号',
  no: '单号',
  externalNo: '单号',
}
/** Parts that only machines read, or that another column already shows. */
const unsaid = /(^|\b)(memberId|templateId|operatorId|batchId|device|scanId|couponId|purchaseId|version)$/
const values: Record<string, string> = {
  published: '发放中',
  paused: '已暂停',
  ended: '已结束',
  admin: '后台',
  h5: '网页',
  weapp: '小程序',
  pos: '收银系统',
  amount: '满减',
  percent: '折扣',
  exchange: '兑换',
  owner: '店主',
  operator: '运营',
  manager: '店长',
  cashier: '店员',
  auditor: '审计',
}

function valueText(key: string, value: unknown): string {
  if (value === null || value === '') return '空'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (Array.isArray(value))
    return key.endsWith('Ids') ? (value.length === 0 ? '全部' : `${value.length} 个`) : value.map(String).join('、')
  if (typeof value === 'number' && key.endsWith('Fen')) return `¥${(value / 100).toLocaleString('zh-CN')}`
  if (typeof value === 'number' && key === 'points') return value > 0 ? `+${value}` : String(value)
  return values[String(value)] ?? String(value)
}

/**
 * What was sent, as a sentence: '原因：核对地址，积分：+200'. The audit keeps the request as JSON; one that is no longer whole, having
 * been cut at its limit, is shown as it was kept.
 */
export function detailText(detail: string): string {
  let sent: unknown
  try {
    sent = JSON.parse(detail)
  } catch {
    return detail
  }
  if (typeof sent !== 'object' || sent === null) return detail
  return Object.entries(sent)
    .filter(
      ([key, value]) => !unsaid.test(key) && (typeof value !== 'object' || value === null || Array.isArray(value)),
    )
    .map(([key, value]) => `${names[key] ?? key}：${valueText(key, value)}`)
    .join('，')
}

/** Where the thing an act was about can be seen, if it has a page. */
export function subjectPage(action: string, subjectId: string): string | null {
  if (action.includes('/admin/members/')) return `/members/${subjectId}`
  if (action.includes('/admin/coupon-templates')) return `/coupons/${subjectId}`
  if (action.includes('/admin/stores')) return `/stores?edit=${subjectId}`
  if (action.includes('/admin/operators')) return `/operators?edit=${subjectId}`
  if (action.includes('/admin/jobs/')) return `/jobs?job=${subjectId}`
  return null
}

/** The acts that can be searched for, in the order of their weight. */
export const acts: readonly { key: WriteKey; title: string }[] = [
  { key: 'POST /admin/members/:memberId/phone-reveals', title: '查看完整手机号' },
  { key: 'POST /admin/members/:memberId/points-adjustments', title: '调整积分' },
  { key: 'POST /admin/members/:memberId/coupon-grants', title: '给会员发券' },
  { key: 'POST /admin/coupon-templates/:templateId/grants', title: '批量发券' },
  { key: 'POST /admin/coupon-templates/:templateId/state', title: '发布、暂停、结束优惠券' },
  { key: 'PUT /admin/coupon-templates/:templateId', title: '修改优惠券' },
  { key: 'POST /admin/coupon-templates', title: '新建优惠券' },
  { key: 'PATCH /admin/operators/:operatorId', title: '修改账号' },
  { key: 'POST /admin/operators', title: '新建账号' },
  { key: 'PATCH /admin/stores/:storeId', title: '修改门店' },
  { key: 'POST /admin/stores', title: '新建门店' },
  { key: 'POST /admin/jobs/:name/runs', title: '重跑任务' },
  { key: 'POST /staff/lookups', title: '按手机号查会员' },
  { key: 'POST /staff/scans', title: '扫会员码' },
  { key: 'POST /staff/purchases', title: '录入消费' },
  { key: 'POST /staff/purchases/:purchaseId/refunds', title: '退款' },
  { key: 'POST /staff/redemptions', title: '核销' },
  { key: 'POST /staff/redemptions/:couponId/reverse', title: '撤销核销' },
  { key: 'POST /staff/members', title: '办理入会' },
  { key: 'POST /auth/operator', title: '登录' },
]

/** What an act is called: our short name, or the summary of its endpoint up to the first aside. */
export const titleOf = (action: string, summary: string): string =>
  acts.find((act) => act.key === action)?.title ?? (summary.split(/[（；：]/)[0] || summary)
