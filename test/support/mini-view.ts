import fs from 'node:fs'
import path from 'node:path'
import { TmplGroup } from 'glass-easel-template-compiler'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { loadMiniProgram, type MiniProgram, type MiniProgramOptions } from './mini-vm'

/**
 * Draws a compiled mini-program page in headless Chromium: WeChat's own open-source component framework (glass-easel)
 * compiles and renders the page's WXML, its WXSS becomes CSS, and the app's JavaScript runs in the vm of mini-vm.ts.
 * Touches in the picture go to the app and its data come back. Not drawn: native components (picker, swiper, canvas) and
 * what WeChat puts around the page (capsule, system bars).
 */
export interface MiniView {
  program: MiniProgram
  /** The Playwright page to look at and to tap. */
  view: Page
  /** Errors that the drawing page reported. */
  errors: string[]
  /** Warnings of the template compiler. */
  warnings: string[]
  /** Draws the page that is in front now. */
  show(): Promise<void>
  settle(): Promise<void>
  close(): Promise<void>
}

interface ViewOptions extends MiniProgramOptions {
  width?: number
  height?: number
  executablePath?: string
}

const filesIn = (dir: string, base = dir): string[] =>
  fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(dir, entry.name)
    return entry.isDirectory() ? filesIn(full, base) : [path.relative(base, full)]
  })

function compileTemplates(dist: string): { script: string; warnings: string[] } {
  const group = new TmplGroup()
  const warnings: string[] = []
  for (const file of filesIn(dist)) {
    const source = (): string => fs.readFileSync(path.join(dist, file), 'utf8')
    if (file.endsWith('.wxml')) {
      // glass-easel takes only the spelling with a colon; WeChat takes both.
      const template = source().replace(/\s(bind|catch)([a-z]+)=/g, ' $1:$2=')
      warnings.push(...(group.addTmpl(file.slice(0, -5), template) ?? []).map(String))
    }
    if (file.endsWith('.wxs')) group.addScript(file.slice(0, -4), source())
  }
  return { script: group.getTmplGenObjectGroups(), warnings }
}

/** WXSS to CSS: imports in place, rpx as parts of the width, `page` as the body. */
function styleOf(dist: string, file: string): string {
  const full = path.join(dist, file)
  if (!fs.existsSync(full)) return ''
  return fs
    .readFileSync(full, 'utf8')
    .replace(/@import\s+(?:url\()?["']([^"']+)["']\)?;?/g, (_, other: string) =>
      styleOf(dist, path.join(path.dirname(file), other)),
    )
    .replace(/(-?\d*\.?\d+)rpx/g, (_, amount: string) => `${(Number(amount) / 7.5).toFixed(4)}vw`)
    .replace(/(^|[},])\s*page(?=[\s{,])/g, '$1 body')
}

/** How WeChat draws its elements before any style of the app. */
const ELEMENTS = `*{box-sizing:border-box}html,body{margin:0;min-height:100%;font-size:16px;font-family:'Noto Sans CJK SC',sans-serif}
view,scroll-view,swiper,swiper-item,form,picker{display:block}scroll-view{overflow:auto}text,label{display:inline}text{white-space:pre-line}
image{display:inline-block;width:320px;height:240px;overflow:hidden;background:center/100% 100% no-repeat}
button{display:block;width:100%;margin:0 auto;padding:0 14px;font-size:18px;line-height:2.5555;border:0;border-radius:5px;background:#f8f8f8;color:#000;text-align:center}
input{border:0;outline:0;background:none;font:inherit;height:1.4em;width:100%}`

