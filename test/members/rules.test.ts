import fc from 'fast-check'
import {
  birthdayChangeableOn,
  birthdayRefusal,
  composeCode,
  luhnDigit,
  readCode,
  smsWaitMs,
} from '../../server/members/rules'

const minute = 60_000
const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((d) => d.join(''))

describe('member code', () => {
  test('Luhn digit of known numbers', () => {
    // The textbook example and a well-known test card number.
    expect(luhnDigit('7992739871')).toBe('3')
    expect(luhnDigit('411111111111111')).toBe('1')
  })
  test('what is composed is read back, as 18 digits that no payment code looks like', () => {
    fc.assert(
      fc.property(digits(9), digits(5), (handle, otp) => {
        const code = composeCode({ handle, otp })
        expect(code).toMatch(/^88\d{16}$/)
        expect(code).not.toMatch(/^(1[0-5]|2[5-9]|30|62)/)
        expect(readCode(code)).toEqual({ handle, otp })
      }),
    )
  })
  test('one wrong digit anywhere is noticed', () => {
    fc.assert(
      fc.property(digits(9), digits(5), fc.nat(17), fc.integer({ min: 1, max: 9 }), (handle, otp, at, by) => {
        const code = composeCode({ handle, otp })
        const typo = code.slice(0, at) + ((Number(code[at]) + by) % 10) + code.slice(at + 1)
        expect(readCode(typo)).toBeNull()
      }),
    )
  })
})

describe('texts to one phone', () => {
  const now = 1_000 * minute
  test('one a minute', () => {
    expect(smsWaitMs([], now)).toBe(0)
    expect(smsWaitMs([now - 59_000], now)).toBe(1_000)
    expect(smsWaitMs([now - 60_000], now)).toBe(0)
  })
  test('five an hour and ten a day', () => {
    const every = (count: number, gap: number) => Array.from({ length: count }, (_, i) => now - (i + 1) * gap)
    expect(smsWaitMs(every(4, 2 * minute), now)).toBe(0)
    expect(smsWaitMs(every(5, 2 * minute), now)).toBe(50 * minute)
    expect(smsWaitMs(every(9, 30 * minute), now)).toBe(0)
    expect(smsWaitMs(every(10, 30 * minute), now)).toBe(19 * 60 * minute)
  })
})

describe('birthday', () => {
  const lunar = { calendar: 'lunar', month: 8, day: 15 } as const
  test('the first is free, the next after 365 days', () => {
    expect(birthdayRefusal(lunar, null, null, '2026-11-22')).toBeNull()
    expect(birthdayRefusal(lunar, { ...lunar, day: 1 }, '2026-11-22', '2027-11-21')?.code).toBe('birthday_locked')
    expect(birthdayRefusal(lunar, { ...lunar, day: 1 }, '2026-11-22', '2027-11-22')).toBeNull()
    expect(birthdayChangeableOn('2026-11-22', '2027-11-21')).toBe('2027-11-22')
    expect(birthdayChangeableOn('2026-11-22', '2027-11-22')).toBeNull()
  })
  test('one that an import brought may be corrected at once', () => {
    expect(birthdayRefusal(lunar, { ...lunar, day: 1 }, null, '2026-11-22')).toBeNull()
  })
  test('a day that no year has is refused', () => {
    expect(birthdayRefusal({ calendar: 'solar', month: 2, day: 30 }, null, null, '2026-11-22')?.code).toBe(
      'invalid_input',
    )
    expect(birthdayRefusal({ calendar: 'lunar', month: 2, day: 31 }, null, null, '2026-11-22')?.code).toBe(
      'invalid_input',
    )
    expect(birthdayRefusal({ calendar: 'solar', month: 2, day: 29 }, null, null, '2026-11-22')).toBeNull()
  })
})
