import { scanWithWechat } from '../../platform'
import { scanWithBrowser } from './camera'

/** Reads a code by camera or from a picture. Null when the person closed the scanner. */
export const scanCode = (): Promise<string | null> =>
  // Named as the compiler replaces it: in WeChat the browser's half and what it fetches are left out.
  process.env.TARO_ENV === 'weapp' ? scanWithWechat() : scanWithBrowser()

/** The 18 digits in what was scanned or typed, spaces aside; null when there are none. */
export function memberCodeIn(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return /^88\d{16}$/.test(digits) ? digits : null
}

/** The 12 digits of a pick-up code in what was scanned or typed; null when there are none. */
export function pickupCodeIn(text: string): string | null {
  const digits = text.replace(/[\s-]/g, '')
  return /^66\d{10}$/.test(digits) ? digits : null
}
