import Taro from '@tarojs/taro'

const TABS = ['home', 'rewards', 'code', 'coupons', 'me'] as const
export type Tab = (typeof TABS)[number]
export const tabPath = (tab: Tab): string => `/pages/${tab}/index`

/** Path of the page in front, without its parameters: 'pages/home/index'. Empty before the first page. */
export const currentPage = (): string =>
  (Taro.getCurrentInstance().router?.path ?? '').replace(/^\//, '').replace(/\?.*$/, '')

/** Opens a page of this app by its path; tab pages are switched to, others are put on top. */
export function go(path: string): void {
  const bare = path.split('?')[0] ?? path
  if (TABS.some((tab) => tabPath(tab) === bare)) void Taro.switchTab({ url: bare })
  else void Taro.navigateTo({ url: path })
}

/** Replaces the page on top, so that going back does not lead to it. */
export function replace(path: string): void {
  void Taro.redirectTo({ url: path })
}

/** Back to the page before, or home when this page was opened directly by a link. */
export function goBack(): void {
  if (Taro.getCurrentPages().length > 1) void Taro.navigateBack()
  else void Taro.switchTab({ url: tabPath('home') })
}

/** A short word at the middle of the screen. */
export function toast(title: string): void {
  void Taro.showToast({ title, icon: 'none', duration: 2200 })
}

/** Asks before an act that is hard to take back, saying what will happen. True when the person agrees. */
export async function confirm(title: string, content: string, confirmText: string): Promise<boolean> {
  const answer = await Taro.showModal({ title, content, confirmText, cancelText: '再想想', confirmColor: '#0B6E4F' })
  return answer.confirm
}
