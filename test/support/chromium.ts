import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/snap/bin']
const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

/** Where a Chromium is, or null; HUIYUAN_CHROMIUM names another one. */
export const findChromium = (): string | null =>
  process.env.HUIYUAN_CHROMIUM ||
  ([...folders.flatMap((folder) => names.map((name) => join(folder, name))), mac].find((file) => existsSync(file)) ??
    null)

/** Headless, without the calls home that a machine behind a closed network would wait for. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
