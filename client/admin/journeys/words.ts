import type { IconName } from '../components/Icon'
import type { NodeKind } from './draft'

export const stateWords = {
  draft: { name: '草稿', look: '' },
  published: { name: '运行中', look: 'brand' },
  paused: { name: '已暂停', look: 'warn' },
  ended: { name: '已结束', look: '' },
} as const

export const runWords: Record<string, { name: string; look: string }> = {
  active: { name: '进行中', look: 'brand' },
  done: { name: '走完', look: '' },
  exited: { name: '提前离开', look: 'info' },
  held: { name: '对照组', look: 'gold' },
  failed: { name: '出错', look: 'danger' },
}

export const nodeIcons: Record<NodeKind, IconName> = {
  condition: 'search',
  branch: 'right',
  split: 'members',
  wait: 'clock',
  wait_until: 'calendar',
  wait_event: 'bell',
  coupon: 'coupon',
  points: 'points',
  growth: 'trend',
  tag: 'check',
  gift: 'gift',
  message: 'message',
  task: 'staff',
  webhook: 'link',
  exit: 'stop',
}

export const groupWords = { condition: '判断', wait: '等待', action: '动作', end: '结束' } as const

/** What a change of state will do, in a sentence before it is done. */
export const stateQuestions = {
  publish: '发布后，符合条件的会员会自动进入，动作真实发生；已在途的会员留在原来的版本走完。',
  resume: '继续后，在途会员从停下的地方往下走，新的会员也会进入。',
  paused: '暂停后不再有新会员进入，在途会员停在原地，什么都不会发出；可以随时继续。',
  ended: '结束后不能再恢复：不再有新会员进入，在途会员就此离开，已发出的券和积分不收回。',
} as const

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '—' : `${Math.round((part / whole) * 1000) / 10} %`
