/**
 * Every permission, and which role has which. The server checks them (http/bind.ts); the admin page and the staff pages hide what
 * is not allowed. A contract key names exactly one.
 */
export const permissions = {
  'staff:scan': '扫会员码、查会员',
  'staff:purchase': '录入消费',
  'staff:redeem': '核销与撤销核销',
  'staff:refund': '退款',
  'staff:join': '为顾客办理入会',
  'points:award': '发放积分',
  'points:spend': '扣减积分',
  'points:reverse': '冲正积分',
  'overview:read': '看工作台',
  'member:read': '看会员',
  'member:reveal': '查看完整手机号',
  'member:adjust': '调整积分',
  'coupon:read': '看优惠券',
  'coupon:write': '编辑优惠券',
  'coupon:publish': '发布、暂停、结束优惠券',
  'coupon:grant': '发券给会员',
  'tier:read': '看等级',
  'insight:read': '看评分、模型与数据质量',
  'insight:write': '修改评分界限、确认数据告警',
  'dashboard:read': '看经营分析',
  'dashboard:write': '编辑标注与漏斗',
  'segment:read': '看人群与标签',
  'segment:write': '编辑人群与标签',
  'tag:write': '给会员打标签',
  'reward:read': '看积分商城、签到、邀请',
  'reward:write': '编辑礼品与规则',
  'reward:fulfil': '发货与退换礼品',
  'shift:read': '看交班记录',
  'experiment:read': '看实验与效果',
  'experiment:write': '编辑对照组与成本口径',
  'store:read': '看门店',
  'store:write': '编辑门店',
  'operator:read': '看店员与账号',
  'operator:write': '编辑店员与账号',
  'job:read': '看任务',
  'job:run': '重跑任务',
  'audit:read': '看审计',
  'recommendation:read': '看推荐效果与规则',
  'recommendation:write': '编辑推荐规则',
  'message:read': '看消息发送',
  'message:write': '编辑消息模板与设置、处理死信',
  'journey:read': '看旅程与群发活动',
  'journey:write': '编辑旅程与群发活动',
  'journey:publish': '发布、暂停、结束旅程与群发活动',
  'community:read': '看评价与晒单',
  'community:moderate': '审核评价与晒单',
  'feedback:read': '看反馈与投诉',
  'feedback:write': '处理投诉',
  'assistant:read': '看助手与转人工',
  'assistant:write': '编辑常见问题、回复会员',
  'privacy:read': '看隐私申请',
} as const

/** One permission. */
export type Permission = keyof typeof permissions

const all = Object.keys(permissions) as Permission[]
const counter: Permission[] = ['staff:scan', 'staff:purchase', 'staff:redeem', 'staff:join']

/** Role presets; a role is stored by its key. */
export const roles = {
  owner: { name: '店主', permissions: all },
  operator: {
    name: '运营',
    permissions: all.filter(
      (p) =>
        !p.startsWith('staff:') &&
        !['operator:write', 'job:run', 'points:award', 'points:spend', 'points:reverse'].includes(p),
    ),
  },
  manager: {
    name: '店长',
    permissions: [
      ...counter,
      'staff:refund',
      'overview:read',
      'member:read',
      'coupon:read',
      'store:read',
      'operator:read',
      'reward:read',
      'shift:read',
      'assistant:read',
      'assistant:write',
      'feedback:read',
      'feedback:write',
      'community:read',
      'tier:read',
      'segment:read',
      'dashboard:read',
      'tag:write',
    ],
  },
  cashier: { name: '店员', permissions: [...counter, 'staff:refund'] },
  pos: {
    name: '收银系统',
    permissions: [...counter, 'staff:refund', 'points:award', 'points:spend', 'points:reverse'],
  },
  auditor: {
    name: '审计',
    permissions: [
      'overview:read',
      'member:read',
      'coupon:read',
      'store:read',
      'operator:read',
      'audit:read',
      'job:read',
      'reward:read',
      'shift:read',
      'tier:read',
      'insight:read',
      'segment:read',
      'dashboard:read',
      'experiment:read',
      'community:read',
      'assistant:read',
      'privacy:read',
      'feedback:read',
      'message:read',
      'recommendation:read',
    ],
  },
} as const satisfies Record<string, { name: string; permissions: readonly Permission[] }>

/** A role's key. */
export type Role = keyof typeof roles

/** Whether a role may do a thing. */
export const roleAllows = (role: Role, permission: Permission): boolean =>
  (roles[role].permissions as readonly Permission[]).includes(permission)
