// Programs that are not npm packages and that only tests and screenshots need. Nothing here is needed to run the shop.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const WINDOWS = process.platform === 'win32'

/** Folders that a login shell of root has and others often lack, and where Homebrew keeps what it does not link. */
const EXTRA_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
]

const CHROMIUM_APPS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The absolute path of the first of some programs that is there, or null. */
function findProgram(names) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...EXTRA_FOLDERS]
  for (const name of names)
    for (const folder of folders) {
      const file = path.join(folder, WINDOWS ? `${name}.exe` : name)
      if (folder && isExecutable(file)) return file
    }
  return null
}

/** The MariaDB server, for a private instance on a free port. HUIYUAN_MARIADBD names another one. */
export function findMariadbd() {
  return process.env.HUIYUAN_MARIADBD || findProgram(['mariadbd'])
}

/** Chromium or Chrome, driven by playwright-core. HUIYUAN_CHROMIUM names another one. */
export function findChromium() {
  return (
    process.env.HUIYUAN_CHROMIUM ||
    findProgram(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) ||
    CHROMIUM_APPS.find(isExecutable) ||
    null
  )
}

/** Whether Chinese text can be drawn. Only Linux comes without such a font. */
export function hasChineseFont() {
  if (process.platform !== 'linux') return true
  const list = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return list.status === 0 && list.stdout.trim() !== ''
}

/** What the full test run needs beyond npm, where it is, what goes without it and how to get it. */
export function listTools() {
  return [
    {
      name: 'MariaDB server',
      found: findMariadbd(),
      without: 'everything that runs on the MySQL family is skipped; SQLite is still tested',
      how: 'Debian/Ubuntu: sudo apt-get install -y mariadb-server · macOS: brew install mariadb',
    },
    {
      name: 'Chromium',
      found: findChromium(),
      without: 'journeys in the browser and screenshots are skipped',
      how: 'Debian/Ubuntu: sudo apt-get install -y chromium · macOS: brew install --cask chromium',
    },
    {
      name: 'Chinese font',
      found: hasChineseFont() ? 'installed' : null,
      without: 'screenshots show boxes instead of Chinese text',
      how: 'Debian/Ubuntu: sudo apt-get install -y fonts-noto-cjk fonts-noto-cjk-extra',
    },
  ]
}
