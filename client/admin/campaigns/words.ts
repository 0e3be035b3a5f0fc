export const campaignStates = {
  draft: { name: '草稿', look: '' },
  scheduled: { name: '已定时', look: 'info' },
  sending: { name: '发送中', look: 'brand' },
  paused: { name: '已暂停', look: 'warn' },
  sent: { name: '已发完', look: 'brand' },
  ended: { name: '已结束', look: '' },
} as const

/** What is read anew after a campaign has changed. */
export const campaignTouches = [
  'GET /admin/campaigns',
  'GET /admin/campaigns/:campaignId',
  'GET /admin/journey-calendar',
] as const
