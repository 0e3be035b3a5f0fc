/**
 * A stand-in for @tarojs/taro: every call that a page makes is a jest.fn that succeeds. A test replaces the ones it
 * cares about, for example `Taro.request.mockResolvedValueOnce({ statusCode: 200, data })`.
 */
import { useEffect, useRef } from 'react'

type Result = Record<string, unknown>

const succeed = (result: Result = {}) => jest.fn((..._args: unknown[]) => Promise.resolve({ errMsg: 'ok', ...result }))

/** Life-cycle hooks that a mounted page receives once. */
function useOnce(callback: (options: Result) => void): void {
  const called = useRef(false)
  useEffect(() => {
    if (called.current) return
    called.current = true
    callback({})
  }, [callback])
}

export const useDidShow = useOnce
export const useReady = useOnce
export const useLoad = useOnce
export const useLaunch = useOnce

const ignoreHook = jest.fn()
export const useDidHide = ignoreHook
export const useUnload = ignoreHook
export const usePullDownRefresh = ignoreHook
export const useReachBottom = ignoreHook
export const usePageScroll = ignoreHook
export const useShareAppMessage = ignoreHook
export const usePageNotFound = ignoreHook
export const stopPullDownRefresh = jest.fn()

export const useRouter = jest.fn(() => ({ params: {} as Record<string, string>, path: '' }))

type SelectorQuery = Record<string, (...args: unknown[]) => unknown>

/** jsdom lays nothing out: a question for one element is answered with null, one for several with none, as in WeChat. */
export function createSelectorQuery(): SelectorQuery {
  const answers: unknown[] = []
  let several = false
  const choose = (all: boolean) => () => {
    several = all
    return query
  }
  const ask = () => {
    answers.push(several ? [] : null)
    return query
  }
  const query: SelectorQuery = {
    in: () => query,
    select: choose(false),
    selectAll: choose(true),
    selectViewport: choose(false),
    fields: ask,
    boundingClientRect: ask,
    node: ask,
    scrollOffset: ask,
    exec: (done) => (typeof done === 'function' ? done(answers) : undefined),
  }
  return query
}

const storage = new Map<string, unknown>()
const windowInfo = {
  windowWidth: 390,
  windowHeight: 844,
  statusBarHeight: 47,
  pixelRatio: 3,
  safeArea: { bottom: 810 },
}

export const getEnv = () => 'WEB'
export const ENV_TYPE = { WEAPP: 'WEAPP', WEB: 'WEB' }
export const nextTick = (callback: () => void) => setTimeout(callback)
export const pxTransform = (size: number) => `${size}px`
export const getSystemInfoSync = () => windowInfo
export const getWindowInfo = () => windowInfo
export const getCurrentInstance = () => ({
  router: { params: {} as Record<string, string>, path: '/pages/home/index?stamp=1' },
  page: null,
})
export const eventCenter = { on: jest.fn(), off: jest.fn(), trigger: jest.fn() }

const Taro = {
  ENV_TYPE,
  getEnv,
  nextTick,
  pxTransform,
  getSystemInfoSync,
  getWindowInfo,
  getCurrentInstance,
  createSelectorQuery,
  eventCenter,
  useDidShow,
  useDidHide,
  useLoad,
  useReady,
  useRouter,
  usePullDownRefresh,
  useReachBottom,
  useShareAppMessage,
  getMenuButtonBoundingClientRect: () => ({ top: 51, bottom: 83, left: 296, right: 383, width: 87, height: 32 }),
  getStorageSync: jest.fn((key: string) => storage.get(key) ?? ''),
  setStorageSync: jest.fn((key: string, value: unknown) => void storage.set(key, value)),
  removeStorageSync: jest.fn((key: string) => void storage.delete(key)),
  clearStorageSync: jest.fn(() => storage.clear()),
  login: succeed({ code: 'LOGIN_CODE' }),
  request: succeed({ data: {}, statusCode: 200 }),
  scanCode: succeed({ result: '' }),
  requestSubscribeMessage: succeed(),
  navigateTo: succeed(),
  redirectTo: succeed(),
  switchTab: succeed(),
  reLaunch: succeed(),
  navigateBack: succeed(),
  showToast: succeed(),
  showModal: succeed({ confirm: true }),
  showLoading: succeed(),
  hideLoading: jest.fn(),
  showActionSheet: succeed({ tapIndex: 0 }),
  stopPullDownRefresh: jest.fn(),
  setNavigationBarTitle: succeed(),
  setNavigationBarColor: succeed(),
  setScreenBrightness: succeed(),
  getScreenBrightness: succeed({ value: 0.5 }),
  setKeepScreenOn: succeed(),
  vibrateShort: succeed(),
  setClipboardData: succeed(),
  previewImage: succeed(),
}

export default Taro