/** Runs in the picture: builds the page from the compiled templates and the data, and reports touches. */
function draw({
  library,
  script,
  route,
  data,
}: {
  library: string
  script: string
  route: string
  data: unknown
}): void {
  const world = window as unknown as Record<string, unknown> & { __event: (event: unknown) => void }
  const module = { exports: {} as Record<string, unknown> }
  new Function('module', 'exports', 'require', library)(module, module.exports, () => ({}))
  // The framework is loaded as text, so its types do not reach here; these are the members used.
  const easel = module.exports as unknown as {
    ComponentSpace: new () => { defineComponent: (definition: unknown) => { general: () => unknown } }
    Component: {
      createWithContext: (name: string, definition: unknown, backend: unknown) => { setData: (change: unknown) => void }
    }
    CurrentWindowBackendContext: new () => { onEvent: (act: (...args: never[]) => number) => void }
    Element: { replaceDocumentElement: (root: unknown, parent: unknown, old: unknown) => void }
    Event: {
      new (type: string, detail: unknown, options: unknown): { defaultPrevented: () => boolean }
      dispatchEvent: (target: unknown, event: unknown) => void
    }
  }
  const templates = new Function(`return ${script}`)() as Record<string, unknown>
  const space = new easel.ComponentSpace()
  const plain = (node: { id?: string; dataset?: object } | undefined): unknown => ({
    id: node?.id,
    dataset: { ...node?.dataset },
    offsetLeft: 0,
    offsetTop: 0,
  })
  const eh = (event: {
    type: string
    timeStamp: number
    detail?: unknown
    target?: { id?: string; dataset?: object }
    currentTarget?: { id?: string; dataset?: object }
  }): void => {
    const { type, timeStamp, detail = {} } = event
    world.__event({
      type,
      timeStamp,
      detail,
      target: plain(event.target),
      currentTarget: plain(event.currentTarget),
      mark: {},
      touches: [],
      changedTouches: [],
    })
  }
  const component = (is: string, more: object): { general: () => unknown } =>
    space.defineComponent({
      is,
      template: { content: templates[is], groupList: templates },
      methods: { eh },
      options: { writeIdToDOM: true },
      ...more,
    })
  if (templates.comp)
    component('comp', { properties: { i: { type: Object, value: {} }, l: { type: String, value: '' } } })
  const page = component(route, { using: templates.comp ? { comp: 'comp' } : {}, data: { root: { cn: [] } } })
  const backend = new easel.CurrentWindowBackendContext()
  backend.onEvent(((target: unknown, type: string, detail: unknown, options: unknown) => {
    const event = new easel.Event(type, detail, options)
    easel.Event.dispatchEvent(target, event)
    return event.defaultPrevented() ? 1 : 0
  }) as (...args: never[]) => number)
  const root = easel.Component.createWithContext('root', page.general(), backend)
  const place = document.createElement('div')
  document.body.appendChild(place)
  easel.Element.replaceDocumentElement(root, document.body, place)
  const finish = (): void => {
    for (const image of document.querySelectorAll<HTMLElement>('image[src]'))
      image.style.backgroundImage = `url("${image.getAttribute('src')}")`
    for (const input of document.querySelectorAll<HTMLInputElement>('input[value]'))
      input.value = input.getAttribute('value') ?? ''
    for (const off of document.querySelectorAll('[disabled=""],[disabled=false],[disabled=undefined]'))
      off.removeAttribute('disabled')
  }
  world.__change = (change: Record<string, unknown>) => {
    root.setData(Object.fromEntries(Object.entries(change).map(([at, value]) => [at.replace(/\.\[/g, '['), value])))
    finish()
  }
  root.setData(data)
  finish()
}

/** Opens the compiled app in `dir` (dist/weapp) with a screen of `width` × `height` px. Close it when done. */
export async function openMiniView(dir: string, options: ViewOptions = {}): Promise<MiniView> {
  const dist = path.resolve(dir)
  const { width = 390, height = 844, executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium', ...rest } = options
  const { script, warnings } = compileTemplates(dist)
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: 'zh-CN',
  })
  const view = await context.newPage()
  // tsx wraps functions in a helper that keeps their names; `draw` arrives in the picture without it.
  await view.addInitScript('window.__name = (wrapped) => wrapped')
  view.setDefaultTimeout(5000)
  const errors: string[] = []
  view.on('pageerror', (error) => errors.push(String(error)))
  view.on('console', (message) => message.type() === 'error' && errors.push(message.text()))

  // Changes reach the picture in order, one after the other.
  let queue: Promise<unknown> = Promise.resolve()
  const program = loadMiniProgram(dist, {
    ...rest,
    onSetData: (page, change) => {
      if (page !== program.stack[program.stack.length - 1]) return
      queue = queue
        .then(() =>
          view.evaluate((sent) => (window as unknown as { __change?: (c: unknown) => void }).__change?.(sent), change),
        )
        .catch(() => undefined)
    },
  })
  await view.exposeFunction('__event', (event: unknown) => {
    const { eh } = program.page()
    if (typeof eh === 'function') eh.call(program.page(), event)
  })
  program.boot()
  const library = fs.readFileSync(require.resolve('glass-easel/dist/glass_easel.all.js'), 'utf8')
  const settle = async (): Promise<void> => {
    await program.settle()
    await queue
  }
  return {
    program,
    view,
    errors,
    warnings,
    settle,
    async show() {
      await settle()
      const page = program.page()
      await view.goto('about:blank')
      await view.setContent(
        `<!doctype html><html><head><meta charset=utf-8><meta name=viewport content="width=device-width,initial-scale=1">` +
          `<style>${ELEMENTS}</style><style>${styleOf(dist, 'app.wxss')}\n${styleOf(dist, `${page.route}.wxss`)}</style></head><body></body></html>`,
      )
      await view.evaluate(draw, {
        library,
        script,
        route: page.route,
        data: JSON.parse(JSON.stringify(page.data)) as unknown,
      })
    },
    close: () => browser.close(),
  }
}
