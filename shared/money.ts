/**
 * Money is an integer number of fen (1 yuan = 100 fen), never a float. The mini-program carries this file, so it uses
 * neither Intl nor BigInt.
 */

/** How a fraction of a fen is rounded. 'half-up' is away from zero, so that a refund mirrors its purchase exactly. */
export type Rounding = 'half-up' | 'down' | 'up'

/** Signs as the pages print them: a true minus, as wide as the plus. */
const MINUS = '\u2212'

function assertFen(fen: number): void {
  if (!Number.isSafeInteger(fen)) throw new RangeError(`Not an amount in fen: ${fen}`)
}

/** 123450 -> '1,234.50', for places where the page draws the sign ¥ itself. */
export function formatAmount(fen: number): string {
  assertFen(fen)
  const magnitude = Math.abs(fen)
  const yuan = String(Math.floor(magnitude / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? MINUS : ''}${yuan}.${String(magnitude % 100).padStart(2, '0')}`
}

/** 123450 -> '¥1,234.50', -5800 -> '−¥58.00'. */
export function formatYuan(fen: number): string {
  return fen < 0 ? `${MINUS}¥${formatAmount(-fen)}` : `¥${formatAmount(fen)}`
}

/** 2000 -> '¥20', 2050 -> '¥20.50': the short form of coupons and chips, where whole yuan are the rule. */
export function formatYuanShort(fen: number): string {
  return formatYuan(fen).replace(/\.00$/, '')
}

/**
 * Reads an amount of yuan as a person types it: '1,234.5', '¥ 58', '0.05', and full-width digits from a Chinese keyboard.
 * Null for everything else: no digits, more than two decimals, a comma in the wrong place, an exponent, an amount beyond
 * what an integer holds. Text becomes an integer directly; no float comes between.
 */
export function parseYuan(text: string): number | null {
  const plain = text
    .replace(/[０-９．，－]/g, (c) => '0123456789.,-'['０１２３４５６７８９．，－'.indexOf(c)] as string)
    .trim()
    .replace(/^([-\u2212]?)\s*[¥￥]\s*/, '$1')
  const match = /^([-\u2212]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/.exec(plain)
  if (!match) return null
  const fen = Number((match[2] as string).replace(/,/g, '') + (match[3] ?? '').padEnd(2, '0'))
  if (!Number.isSafeInteger(fen)) return null
  return match[1] && fen !== 0 ? -fen : fen
}

/** Divides integers and rounds; the sign is taken off first, so all three roundings treat −x as the mirror of x. */
function divide(numerator: number, denominator: number, rounding: Rounding): number {
  const magnitude = Math.abs(numerator)
  const rest = magnitude % denominator
  const whole = (magnitude - rest) / denominator
  const carry = rounding === 'up' ? rest > 0 : rounding === 'half-up' && rest * 2 >= denominator
  const result = carry ? whole + 1 : whole
  return numerator < 0 && result !== 0 ? -result : result
}

/**
 * A share of an amount, in hundredths of a percent (10,000 = all of it, 8,800 = 八八折), rounded half up unless told
 * otherwise. Exact for every amount: the whole ten-thousands are multiplied apart from the rest, so that nothing leaves
 * the range of integers.
 */
export function applyBasisPoints(fen: number, basisPoints: number, rounding: Rounding = 'half-up'): number {
  assertFen(fen)
  if (!Number.isSafeInteger(basisPoints) || basisPoints < 0)
    throw new RangeError(`Not a number of basis points: ${basisPoints}`)
  const rest = fen % 10_000
  const result = ((fen - rest) / 10_000) * basisPoints + divide(rest * basisPoints, 10_000, rounding)
  assertFen(result)
  return result
}

/** A whole percentage of an amount (88 = 八八折), rounded half up to the fen unless told otherwise. */
export function applyPercent(fen: number, percent: number, rounding: Rounding = 'half-up'): number {
  return applyBasisPoints(fen, percent * 100, rounding)
}

/**
 * Quantity times a decimal price as a till or a CSV file writes it, in hundredths of the currency, each line rounded
 * half up: (3, '0.125') -> 38. Null when the price is not a plain decimal number or the product is out of range.
 */
export function multiplyPrice(quantity: number, price: string): number | null {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,6}))?$/.exec(price.trim())
  if (!match || !Number.isSafeInteger(quantity)) return null
  const decimals = match[3] ?? ''
  const scaled = Number((match[2] as string) + decimals.padEnd(2, '0'))
  const product = scaled * quantity * (match[1] ? -1 : 1)
  if (!Number.isSafeInteger(product)) return null
  return divide(product, 10 ** Math.max(0, decimals.length - 2), 'half-up')
}
