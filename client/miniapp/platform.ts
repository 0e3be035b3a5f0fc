import Taro from '@tarojs/taro'

/**
 * The only file that knows whether it runs inside WeChat or in a browser. Everything above asks for a capability here and
 * gets the same promise from both.
 */
export const isWeapp = process.env.TARO_ENV === 'weapp'

/** Reads a value this app stored, or null. Storage may be cleared by the system at any time. */
export function readStored<T>(name: string): T | null {
  try {
    const value = Taro.getStorageSync(name)
    return value === '' || value === undefined ? null : (value as T)
  } catch {
    return null
  }
}

/** Stores a value as JSON. A full or forbidden storage is not an error of the page: the value is then simply not kept. */
export function writeStored(name: string, value: unknown): void {
  try {
    if (value === null) Taro.removeStorageSync(name)
    else Taro.setStorageSync(name, value)
  } catch {
    return
  }
}

/** A version 4 UUID. Not a secret: it names a device or an attempt, so that the server can recognise a repeat. */
export function newId(): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (c) => {
    const digit = Math.floor(Math.random() * 16)
    return (c === 'x' ? digit : 8 + (digit % 4)).toString(16)
  })
}

/** This installation of the app, for the member code that only works on the device that fetched it. */
export function thisDevice(): { id: string; platform: 'weapp' | 'h5' } {
  let id = readStored<string>('device')
  if (!id) {
    id = newId()
    writeStored('device', id)
  }
  return { id, platform: isWeapp ? 'weapp' : 'h5' }
}

/**
 * Where on the page a tap fell, in CSS pixels from its top left corner, and how wide the page is: for the heat map. Empty where the event
 * does not say (the keyboard).
 */
export function tapSpot(event: unknown): { x?: number; y?: number; width?: number } {
  const whole = (x: number, y: number, width: number) =>
    x >= 0 && y >= 0 && width >= 100 ? { x: Math.round(x), y: Math.round(y), width: Math.round(width) } : {}
  if (isWeapp) {
    const { x, y } = (event as { detail?: { x?: number; y?: number } }).detail ?? {}
    return x === undefined || y === undefined ? {} : whole(x, y, Taro.getWindowInfo().windowWidth)
  }
  const { clientX, clientY, currentTarget } = event as MouseEvent
  // A click made by the keyboard has no place.
  if (!clientX && !clientY) return {}
  const page = (currentTarget as HTMLElement | null)?.closest?.('.taro_page')
  if (!page) return {}
  const box = page.getBoundingClientRect()
  return whole(clientX - box.left, clientY - box.top + page.scrollTop, box.width)
}

/** Heights in px around a custom navigation bar: the status bar, the bar itself, and what WeChat's capsule takes at the right. */
export function barInsets(): { top: number; bar: number; right: number } {
  if (!isWeapp) return { top: 0, bar: 48, right: 16 }
  try {
    const capsule = Taro.getMenuButtonBoundingClientRect()
    const view = Taro.getWindowInfo()
    const top = view.statusBarHeight ?? 20
    return { top, bar: capsule.height + (capsule.top - top) * 2, right: view.windowWidth - capsule.left + 7 }
  } catch {
    return { top: 20, bar: 44, right: 94 }
  }
}

/** A one-time code that the server trades for the WeChat identity. WeChat only. */
export async function wechatLoginCode(): Promise<string> {
  const { code } = await Taro.login()
  return code
}

/**
 * Asks WeChat whether messages of these templates may be sent once. Only after a tap; at most three templates. Gives what
 * the person answered per template, or an empty record where there is nobody to ask (browser) or the question failed.
 */
export async function askToSubscribe(templateIds: string[]): Promise<Record<string, string>> {
  if (!isWeapp || templateIds.length === 0) return {}
  try {
    const answer = await Taro.requestSubscribeMessage({ tmplIds: templateIds.slice(0, 3), entityIds: [] })
    return Object.fromEntries(
      Object.entries(answer).filter(([name, value]) => name !== 'errMsg' && typeof value === 'string'),
    ) as Record<string, string>
  } catch {
    return {}
  }
}

/** Keeps the screen of a browser from going dark, where it can. */
async function holdScreenAwake(): Promise<void> {
  const awake = await navigator.wakeLock?.request('screen').catch(() => null)
  if (!awake) return
  releaseScreen()
  releaseScreen = () => void awake.release().catch(() => undefined)
}
let releaseScreen = (): void => undefined

/**
 * Lights the screen for a scanner. Gives the function that puts the old brightness back. A browser cannot and gives null;
 * there the screen at least stays on while the page is in front.
 */
export async function raiseBrightness(): Promise<(() => void) | null> {
  if (!isWeapp) {
    void holdScreenAwake()
    return null
  }
  try {
    const { value } = await Taro.getScreenBrightness()
    await Taro.setScreenBrightness({ value: 1 })
    await Taro.setKeepScreenOn({ keepScreenOn: true })
    return () => {
      void Taro.setScreenBrightness({ value }).catch(() => undefined)
      void Taro.setKeepScreenOn({ keepScreenOn: false }).catch(() => undefined)
    }
  } catch {
    return null
  }
}

/** Calls back after each screenshot (WeChat tells; a browser does not). Gives the function that stops it. */
export function onScreenshot(act: () => void): () => void {
  if (!isWeapp) return () => undefined
  Taro.onUserCaptureScreen(act)
  return () => Taro.offUserCaptureScreen(act)
}

