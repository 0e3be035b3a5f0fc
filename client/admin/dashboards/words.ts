/** The figures of the trends, in the order they are offered. */
export const trendWords = {
  sales: '会员销售额',
  orders: '消费笔数',
  buyers: '消费会员',
  perBuyer: '人均消费',
  joined: '新会员',
  refunds: '退款',
  redeemed: '核销券',
  issued: '发出券',
  pointsIssued: '发放积分',
  pointsSpent: '使用积分',
  visits: '来访会员',
} as const

/** The five stages of the life cycle. */
export const stageWords = { new: '新客', active: '活跃', loyal: '忠诚', dormant: '沉睡', lost: '流失' } as const

/** One colour for each stage, as the look has it; charts ask chartColours for the same. */
export const stageColours = {
  new: 'var(--stage-new)',
  active: 'var(--stage-active)',
  loyal: 'var(--stage-loyal)',
  dormant: 'var(--stage-dormant)',
  lost: 'var(--stage-lost)',
} as const
