/** Words of messages that the server and the admin page share. */

export const channelNames = {
  inbox: '站内消息',
  subscribe: '微信订阅消息',
  sms: '短信',
  email: '邮件',
  wecom: '企业微信群机器人',
  webhook: 'Webhook',
} as const
/** A way a message can go. */
export type Channel = keyof typeof channelNames
/** Channels that reach a member; the others reach the shop and its systems. */
export const personChannels = ['inbox', 'subscribe', 'sms', 'email'] as const
export type PersonChannel = (typeof personChannels)[number]

export const topicNames = { care: '会员关怀', offer: '优惠活动', reminder: '到期提醒', service: '服务通知' } as const
export type Topic = keyof typeof topicNames

/** Places a template may hold, `{name}` in a text, with what stands there in a preview. */
export const messagePlaces: Record<string, { label: string; sample: string }> = {
  name: { label: '会员称呼', sample: '林晓雨' },
  shop: { label: '店铺名', sample: '拾光生活馆' },
  tier: { label: '等级', sample: '银卡会员' },
  points: { label: '积分余额', sample: '1280' },
  gift: { label: '礼物内容', sample: '88 积分和生日礼券' },
  coupon: { label: '券名', sample: '满 100 减 30' },
  value: { label: '券面额', sample: '30元' },
  until: { label: '有效期至', sample: '2026-12-31' },
  what: { label: '到期内容', sample: '300 积分' },
  on: { label: '到期日期', sample: '2026-12-31' },
  store: { label: '门店', sample: '静安寺店' },
  amount: { label: '金额', sample: '128.00元' },
  years: { label: '入会年数', sample: '3' },
  day: { label: '那天（今天、12月31日）', sample: '12月31日' },
  days: { label: '天数', sample: '45' },
  gap: { label: '差额', sample: '200' },
  today: { label: '今天日期', sample: '2026-11-22' },
  reason: { label: '原因', sample: '消费满额' },
  tip: { label: '提示', sample: '点击查看详情' },
}

const reasons: Record<string, string> = {
  holdout: '属于对照组，不发送',
  member_inactive: '会员已停用或注销',
  personalisation_off: '会员关闭了个性化推荐',
  topic_off: '会员关闭了这类消息',
  channel_off: '会员关闭了这个渠道',
  no_consent: '会员没有同意用这个渠道接收营销消息',
  no_openid: '会员没有绑定微信',
  no_phone: '会员没有绑定手机号',
  no_email: '会员没有确认过的邮箱',
  no_template: '这个渠道没有可用的模板',
  no_credit: '会员没有剩余的订阅次数',
  cap_day: '超过当天的频次上限',
  cap_week: '超过本周的频次上限',
  cap_total_day: '超过当天各渠道合计的频次上限',
  cap_total_week: '超过本周各渠道合计的频次上限',
  quiet_hours: '勿扰时段，结束后再发',
  rate: '渠道发送速率已满，稍后再发',
  too_late: '过了有效时间，不再发送',
  interrupted: '发送时中断，不知道是否送达，不重发',
  no_answer: '没有收到明确答复，不知道是否送达，不重发',
  unreachable: '连不上对方服务器',
  endpoint_off: '接收地址已停用',
  discarded: '运营已放弃处理',
  missing_place: '模板里的内容缺值',
  wechat_43101: '微信：会员拒收或次数已用完',
  wechat_43107: '微信：模板被封禁',
  wechat_43108: '微信：同一人的消息并发，稍后再发',
  wechat_45009: '微信：当天调用次数用完，次日再发',
  wechat_40003: '微信：会员标识无效',
  wechat_40037: '微信：模板编号不对',
  wechat_41030: '微信：页面不存在',
  wechat_45168: '微信：含有敏感词',
  wechat_47003: '微信：模板内容不合规则',
}

/** What stands behind the colon where it is a word of ours and no code of the other side. */
const refusals: Record<string, string> = {
  not_set_up: '这个渠道还没有配置，联系管理员',
  refused_address: '地址不允许：要用 https，且不能指向内网',
  no_answer: '对方服务器没有答复',
}

/** Why a message was not sent, in words; an unknown code is shown as it is. */
export const reasonText = (reason: string | null): string => {
  if (!reason) return ''
  const [code, field] = reason.split(':')
  if (refusals[field]) return refusals[field]
  if (reasons[code]) return field && code !== 'too_late' ? `${reasons[code]}（${field}）` : reasons[code]
  if (code === 'empty') return `模板字段 ${field} 是空的`
  if (code === 'invalid') return `模板字段 ${field} 不合微信的格式`
  if (code === 'sms') return `短信服务商拒绝：${field}`
  if (code === 'email') return `邮件服务器拒绝：${field}`
  if (code === 'wecom') return `企业微信拒绝：${field}`
  if (code === 'http') return `对方服务器答复 ${field}`
  return reason
}

export const statusNames: Record<string, string> = {
  pending: '待发送',
  sending: '发送中',
  sent: '已发送',
  skipped: '未发送',
  failed: '失败',
  unknown: '结果不明',
  discarded: '已放弃',
}

/** The places of a text: `{name}` names one. */
export const placesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1])

/** Fills the places of a text; one without a value stays empty. */
export const fillPlaces = (text: string, values: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (_, place: string) => values[place] ?? '')
