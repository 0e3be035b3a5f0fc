/** How a tag comes to a member. */
export const kinds = {
  manual: { word: '手工', explain: '店员一位一位打上' },
  rule: { word: '条件', explain: '满足条件自动打上，不满足自动摘下' },
  model: { word: '模型', explain: '按评分自动打上，评分变了自动摘下' },
  imported: { word: '导入', explain: '按名单打上' },
} as const

/** The colours of a tag and the tone each is drawn in. */
export const tones = {
  green: { word: '绿', tone: 'brand' },
  gold: { word: '金', tone: 'gold' },
  blue: { word: '蓝', tone: 'info' },
  red: { word: '红', tone: 'danger' },
  grey: { word: '灰', tone: '' },
} as const
