import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'

/**
 * Runs a compiled WeChat mini-program (dist/weapp) in a Node vm with a fake `wx`. There is no layout and no native
 * component here; what runs is the app's own JavaScript, React and all, exactly as it would be uploaded. Data cross the
 * bridge as JSON, as they do in WeChat.
 */

/** A node of the tree that Taro puts into a page's data: `cl` class, `v` text, `cn` children, `sid` its id for events. */
export interface MiniNode {
  sid?: string
  uid?: string
  nn?: string
  cl?: string
  v?: string
  cn?: MiniNode[]
  [property: string]: unknown
}
type Data = Record<string, unknown> & { root?: MiniNode }
type Handler = (...args: unknown[]) => unknown

export interface MiniPage {
  route: string
  options: Record<string, string>
  data: Data
  /** Every setData so far, in order. */
  updates: Array<Record<string, unknown>>
  /** Length of each setData as JSON, in the same order. */
  sizes: number[]
  [member: string]: unknown
}

export interface MiniProgramOptions {
  /** Answers of `wx` beyond the built-in ones; called with WeChat's option object. */
  wx?: Record<string, unknown>
  console?: Partial<Console>
  /** What the app's clock says, in epoch ms; the machine's own time unless given. Timers keep to the machine's. */
  now?: () => number
  /** Called after each setData, with the page and what changed. */
  onSetData?: (page: MiniPage, change: Record<string, unknown>) => void
}

interface Callbacks {
  success?: (answer: unknown) => void
  fail?: (answer: unknown) => void
  complete?: (answer: unknown) => void
}

/** Runs in the vm: its Date follows a clock from outside. */
const FOLLOW_CLOCK = `(now) => {
  const Real = Date
  Date = class extends Real {
    constructor(...args) { args.length ? super(...args) : super(now()) }
    static now() { return now() }
  }
}`

const asJson = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))

/** Writes at a path such as `root.cn.[0].cn[1].v`, making what is missing on the way. */
function writeAt(target: Record<string, unknown>, at: string, value: unknown): void {
  const keys = at
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(Boolean)
  let here = target
  keys.slice(0, -1).forEach((key, index) => {
    if (here[key] === undefined || here[key] === null) here[key] = /^\d+$/.test(keys[index + 1] ?? '') ? [] : {}
    here = here[key] as Record<string, unknown>
  })
  here[keys[keys.length - 1] as string] = value
}

const WINDOW = {
  SDKVersion: '3.7.0',
  platform: 'devtools',
  system: 'iOS 17.0',
  brand: 'devtools',
  model: 'iPhone 14',
  language: 'zh_CN',
  version: '8.0.50',
  windowWidth: 390,
  windowHeight: 844,
  screenWidth: 390,
  screenHeight: 844,
  pixelRatio: 3,
  statusBarHeight: 47,
  safeArea: { top: 47, bottom: 810, left: 0, right: 390, width: 390, height: 763 },
}
const LAUNCH = { path: '', query: {}, scene: 1001, referrerInfo: {} }
const CAPSULE = { top: 51, left: 296, right: 383, bottom: 83, width: 87, height: 32 }

/** APIs that exist on `wx` without an answer of their own here: they fail as in WeChat unless the test gives one. */
const UNANSWERED = [
  'request',
  'login',
  'checkSession',
  'scanCode',
  'requestSubscribeMessage',
  'showToast',
  'hideToast',
  'showModal',
  'showLoading',
  'hideLoading',
  'getScreenBrightness',
  'setScreenBrightness',
  'setKeepScreenOn',
  'vibrateShort',
  'stopPullDownRefresh',
  'pageScrollTo',
  'setNavigationBarTitle',
  'offNetworkStatusChange',
  'offUserCaptureScreen',
  'onNetworkStatusChange',
  'onUserCaptureScreen',
  'getPrivacySetting',
  'hideTabBar',
]

