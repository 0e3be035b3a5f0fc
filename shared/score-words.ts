/**
 * The words of scores, the same in every page: what a stage, a segment, a reason or a check is called and what it means to a shop owner.
 * Codes are what the tables hold.
 */

/** The five life-cycle stages, in the order of a life. */
export const stageCodes = ['new', 'active', 'loyal', 'dormant', 'lost'] as const
export type StageCode = (typeof stageCodes)[number]
export const stageWords: Record<StageCode, { name: string; explanation: string }> = {
  new: { name: '新客', explanation: '已入会，还没有消费过' },
  active: { name: '活跃', explanation: '最近一次消费还在正常的间隔之内' },
  loyal: { name: '忠诚', explanation: '还在正常的间隔之内，并且已有多个消费日' },
  dormant: { name: '沉睡', explanation: '超过正常间隔没有再来，还没有到流失的天数' },
  lost: { name: '流失', explanation: '久未再来，按定义视为流失；再次消费会回到活跃' },
}

/** The eight RFM segments: recency, frequency and spend each high or low. */
export const rfmCodes = ['champion', 'develop', 'keep', 'retain', 'value', 'growth', 'hold', 'low', 'none'] as const
export type RfmCode = (typeof rfmCodes)[number]
export const rfmWords: Record<RfmCode, { name: string; explanation: string; advice: string }> = {
  champion: { name: '重要价值', explanation: '最近来过，来得勤，花得多', advice: '给专属权益和新品优先，不必打折' },
  develop: { name: '重要发展', explanation: '最近来过，花得多，来得还不勤', advice: '推荐搭配商品，促成下一次到店' },
  keep: { name: '重要保持', explanation: '来得勤，花得多，最近没来', advice: '店员一对一问候，提醒权益' },
  retain: { name: '重要挽留', explanation: '花得多，来得少，最近没来', advice: '发有期限的大额券，看是否还有意愿' },
  value: { name: '一般价值', explanation: '最近来过，来得勤，每次花得少', advice: '推荐高一档的商品或满减' },
  growth: { name: '一般发展', explanation: '最近来过，次数和金额都还少', advice: '引导完成第二次消费' },
  hold: { name: '一般保持', explanation: '来得勤，花得少，最近没来', advice: '用小额券或积分提醒' },
  low: { name: '一般挽留', explanation: '次数、金额都少，最近没来', advice: '随大范围活动触达，不单独投入' },
  none: { name: '未消费', explanation: '还没有消费记录', advice: '新人券与首单引导' },
}

/** How likely a member stays away for the next 90 days. */
export const churnBands = ['low', 'mid', 'high'] as const
export type ChurnBand = (typeof churnBands)[number]
export const churnBandWords: Record<ChurnBand, string> = { low: '低', mid: '中', high: '高' }

/** Parts of a day on the shop's wall clock. */
export const daypartCodes = ['morning', 'noon', 'afternoon', 'evening', 'night'] as const
export type DaypartCode = (typeof daypartCodes)[number]
export const daypartWords: Record<DaypartCode, { name: string; hours: string }> = {
  morning: { name: '上午', hours: '6–11 点' },
  noon: { name: '中午', hours: '11–14 点' },
  afternoon: { name: '下午', hours: '14–18 点' },
  evening: { name: '傍晚', hours: '18–21 点' },
  night: { name: '夜间', hours: '21–6 点' },
}

/** Where purchases come from; a mapping's own name stands for itself. */
export const channelWords: Record<string, string> = { staff: '门店收银', pos: '收银系统', online: '线上商城' }

/** How a purchase was paid. */
export const payWords: Record<string, string> = {
  cash: '现金',
  wechat: '微信支付',
  alipay: '支付宝',
  card: '银行卡',
  other: '未记录',
}

/** The models that have a card. */
export const modelCodes = ['churn', 'value', 'next', 'groups'] as const
export type ModelCode = (typeof modelCodes)[number]
export const modelWords: Record<ModelCode, { name: string; question: string; how: string }> = {
  churn: {
    name: '流失概率',
    question: '这位会员未来 90 天不再消费的可能有多大？',
    how: '用更早的消费预测后来的 90 天，与真实结果比较；模型比不过“只看多久没来”就不用',
  },
  value: {
    name: '未来 12 个月价值',
    question: '这位会员未来 12 个月大约还会消费多少？',
    how: '由到店频率、是否仍在、每次金额三部分估计，给出区间；与“按过去速度外推”比较误差',
  },
  next: {
    name: '下次购买日',
    question: '这位会员大约哪天再来？',
    how: '由本人的消费间隔估计，次数少的人向全店靠拢；给出八成把握的区间',
  },
  groups: {
    name: '会员分群',
    question: '会员可以分成哪几类人？',
    how: '按最近消费、次数、每次金额和间隔自动聚成几群，名字由各群中心与全店的差别得出',
  },
}

/** What became of a model on its last test. */
export const usedWords = {
  model: '使用模型',
  baseline: '模型没有胜过简单规则，改用简单规则',
  too_little: '历史太短，无法检验，暂不给出',
} as const

/** Checks of the data-quality gate. */
export const checkCodes = [
  'freshness',
  'volume',
  'duplicates',
  'impossible',
  'recounted',
  'drift_amount',
  'drift_hours',
] as const
export type CheckCode = (typeof checkCodes)[number]
export const checkWords: Record<CheckCode, { name: string; explanation: string }> = {
  freshness: { name: '新鲜度', explanation: '最近一笔消费距今太久，多半是收银数据没有进来' },
  volume: { name: '单量', explanation: '昨天的单量与前四周同一星期几相比，少得或多得不合常理' },
  duplicates: { name: '重复', explanation: '同一会员、同一门店、同一分钟、同一金额出现多笔，可能是重复上传' },
  impossible: { name: '不可能的值', explanation: '金额为负、实付大于应付、退款超过实付、时间在未来等' },
  recounted: { name: '统计待重算', explanation: '补录的消费打乱了时间顺序，统计正在重算' },
  drift_amount: { name: '金额分布', explanation: '最近一周的每单金额分布与上次正常时差别太大' },
  drift_hours: { name: '时段分布', explanation: '最近一周的消费时段分布与上次正常时差别太大' },
}

/**
 * What moves the churn probability, in families of features, and how a value of each is said. `value` is what the member's own history
 * shows: days, counts or fen.
 */
export const churnReasonWords: Record<string, (value: number) => string> = {
  recency: (v) => (v === 0 ? '今天来过' : `上次消费在 ${v} 天前`),
  frequency: (v) => `共有 ${v} 个消费日`,
  recent: (v) => (v ? `近 90 天来过 ${v} 天` : '近 90 天没有来过'),
  spend: (v) => `平均每个消费日 ¥${(v / 100).toFixed(0)}`,
  tenure: (v) => `首次消费在 ${v} 天前`,
  rhythm: (v) => `平均 ${v} 天来一次`,
  once: () => '只消费过一次',
}
