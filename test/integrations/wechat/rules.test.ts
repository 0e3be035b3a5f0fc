import { assertWechatBase, wechatBaseUrl } from '../../../server/integrations/wechat/base-url'
import { isWechatError, retryDelayMs, unansweredError, wechatError } from '../../../server/integrations/wechat/errors'
import { maskSecrets, parseWechatJson } from '../../../server/integrations/wechat/http'
import {
  acceptsValue,
  type FieldType,
  fieldTypeOf,
  findFieldProblem,
  fitValue,
} from '../../../server/integrations/wechat/templates'

describe('base address', () => {
  it.each([
    'http://api.weixin.qq.com',
    'https://localhost/__wechat',
    'https://LOCALHOST.',
    'https://app.localhost',
    'https://127.0.0.1:3000/__wechat',
    'https://127.1',
    'https://2130706433',
    'https://0x7f.0.0.1',
    'https://0.0.0.0',
    'https://10.1.2.3',
    'https://172.20.0.2',
    'https://192.168.1.2',
    'https://169.254.169.254',
    'https://[::1]:3000',
    'https://[::]',
    'https://[0:0:0:0:0:ffff:127.0.0.1]',
    'https://[fd00::1]',
    'https://[fe80::1]',
    'https://sandbox',
    'https://user:secret@api.weixin.qq.com',
    'not an address',
    '',
  ])('%s is refused in production', (baseUrl) => {
    expect(() => assertWechatBase({ nodeEnv: 'production', baseUrl })).toThrow('WECHAT_API_BASE')
  })

  it.each([wechatBaseUrl, 'https://api2.weixin.qq.com/', 'https://wechat-gateway.example.com/path'])(
    '%s is fine in production',
    (baseUrl) => expect(() => assertWechatBase({ nodeEnv: 'production', baseUrl })).not.toThrow(),
  )

  it.each(['development', 'test', undefined])('the sandbox is fine in %s', (nodeEnv) => {
    expect(() => assertWechatBase({ nodeEnv, baseUrl: 'http://127.0.0.1:3000/__wechat' })).not.toThrow()
  })
})

describe('JSON', () => {
  it('keeps long integers as text and leaves everything else alone', () => {
    const text =
      '{"msgid":1864323726461255681,"a":[-1864323726461255681],"n":123456789012345,"f":0.1234567890123456789,"e":1e20,"s":"x 1864323726461255681 \\" 99999999999999999"}'
    expect(parseWechatJson(text)).toEqual({
      msgid: '1864323726461255681',
      a: ['-1864323726461255681'],
      n: 123456789012345,
      f: 0.12345678901234568,
      e: 1e20,
      s: 'x 1864323726461255681 " 99999999999999999',
    })
  })

  it.each(['', 'null', '[]', '1', '"x"', '{', '<html>'])('%p is no answer', (text) => {
    expect(parseWechatJson(text)).toBeNull()
  })
})

it('masks secrets in addresses and bodies', () => {
  const url = 'https://x/sns?appid=wx1&secret=S3CRET&js_code=C0DE&grant_type=authorization_code'
  expect(maskSecrets(url)).toBe('https://x/sns?appid=wx1&secret=***&js_code=***&grant_type=authorization_code')
  expect(maskSecrets('access_token=T0KEN')).toBe('access_token=***')
  expect(maskSecrets('{"session_key":"a\\"b","purePhoneNumber": 13800000001,"errcode":0}')).toBe(
    '{"session_key":"***","purePhoneNumber": "***","errcode":0}',
  )
})