export interface MiniProgram {
  wx: Record<string, Handler>
  config: { pages: string[]; subPackages?: Array<{ root: string; pages: string[] }> }
  calls: Array<{ api: string; args: unknown }>
  storage: Record<string, unknown>
  stack: MiniPage[]
  /** Runs app.js and its onLaunch and onShow. */
  boot(): void
  /** The person leaves the app for another: runs its onHide. */
  hide(): void
  /** Puts a page on the stack, as navigateTo does. */
  open(url: string): MiniPage
  page(): MiniPage
  /** Waits for the page's first data, then until none have come for `quietMs`. */
  settle(quietMs?: number, maxMs?: number): Promise<void>
  nodes(page?: MiniPage): MiniNode[]
  /** All the text in a node, or on the page in front. */
  text(node?: MiniNode): string
  byClass(name: string): MiniNode[]
  /** The innermost node whose whole text is this. */
  byText(text: string): MiniNode
  /** Sends an event to a node, as the compiled template does through `eh`, and waits for what follows. */
  fire(node: MiniNode, type: string, detail?: Record<string, unknown>): Promise<void>
  tap(node: MiniNode): Promise<void>
  /** Calls the listeners the app registered with `wx.on…`. */
  emit(api: string, event: unknown): void
}

/** Loads the compiled app in `dir` (dist/weapp). Throws when a page is opened that app.json does not list. */
export function loadMiniProgram(dir: string, options: MiniProgramOptions = {}): MiniProgram {
  const root = path.resolve(dir)
  const storage: Record<string, unknown> = {}
  const calls: MiniProgram['calls'] = []
  const stack: MiniPage[] = []
  const listeners: Record<string, Handler[]> = {}
  const config = JSON.parse(fs.readFileSync(path.join(root, 'app.json'), 'utf8')) as MiniProgram['config']
  const known = new Set([
    ...config.pages,
    ...(config.subPackages ?? []).flatMap((sub) => sub.pages.map((page) => `${sub.root}/${page}`)),
  ])

  const member = (page: MiniPage | undefined, name: string, ...args: unknown[]): void => {
    const found = page?.[name]
    if (typeof found === 'function') found.apply(page, args)
  }
  const close = (page: MiniPage | undefined): void => {
    member(page, 'onHide')
    member(page, 'onUnload')
  }
  const clear = (): void => {
    while (stack.length > 0) close(stack.pop())
  }
  const navigation =
    (name: string, act: (url: string) => void) =>
    (...args: unknown[]): void => {
      const { url = '', success } = (args[0] ?? {}) as Callbacks & { url?: string }
      act(url)
      success?.({ errMsg: `${name}:ok` })
    }
  const builtIn: Record<string, unknown> = {
    getSystemInfoSync: () => WINDOW,
    getWindowInfo: () => WINDOW,
    getDeviceInfo: () => WINDOW,
    getAppBaseInfo: () => WINDOW,
    getMenuButtonBoundingClientRect: () => CAPSULE,
    getLaunchOptionsSync: () => LAUNCH,
    getEnterOptionsSync: () => LAUNCH,
    getAccountInfoSync: () => ({ miniProgram: { appId: 'wx0', envVersion: 'develop' } }),
    canIUse: () => true,
    nextTick: (act: () => void) => queueMicrotask(act),
    getStorageSync: (key: string) => asJson(storage[key]) ?? '',
    setStorageSync: (key: string, value: unknown) => {
      storage[key] = asJson(value)
    },
    removeStorageSync: (key: string) => {
      delete storage[key]
    },
    navigateTo: navigation('navigateTo', (url) => void program.open(url)),
    redirectTo: navigation('redirectTo', (url) => {
      close(stack.pop())
      program.open(url)
    }),
    switchTab: navigation('switchTab', (url) => {
      clear()
      program.open(url)
    }),
    reLaunch: navigation('reLaunch', (url) => {
      clear()
      program.open(url)
    }),
    navigateBack: navigation('navigateBack', () => {
      close(stack.pop())
      member(stack[stack.length - 1], 'onShow')
    }),
    createSelectorQuery: () => selectorQuery(),
    createIntersectionObserver: () => intersectionObserver(),
  }

  const answer = (name: string): unknown => {
    const own = options.wx?.[name] ?? builtIn[name]
    if (own !== undefined && typeof own !== 'function') return own
    return (...args: unknown[]): unknown => {
      if (/^on[A-Z]/.test(name) && typeof args[0] === 'function') {
        listeners[name] = [...(listeners[name] ?? []), args[0] as Handler]
        return undefined
      }
      calls.push({ api: name, args: typeof args[0] === 'function' ? null : asJson(args[0] ?? null) })
      if (own) return (own as Handler)(...args)
      if (name.endsWith('Sync') || name.startsWith('off')) return undefined
      const failed = { errMsg: `${name}:fail not answered here` }
      const { fail, complete } = (args[0] ?? {}) as Callbacks
      queueMicrotask(() => {
        fail?.(failed)
        complete?.(failed)
      })
      return undefined
    }
  }
  // Taro copies what Object.keys(wx) lists, so every API the app may use is a real property.
  const wx = Object.fromEntries(
    [...new Set([...Object.keys(builtIn), ...Object.keys(options.wx ?? {}), ...UNANSWERED])].map((name) => [
      name,
      answer(name),
    ]),
  ) as Record<string, Handler>

  let app: MiniPage | undefined
  let defined: Record<string, unknown> | undefined
  const define = (definition: Record<string, unknown>): void => {
    defined = definition
  }
  const world: Record<string, unknown> = {
    wx,
    console: { ...console, ...options.console },
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    queueMicrotask,
    App: (definition: MiniPage) => {
      app = definition
    },
    Page: define,
    Component: define,
    Behavior: (definition: unknown) => definition,
    getApp: () => app,
    getCurrentPages: () => stack.slice(),
  }
  world.globalThis = world
  world.global = world
  const context = vm.createContext(world)
  if (options.now) (vm.runInContext(FOLLOW_CLOCK, context) as (now: () => number) => void)(options.now)
  const modules = new Map<string, { exports: unknown }>()
  const requireFrom =
    (from: string) =>
    (id: string): unknown => {
      const file = path.resolve(path.dirname(from), id.endsWith('.js') ? id : `${id}.js`)
      const loaded = modules.get(file)
      if (loaded) return loaded.exports
      const module = { exports: {} as unknown }
      modules.set(file, module)
      const source = `(function(require,module,exports,window,document,self){${fs.readFileSync(file, 'utf8')}\n})`
      const run = vm.runInContext(source, context, { filename: file }) as Handler
      run(requireFrom(file), module, module.exports)
      return module.exports
    }
  const load = requireFrom(path.join(root, 'index'))
  const definitions: Record<string, Record<string, unknown>> = {}

  const targetOf = (node: MiniNode) => ({
    id: node.uid ?? node.sid,
    dataset: { sid: node.sid },
    offsetLeft: 0,
    offsetTop: 0,
  })
  const send = (node: MiniNode, listener: MiniNode, type: string, detail: object, page = program.page()): void =>
    member(page, 'eh', {
      type,
      timeStamp: Date.now(),
      target: targetOf(node),
      currentTarget: targetOf(listener),
      detail,
      mark: {},
      touches: [],
      changedTouches: [],
    })

  const program: MiniProgram = {
    wx,
    config,
    calls,
    storage,
    stack,
    boot() {
      load('./app')
      member(app, 'onLaunch', LAUNCH)
      member(app, 'onShow', LAUNCH)
    },
    hide() {
      member(stack[stack.length - 1], 'onHide')
      member(app, 'onHide')
    },
    open(url) {
      const [route = '', query = ''] = url.replace(/^\//, '').split('?')
      if (!known.has(route)) throw new Error(`Not a page of app.json: ${route}`)
      if (!definitions[route]) {
        defined = undefined
        load(`./${route}`)
        if (!defined) throw new Error(`No page was defined by ${route}`)
        definitions[route] = defined
      }
      member(stack[stack.length - 1], 'onHide')
      const definition = definitions[route] as Record<string, unknown>
      const page: MiniPage = Object.assign(Object.create(null) as MiniPage, definition, {
        route,
        options: Object.fromEntries(new URLSearchParams(query)),
        data: asJson((definition.data ?? {}) as Data),
        updates: [],
        sizes: [],
        getOpenerEventChannel: () => ({ on: () => undefined, emit: () => undefined }),
        selectComponent: () => null,
        setData(change: Record<string, unknown>, after?: () => void) {
          const json = JSON.stringify(change)
          const crossed = JSON.parse(json) as Record<string, unknown>
          page.sizes.push(json.length)
          page.updates.push(crossed)
          for (const [at, value] of Object.entries(crossed)) writeAt(page.data, at, value)
          options.onSetData?.(page, crossed)
          queueMicrotask(() => after?.call(page))
        },
      })
      stack.push(page)
      member(page, 'onLoad', page.options)
      member(page, 'onShow')
      member(page, 'onReady')
      return page
    },
    page() {
      const top = stack[stack.length - 1]
      if (!top) throw new Error('No page is open')
      return top
    },
    async settle(quietMs = 80, maxMs = 5000) {
      const began = Date.now()
      const updates = (): number => stack.reduce((sum, page) => sum + page.updates.length, 0)
      let before = -1
      while (Date.now() - began < maxMs && (before !== updates() || program.page().updates.length === 0)) {
        before = updates()
        await new Promise((resolve) => setTimeout(resolve, quietMs))
      }
    },
    nodes(page = program.page()) {
      const found: MiniNode[] = []
      const walk = (node: MiniNode): void => {
        found.push(node)
        for (const child of node.cn ?? []) walk(child)
      }
      for (const child of page.data.root?.cn ?? []) walk(child)
      return found
    },
    text(node = program.page().data.root) {
      return node ? (node.v ?? '') + (node.cn ?? []).map((child) => program.text(child)).join('') : ''
    },
    byClass: (name) => program.nodes().filter((node) => (node.cl ?? '').split(/\s+/).includes(name)),
    byText(text) {
      const found = program.nodes().filter((node) => program.text(node) === text && node.nn !== '#text' && node.cn)
      const innermost = found[found.length - 1]
      if (!innermost) throw new Error(`No text “${text}” on ${program.page().route}: ${program.text().slice(0, 200)}`)
      return innermost
    },
    async fire(node, type, detail = {}) {
      send(node, node, type, detail)
      await program.settle()
    },
    async tap(node) {
      // WeChat lets a tap bubble; Taro waits for the outermost element that listens before it acts.
      const page = program.page()
      for (const listener of pathTo(page.data.root, node)) send(node, listener, 'tap', { x: 0, y: 0 }, page)
      await program.settle()
    },
    emit(api, event) {
      for (const listener of listeners[api] ?? []) listener(event)
    },
  }
  return program
}

/** A node and what it stands in, from the inside out; empty when it is not below the root. */
function pathTo(root: MiniNode | undefined, node: MiniNode): MiniNode[] {
  for (const child of root?.cn ?? []) {
    if (child === node) return [child]
    const path = pathTo(child, node)
    if (path.length > 0) return [...path, child]
  }
  return []
}

/** No layout here: every selected node has the same rectangle. */
function selectorQuery(): Record<string, Handler> {
  const rectangle = {
    left: 0,
    top: 0,
    right: 100,
    bottom: 40,
    width: 100,
    height: 40,
    scrollTop: 0,
    scrollLeft: 0,
    dataset: {},
  }
  const answers: unknown[] = []
  let all = false
  const ask: Handler = () => {
    answers.push(all ? [rectangle, rectangle] : rectangle)
    return query
  }
  const choose =
    (several: boolean): Handler =>
    () => {
      all = several
      return query
    }
  const query: Record<string, Handler> = {
    in: () => query,
    select: choose(false),
    selectAll: choose(true),
    selectViewport: choose(false),
    fields: ask,
    boundingClientRect: ask,
    node: ask,
    context: ask,
    scrollOffset: ask,
    exec: (act) => queueMicrotask(() => (act as Handler | undefined)?.(answers)),
  }
  return query
}

/** No layout here: whatever is observed is in view. */
function intersectionObserver(): Record<string, Handler> {
  const observer: Record<string, Handler> = {
    relativeTo: () => observer,
    relativeToViewport: () => observer,
    observe: (_selector, seen) => queueMicrotask(() => (seen as Handler)({ intersectionRatio: 1 })),
    disconnect: () => undefined,
  }
  return observer
}

/** A `wx.request` that goes to a real server over HTTP, whatever address the app was built with. */
export function requestsTo(base: string, builtWith = 'http://127.0.0.1:3000/api') {
  return (asked: unknown): void => {
    const {
      url,
      method = 'GET',
      header = {},
      data,
      success,
      fail,
      complete,
    } = asked as Callbacks & {
      url: string
      method?: string
      header?: Record<string, string>
      data?: unknown
    }
    fetch(url.replace(builtWith, base), {
      method,
      headers: { 'content-type': 'application/json', ...header },
      ...(method === 'GET' ? {} : { body: JSON.stringify(data ?? {}) }),
    })
      .then(async (response) => {
        const text = await response.text()
        const header = Object.fromEntries(response.headers)
        const answer = {
          statusCode: response.status,
          header,
          data: text ? (JSON.parse(text) as unknown) : '',
          errMsg: 'request:ok',
        }
        success?.(answer)
        complete?.(answer)
      })
      .catch((error: unknown) => {
        const answer = { errMsg: `request:fail ${String(error)}` }
        fail?.(answer)
        complete?.(answer)
      })
  }
}
