import JsBarcode from 'jsbarcode'
import { encode } from 'uqr'
import { code128, matrixPicture } from '@/components/code128'
import { pictureOf } from '@/components/GoodsGrid'
import { padFen, pressKey } from '@/components/StaffPad'
import { memberCodeIn } from '@/packages/staff/scan'
import { birthdayWords, callName, codeGroups, dayNames, groupDigits, monthName, signed } from '@/words'

test('figures are grouped, signed with a true minus, and never lose a digit', () => {
  expect([0, 999, 1000, 2846, 1_234_567, -600].map(groupDigits)).toEqual([
    '0',
    '999',
    '1,000',
    '2,846',
    '1,234,567',
    '\u2212600',
  ])
  expect([279, 0, -600].map(signed)).toEqual(['+279', '0', '\u2212600'])
})

test('birthdays are said as people say them, in both calendars', () => {
  expect(birthdayWords({ calendar: 'solar', month: 2, day: 29 })).toBe('2月29日')
  expect(birthdayWords({ calendar: 'lunar', month: 12, day: 8 })).toBe('农历腊月初八')
  expect(birthdayWords({ calendar: 'lunar', month: 1, day: 30 })).toBe('农历正月三十')
  expect(dayNames('lunar', 30).slice(9, 22).join(' ')).toBe(
    '初十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 廿一 廿二',
  )
  expect(monthName('2026-11-22')).toBe('2026年11月')
})

test('a Chinese full name is shortened to the given name, anything else stays whole', () => {
  expect(['林知夏', '欧阳知夏', '王芳', 'Anna', '会员9775'].map(callName)).toEqual([
    '知夏',
    '知夏',
    '王芳',
    'Anna',
    '会员9775',
  ])
})

test('Code 128 C has the bars that an independent encoder draws, and refuses an odd number of digits', () => {
  const digits = '880417296350827146'
  const drawn: { encodings?: Array<{ data: string }> } = {}
  JsBarcode(drawn, digits, { format: 'CODE128C' })
  const ours = code128(digits)
    .map((width, index) => (index % 2 === 0 ? '1' : '0').repeat(width))
    .join('')
  expect(ours).toBe(drawn.encodings?.map((one) => one.data).join(''))
  expect(ours).toHaveLength(134)
  expect(() => code128('123')).toThrow(RangeError)
})

test('the QR code of 18 digits is the smallest version, and its picture draws every dark module once', () => {
  const { data, size } = encode('880417296350827146', { ecc: 'M', border: 0 })
  expect(size).toBe(21)
  const svg = decodeURIComponent(matrixPicture(data, 0))
  const drawn = [...svg.matchAll(/h(\d+)v1/g)].reduce((sum, [, run]) => sum + Number(run), 0)
  expect(drawn).toBe(data.flat().filter(Boolean).length)
})

test('a scanned or typed code is 18 digits beginning with 88, spaces aside', () => {
  expect(memberCodeIn('8804 1729 6350 8271 46')).toBe('880417296350827146')
  expect(memberCodeIn('880417296350827146\n')).toBe('880417296350827146')
  for (const wrong of [
    '',
    '88041729635082714',
    '780417296350827146',
    '8804172963508271460',
    'http://x/880417296350827146',
  ])
    expect(memberCodeIn(wrong)).toBeNull()
  expect(codeGroups('880417296350827146')).toEqual(['8804', '1729', '6350', '8271', '46'])
})

test('the amount pad takes what is an amount and ignores what is not', () => {
  const typed = (keys: string): string => keys.split(' ').reduce(pressKey, '')
  expect(typed('2 6 8')).toBe('268')
  expect(typed('. 5')).toBe('0.5')
  expect(typed('0 0 7')).toBe('7')
  expect(typed('0 00 5')).toBe('5')
  expect(typed('1 . 2 3 4')).toBe('1.23')
  expect(typed('1 . 2 00')).toBe('1.20')
  expect(typed('1 . .')).toBe('1.')
  expect(typed('9 9 9 9 9 9 9')).toBe('999999')
  expect(typed('1 2 back back back')).toBe('')
  expect(['', '0', '268', '0.5', '1.', '1.05', '999999.99'].map(padFen)).toEqual([
    0, 0, 26_800, 50, 100, 105, 99_999_999,
  ])
})

test('every category of the shop has its picture', () => {
  const picture = (category: string, name: string): string => pictureOf({ category, name })
  expect(picture('餐厨', '摄政三层蛋糕架')).toBe('bake')
  expect(picture('收纳', '红色复古圆点大号购物袋')).toBe('bag')
  expect(picture('家饰', '绿色胶木闹钟')).toBe('clock')
  expect(picture('暖居', '巧克力色热水袋')).toBe('warm')
  expect(picture('没有见过', '没有见过')).toBe('decor')
})
