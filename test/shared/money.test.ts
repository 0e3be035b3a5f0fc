import fc from 'fast-check'
import {
  applyBasisPoints,
  applyPercent,
  formatAmount,
  formatYuan,
  formatYuanShort,
  multiplyPrice,
  parseYuan,
} from '../../shared/money'

describe('printing', () => {
  test.each([
    [123450, '¥1,234.50'],
    [0, '¥0.00'],
    [5, '¥0.05'],
    [99999, '¥999.99'],
    [100000000, '¥1,000,000.00'],
    [-5800, '−¥58.00'],
  ])('%d fen', (fen, text) => expect(formatYuan(fen)).toBe(text))

  test('the short form drops whole-yuan decimals only', () => {
    expect(formatYuanShort(2000)).toBe('¥20')
    expect(formatYuanShort(2050)).toBe('¥20.50')
    expect(formatYuanShort(128600)).toBe('¥1,286')
    expect(formatAmount(-123450)).toBe('−1,234.50')
  })

  test('a float or an unsafe integer is refused, not printed', () => {
    for (const fen of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(() => formatYuan(fen)).toThrow(RangeError)
  })
})

describe('reading', () => {
  test.each([
    ['1,234.5', 123450],
    ['1234.50', 123450],
    ['¥ 58', 5800],
    ['￥58.00', 5800],
    ['-¥58.00', -5800],
    ['−¥58.00', -5800],
    ['0.05', 5],
    ['0', 0],
    ['-0', 0],
    [' 8.29 ', 829],
    ['１２．５', 1250],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
  ])('%s', (text, fen) => expect(parseYuan(text)).toBe(fen))

  test.each([
    '',
    '¥',
    '1.234',
    '1,23',
    '12,345,6',
    '1e3',
    'abc',
    '1.',
    '.5',
    '1 2',
    '90071992547409.92',
    '--1',
    '1.-5',
  ])('refuses %j', (text) => expect(parseYuan(text)).toBeNull())

  test('reads back whatever was printed', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (fen) => expect(parseYuan(formatYuan(fen))).toBe(fen)))
  })
})

describe('shares', () => {
  test('half a fen goes up, and a refund mirrors its purchase', () => {
    expect(applyPercent(25, 50)).toBe(13)
    expect(applyPercent(-25, 50)).toBe(-13)
    expect(applyPercent(24, 51)).toBe(12)
    expect(applyPercent(26800, 88)).toBe(23584)
    expect(applyPercent(99, 0)).toBe(0)
  })

  test('down and up', () => {
    expect(applyPercent(99, 88, 'down')).toBe(87)
    expect(applyPercent(99, 88, 'up')).toBe(88)
    expect(applyPercent(-99, 88, 'down')).toBe(-87)
    expect(applyPercent(100, 88, 'up')).toBe(88)
  })

  test('equals exact arithmetic for every amount and share', () => {
    const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 20_000 }), (fen, basisPoints) => {
        const magnitude = BigInt(Math.abs(fen)) * BigInt(basisPoints)
        const halfUp = Number((magnitude * 2n + 10_000n) / 20_000n) * Math.sign(fen)
        expect(applyBasisPoints(fen, basisPoints)).toBe(halfUp === 0 ? 0 : halfUp)
      }),
    )
  })

  test('a negative or fractional share is refused', () => {
    expect(() => applyPercent(100, -1)).toThrow(RangeError)
    expect(() => applyBasisPoints(100, 0.5)).toThrow(RangeError)
    expect(() => applyBasisPoints(Number.MAX_SAFE_INTEGER, 20_000)).toThrow(RangeError)
  })
})

describe('quantity times price', () => {
  test.each([
    [6, '2.55', 1530],
    [3, '0.125', 38],
    [1, '0.001', 0],
    [5, '0.001', 1],
    [-6, '2.55', -1530],
    [-3, '0.125', -38],
    [2, '-11062.06', -2212412],
    [80995, '2.08', 16846960],
    [0, '3', 0],
  ])('%d × %s', (quantity, price, fen) => expect(multiplyPrice(quantity, price)).toBe(fen))

  test.each([
    [1, ''],
    [1, 'free'],
    [1, '1e3'],
    [1.5, '2.00'],
    [9_007_199_254_740_991, '2.55'],
  ])('refuses %d × %j', (quantity, price) => expect(multiplyPrice(quantity, price)).toBeNull())
})