/** Calls back with true when the network is there again and false when it is gone. Gives the function that stops it. */
export function onNetwork(act: (online: boolean) => void): () => void {
  if (isWeapp) {
    const listen = (change: { isConnected: boolean }): void => act(change.isConnected)
    Taro.onNetworkStatusChange(listen)
    return () => Taro.offNetworkStatusChange(listen)
  }
  const up = (): void => act(true)
  const down = (): void => act(false)
  window.addEventListener('online', up)
  window.addEventListener('offline', down)
  return () => {
    window.removeEventListener('online', up)
    window.removeEventListener('offline', down)
  }
}

/** Whether this device can read a code: WeChat always, a browser that runs WebAssembly, by camera or from a picture. */
export function canScan(): boolean {
  return isWeapp || typeof WebAssembly === 'object'
}

/** Opens WeChat's scanner; gives the text read, or null when the person closed it. WeChat only. */
export async function scanWithWechat(): Promise<string | null> {
  try {
    const { result } = await Taro.scanCode({ scanType: ['qrCode', 'barCode'] })
    return result
  } catch {
    return null
  }
}

/** A short buzz to confirm, where the device can. */
export function buzz(): void {
  void Taro.vibrateShort({ type: 'light' }).catch(() => undefined)
}

/** The full address of something the server gave as a path; addresses stay as they are. */
export function serverAddress(path: string): string {
  if (!path.startsWith('/')) return path
  const base = API_BASE.replace(/\/api$/, '')
  return base + path
}

/** Puts a text on the clipboard. False where the device or the person refused it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await Taro.setClipboardData({ data: text })
    return true
  } catch {
    return false
  }
}

/** What a share says: in WeChat a card that opens `path`, in a browser a link. */
export interface ShareWords {
  title: string
  /** Page of the app with its parameters. */
  path: string
  /** Address for browsers. */
  link: string
}

/**
 * Hands something to another app by the browser's own sheet; where it has none, puts the link on the clipboard. Says what
 * became of it. In WeChat sharing is a button of open type `share` instead (components/ShareButton).
 */
export async function shareLink({ title, link }: ShareWords): Promise<'shared' | 'copied' | 'failed'> {
  if (!isWeapp && typeof navigator.share === 'function') {
    try {
      await navigator.share({ title, url: link })
      return 'shared'
    } catch {
      return 'failed'
    }
  }
  return (await copyText(`${title} ${link}`)) ? 'copied' : 'failed'
}

/** The address a link of the h5 app begins with; a mini-program has none of its own and uses the server's. */
export const appAddress = (): string =>
  isWeapp ? `${API_BASE.replace(/\/api$/, '')}/m/` : `${window.location.origin}${window.location.pathname}`

/**
 * Keeps a picture for the person: in WeChat in the album, which asks them first; in a browser as a download. `file` is a
 * temporary path there and a data address here. False when it was refused.
 */
export async function savePicture(file: string, name: string): Promise<boolean> {
  if (!isWeapp) {
    const link = document.createElement('a')
    link.href = file
    link.download = name
    link.click()
    return true
  }
  try {
    await Taro.saveImageToPhotosAlbum({ filePath: file })
    return true
  } catch {
    return false
  }
}

/** WeChat's question whether the privacy guideline is agreed to, which must be answered before a private API goes on. */
export interface PrivacyQuestion {
  /** Name of the guideline, in 《》. */
  contract: string
  /** `agreed` must come from a button of open type agreePrivacyAuthorization with this id. */
  answer: (agreed: boolean) => void
}
export const PRIVACY_BUTTON = 'privacy-agree'

let asked: ((question: PrivacyQuestion) => void) | null = null
/** Names who shows the privacy question; the page in front does. Gives the function that takes it back. */
export function onPrivacyAsked(show: (question: PrivacyQuestion) => void): () => void {
  asked = show
  return () => {
    if (asked === show) asked = null
  }
}

/** Listens for WeChat's privacy question, once for the app. Without a page to show it the official dialog would come; then it is refused here. */
export function watchPrivacy(): void {
  const wechat = Taro as unknown as {
    onNeedPrivacyAuthorization?: (
      listener: (resolve: (answer: { event: 'agree' | 'disagree'; buttonId?: string }) => void) => void,
    ) => void
    getPrivacySetting?: () => Promise<{ privacyContractName?: string }>
  }
  if (!isWeapp || !wechat.onNeedPrivacyAuthorization) return
  wechat.onNeedPrivacyAuthorization((resolve) => {
    const answer = (agreed: boolean): void =>
      resolve(agreed ? { event: 'agree', buttonId: PRIVACY_BUTTON } : { event: 'disagree' })
    const show = (contract: string): void => (asked ? asked({ contract, answer }) : answer(false))
    void Promise.resolve(wechat.getPrivacySetting?.()).then(
      (setting) => show(setting?.privacyContractName ?? '《隐私保护指引》'),
      () => show('《隐私保护指引》'),
    )
  })
}

/** Opens the guideline that WeChat keeps for this mini-program. */
export function openPrivacyContract(): void {
  const wechat = Taro as unknown as { openPrivacyContract?: () => Promise<unknown> }
  void wechat.openPrivacyContract?.().catch(() => undefined)
}

/** Calls back when WeChat has fetched a newer version of the app; `apply` restarts into it. */
export function onUpdateReady(act: (apply: () => void) => void): void {
  if (!isWeapp || !Taro.getUpdateManager) return
  const manager = Taro.getUpdateManager()
  manager?.onUpdateReady?.(() => act(() => manager.applyUpdate()))
}

/** Version of WeChat's library or of the browser, for the page that says what runs here. */
export function runsOn(): string {
  if (!isWeapp) return '浏览器'
  try {
    return `微信基础库 ${Taro.getAppBaseInfo().SDKVersion ?? ''}`.trim()
  } catch {
    return '微信'
  }
}
