/** What the codes of feedback and community are called, the same on the phone and at the desk. */
export const npsReasons = {
  service: '店员服务',
  goods: '商品品质',
  price: '价格优惠',
  points: '积分与权益',
  store: '门店环境',
  app: '小程序体验',
  other: '其他',
} as const
export const satisfactionTags = {
  friendly: '店员亲切',
  quick: '结账很快',
  knowing: '介绍专业',
  tidy: '环境整洁',
  queue: '排队太久',
  cold: '态度冷淡',
  stock: '缺货断码',
  mess: '环境杂乱',
} as const
export const complaintCategories = {
  service: '服务态度',
  goods: '商品质量',
  points: '积分问题',
  coupon: '优惠券问题',
  privacy: '隐私与消息',
  other: '其他',
} as const
export const complaintStates = { open: '待受理', handling: '处理中', resolved: '已办结' } as const
export const reviewTags = {
  quality: '质感好',
  value: '性价比高',
  looks: '颜值高',
  scent: '香味喜欢',
  gift: '适合送礼',
  again: '会回购',
  packing: '包装用心',
  flaw: '有小瑕疵',
} as const
export const reportReasons = {
  ad: '广告引流',
  abuse: '辱骂攻击',
  false: '内容不实',
  privacy: '泄露隐私',
  other: '其他',
} as const
export const postStates = { pending: '审核中', published: '已公开', rejected: '未通过', deleted: '已删除' } as const
