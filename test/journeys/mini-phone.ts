import { loadMiniProgram, type MiniNode, type MiniProgram, requestsTo } from '../support/mini-vm'
import type { TestServer } from '../support/server'

/** A phone with the compiled mini-program on it, in the hands of one of the sandbox's people. */
export interface MiniPhone {
  app: MiniProgram
  /** What the scanner reads next; null: the person closes it. */
  scans(text: string | null): void
  /** What the person answers when asked whether messages may be sent. */
  answersSubscribe(choice: 'accept' | 'reject'): void
  /** Waits until the page in front says this. */
  says(text: string | RegExp): Promise<string>
  /** The member code on the page, in its groups. */
  code(): Promise<string>
  /** The member code once it is another than this one. */
  codeAfter(last: string): Promise<string>
  /** Taps what reads exactly so, or all of which matches, once it is there. */
  tap(text: string | RegExp): Promise<void>
  /** Taps the first node of a class, once it is there. */
  tapClass(name: string): Promise<void>
  /** Types into the field with this placeholder. */
  type(placeholder: string, value: string): Promise<void>
  /** Takes the network away from the phone, or gives it back; the app is told, as WeChat tells it. */
  goesOffline(gone: boolean): void
  /** Leaves what is open and then the app, which stops every timer that would keep this process alive. */
  leave(): Promise<void>
  /** Presses WeChat's phone button: the sandbox hands out the code that WeChat would. */
  pressPhoneButton(): Promise<void>
  /** Access token of the member's or the staff session that the app keeps. */
  token(who: 'member' | 'staff'): string
  /** Errors the app wrote to its console. */
  errors: string[]
  /** Bytes of every setData of every page so far. */
  setDataBytes(): number[]
}

const waitMs = 8000

/** Waits for something to be found; the message says what was there instead. */
const until = async <T>(find: () => T | undefined | false, instead: () => string): Promise<T> => {
  const began = Date.now()
  for (;;) {
    const found = find()
    if (found !== undefined && found !== false) return found
    if (Date.now() - began > waitMs) throw new Error(instead())
    await new Promise((done) => setTimeout(done, 30))
  }
}

type Callbacks = { success?: (answer: unknown) => void; fail?: (answer: unknown) => void }

/** Boots the compiled app in `dist`, joined to a server and to its WeChat sandbox. */
export const openMiniPhone = (dist: string, server: TestServer, user: string): MiniPhone => {
  const errors: string[] = []
  const bytes: number[] = []
  let scanned: string | null = null
  let offline = false
  const online = requestsTo(`${server.url}/api`)
  let choice: 'accept' | 'reject' = 'accept'
  const ok =
    (name: string, more: object = {}) =>
    (asked: unknown) =>
      queueMicrotask(() => (asked as Callbacks | undefined)?.success?.({ errMsg: `${name}:ok`, ...more }))
  const app = loadMiniProgram(dist, {
    now: () => server.clock.now(),
    console: { error: (...words: unknown[]) => void errors.push(words.map(String).join(' ')) },
    onSetData: (_, change) => void bytes.push(Buffer.byteLength(JSON.stringify(change))),
    wx: {
      request: (asked: Callbacks) =>
        offline ? queueMicrotask(() => asked.fail?.({ errMsg: 'request:fail no network' })) : online(asked),
      login: (asked: Callbacks) => void server.sandbox('login', { user }).then(asked.success, asked.fail),
      requestSubscribeMessage: (asked: Callbacks & { tmplIds: string[] }) =>
        void server
          .sandbox<{ result: unknown }>('subscribe', { user, templateIds: asked.tmplIds, choice })
          .then(({ result }) => asked.success?.(result), asked.fail),
      scanCode: (asked: Callbacks) =>
        queueMicrotask(() =>
          scanned === null
            ? asked.fail?.({ errMsg: 'scanCode:fail cancel' })
            : asked.success?.({ errMsg: 'scanCode:ok', result: scanned, scanType: 'QR_CODE' }),
        ),
      showToast: ok('showToast'),
      showModal: ok('showModal', { confirm: true, cancel: false }),
      getScreenBrightness: ok('getScreenBrightness', { value: 0.4 }),
      setScreenBrightness: ok('setScreenBrightness'),
      setKeepScreenOn: ok('setKeepScreenOn'),
      vibrateShort: ok('vibrateShort'),
      stopPullDownRefresh: ok('stopPullDownRefresh'),
    },
  })
  const instead = (wanted: string) => () =>
    `${wanted} did not come on ${app.page().route}, which says: ${app.text()}\n${errors.join('\n')}`
  const find = <T>(what: () => T): T | undefined => {
    try {
      return what()
    } catch {
      return undefined
    }
  }
  const tapWhen = async (wanted: string, node: () => MiniNode | undefined): Promise<void> => {
    await app.tap(await until(() => find(node), instead(wanted)))
  }
  const matching = (pattern: RegExp): MiniNode | undefined =>
    app
      .nodes()
      .filter((node) => node.cn && pattern.test(app.text(node)))
      .pop()
  const shownCode = (): string | undefined => /88\d{2} \d{4} \d{4} \d{4} \d{2}/.exec(app.text())?.[0]
  return {
    app,
    errors,
    code: () => until(shownCode, instead('A member code')),
    codeAfter: (last) =>
      until(() => {
        const shown = shownCode()
        return shown !== last && shown
      }, instead('Another member code')),
    scans: (text) => {
      scanned = text
    },
    answersSubscribe: (answer) => {
      choice = answer
    },
    says: async (text) => {
      const matches = (): string | undefined => {
        const here = app.text()
        if (typeof text === 'string') return here.includes(text) ? text : undefined
        return text.exec(here)?.[0]
      }
      return until(matches, instead(`“${text}”`))
    },
    tap: (text) => tapWhen(`“${text}”`, () => (typeof text === 'string' ? app.byText(text) : matching(text))),
    goesOffline: (gone) => {
      offline = gone
      app.emit('onNetworkStatusChange', { isConnected: !gone, networkType: gone ? 'none' : 'wifi' })
    },
    leave: async () => {
      if (app.stack.length === 0) return
      app.wx.reLaunch?.({ url: '/packages/login/document?name=terms' })
      await app.settle()
      app.hide()
      await app.settle()
    },
    tapClass: (name) => tapWhen(`.${name}`, () => app.byClass(name)[0]),
    type: async (placeholder, value) => {
      const node = await until(
        () => app.nodes().find((one) => Object.values(one).includes(placeholder)),
        instead(`A field “${placeholder}”`),
      )
      await app.fire(node, 'input', { value })
    },
    pressPhoneButton: async () => {
      const button = await until(() => find(() => app.byText('使用微信手机号')), instead('The phone button'))
      await app.fire(button, 'getphonenumber', await server.sandbox('phone', { user }))
    },
    token: (who) => (app.storage[`session.${who}`] as { accessToken: string }).accessToken,
    setDataBytes: () => bytes,
  }
}