describe('errors', () => {
  it.each([
    ['invalid code, rid: 654df33c-64386a2f-29857782', 'invalid code', '654df33c-64386a2f-29857782'],
    ['access_token expired rid: 656e8793-061949b5-738cb8f4', 'access_token expired', '656e8793-061949b5-738cb8f4'],
    ['invalid page hint: [6qqTta0210c393]', 'invalid page', '6qqTta0210c393'],
    ['invalid code, hints: [ req_id: wFhCHLye-x1 ]', 'invalid code,', 'wFhCHLye-x1'],
    ['system error', 'system error', null],
  ])('reads the trace id of %p', (errmsg, text, rid) => {
    const error = wechatError('/x', 40029, errmsg)
    expect(error.rid).toBe(rid)
    expect(error.message).toBe(`WeChat /x refused with 40029: ${text}`)
    expect(isWechatError(error)).toBe(true)
  })

  it('knows what may be repeated and when', () => {
    // 2026-11-22 23:30:10 in China.
    const now = Date.UTC(2026, 10, 22, 15, 30, 10)
    const delay = (errcode: number, attempt = 1) => retryDelayMs(wechatError('/x', errcode, ''), attempt, now)
    expect(delay(43101)).toBeNull()
    expect(delay(40013)).toBeNull()
    expect(delay(-99)).toBeNull()
    expect(delay(-1)).toBe(1000)
    expect(delay(-1, 4)).toBe(8000)
    expect(delay(-1, 40)).toBe(60_000)
    expect(delay(43108)).toBe(1500)
    expect(delay(45011)).toBe(50_500)
    expect(delay(45009)).toBe(29 * 60_000 + 50_000 + 60_000)
    expect(retryDelayMs(unansweredError('/x', 'timed out', 'unclear'), 1, now)).toBeNull()
    expect(retryDelayMs(unansweredError('/x', 'refused', 'none'), 1, now)).toBe(1000)
  })
})

describe('fields of a subscription message', () => {
  it('takes the type from the key', () => {
    expect(['thing1', 'character_string12', 'phone_number3', 'time'].map(fieldTypeOf)).toEqual([
      'thing',
      'character_string',
      'phone_number',
      'time',
    ])
    expect(fieldTypeOf('things1')).toBeNull()
  })

  it.each<[FieldType, string[], string[]]>([
    ['thing', ['字'.repeat(20), '积分 +20 (购物)'], ['字'.repeat(21), '两\n行', ' ', '']],
    ['number', ['0', '-12.50', '1'.repeat(32)], ['1,000', '1.', '1'.repeat(33), '１']],
    ['letter', ['VIP'], ['V1', 'a'.repeat(33)]],
    ['symbol', ['+', '【】'], ['a', '++++++']],
    ['character_string', ['HY-2026_1122'], ['单号1', 'a b', 'x'.repeat(33)]],
    ['time', ['15:01', '2019年10月1日 15:01', '09:00~21:30', '2026-11-22 08:05:09'], ['24:00', '15：01', '明天']],
    [
      'date',
      ['2019年10月1日', '2019-10-01 15:01', '2026.11.22', '2026/11/22~2026/12/22'],
      ['10月1日', '2019-10/01', '15:01'],
    ],
    ['amount', ['¥20', '20.50元', '￥1234567890'], ['12345678901', '20.555', '20 元', '免费']],
    ['phone_number', ['400-800-8820', '+86 13800000001'], ['电话', '1'.repeat(18)]],
    ['car_number', ['粤A8Z888挂', '京A12345'], ['粤A8Z888888挂']],
    [
      'name',
      ['王小明', 'Alexander Hamilton', '王'.repeat(10)],
      ['王'.repeat(11), 'A'.repeat(21), `${'A'.repeat(10)}王`],
    ],
    ['phrase', ['黄金会员'], ['VIP会员', '至尊黄金会员']],
    ['enum', ['任意'], ['']],
  ])('%s', (type, good, bad) => {
    expect(good.filter((value) => !acceptsValue(type, value))).toEqual([])
    expect(bad.filter((value) => acceptsValue(type, value))).toEqual([])
  })

  it('finds the first problem', () => {
    expect(findFieldProblem({ thing1: '好', date2: '' })).toEqual({ key: 'date2', problem: 'empty' })
    expect(findFieldProblem({ thing1: '好', what2: '?' })).toEqual({ key: 'what2', problem: 'unknown-type' })
    expect(findFieldProblem({ enum1: '丙' }, { enum1: ['甲', '乙'] })).toEqual({ key: 'enum1', problem: 'invalid' })
    expect(findFieldProblem({ enum1: '甲' }, { enum1: ['甲', '乙'] })).toBeNull()
  })

  it('makes free text fit, by characters and not by code units', () => {
    const fitted = fitValue('thing', `生日\n礼券${'🎂'.repeat(30)}`)
    expect([...fitted]).toHaveLength(20)
    expect(fitted.startsWith('生日 礼券🎂')).toBe(true)
    expect(fitted.endsWith('🎂…')).toBe(true)
    expect(fitValue('thing', ' 短 ')).toBe('短')
    expect(fitValue('phrase', '至尊黄金会员')).toBe('至尊黄金会')
    expect(fitValue('name', 'A'.repeat(30))).toHaveLength(20)
    expect(fitValue('date', '2026-11-22')).toBe('2026-11-22')
  })
})
