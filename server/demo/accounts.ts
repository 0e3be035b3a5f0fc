/** The people of the demo shop. Their sign-ins are offered only where DEMO is on, which production refuses. */
export const demoPassword = 'huiyuan-demo'

export interface DemoAccount {
  as: 'member' | 'staff' | 'operator'
  name: string
  /** Phone or user name. */
  login: string
  /** Password, or how the code of a phone arrives. */
  secret: string
  note: string
}

export const demoMember = { name: '林知夏', phone: '13800138000' } as const
export const demoStaff = { username: 'demo-staff', name: '许安宁', phone: '13800138001', role: 'cashier' } as const
export const demoOperator = { username: 'demo-operator', name: '顾明远', role: 'owner' } as const
/** Sends purchases like a till system; it has no page, so nobody signs in as it by a button. */
export const demoPos = { username: 'demo-pos', name: '收银系统', role: 'pos' } as const

/** Shown on the landing page and by GET /demo. */
export const demoAccounts: readonly DemoAccount[] = [
  {
    as: 'member',
    name: demoMember.name,
    login: demoMember.phone,
    secret: '验证码直接显示在登录页',
    note: '金叶会员：一年的真实消费，有一份生日礼没拆',
  },
  {
    as: 'staff',
    name: demoStaff.name,
    login: demoStaff.phone,
    secret: '验证码直接显示在登录页',
    note: '静安寺店店员：扫码、录消费、核销、退款',
  },
  {
    as: 'operator',
    name: demoOperator.name,
    login: demoOperator.username,
    secret: demoPassword,
    note: '店主：会员、优惠券、门店、任务、审计',
  },
]
