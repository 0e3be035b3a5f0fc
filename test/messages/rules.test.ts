import { readEnv } from '../../config/env'
import { templates } from '../../server/integrations/wechat/sandbox/cast'
import { composeFields, type MessageKind, messageKinds, sendableFrom, usualData } from '../../server/messages/rules'
import { templateIdOf, templateIds } from '../../server/messages/templates'

const shanghai = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`)

describe('template fields', () => {
  test('every kind fills exactly the fields of its template in the sandbox', () => {
    const ids = templateIds(readEnv({}))
    for (const [kind, { template, fields }] of Object.entries(messageKinds)) {
      if (!template) continue
      const card = templates.find((t) => t.templateId === ids.get(template))
      expect([kind, Object.keys(fields)]).toEqual([kind, card?.keywords.map((k) => k.key)])
    }
  })

  test('long text is cut to what WeChat takes', () => {
    const text = '生日礼券与一百八十八积分以及门店自取小蛋糕一份'
    const { fields, problem } = composeFields('birthday', { ...usualData('', 0), gift: text, until: '2026-12-06' })
    expect(problem).toBeNull()
    expect([...fields.thing1]).toHaveLength(20)
    expect(fields.thing1.endsWith('…')).toBe(true)
  })

  test.each<[MessageKind, Record<string, string>, string]>([
    ['birthday', { gift: '券', until: '下个月' }, 'invalid:date2'],
    ['birthday', { until: '2026-12-06' }, 'empty:thing1'],
    ['tier_up', { tier: 'Gold' }, 'invalid:phrase1'],
    ['purchase', { store: '店', amount: 'free', points: '1' }, 'invalid:amount2'],
  ])('%s names the field that WeChat would refuse', (kind, data, problem) => {
    expect(composeFields(kind, { ...usualData('文字', shanghai('2026-11-22 10:00')), ...data }).problem).toBe(problem)
  })
})

describe('quiet hours', () => {
  test.each<[MessageKind, string, string]>([
    ['birthday', '2026-11-22 00:35', '2026-11-22 08:30'],
    ['birthday', '2026-11-22 08:29', '2026-11-22 08:30'],
    ['birthday', '2026-11-22 08:30', '2026-11-22 08:30'],
    ['birthday', '2026-11-22 21:29', '2026-11-22 21:29'],
    ['birthday', '2026-11-22 21:30', '2026-11-23 08:30'],
    ['birthday', '2026-12-31 23:59', '2027-01-01 08:30'],
    ['purchase', '2026-11-22 23:00', '2026-11-22 23:00'],
  ])('%s at %s may go out at %s', (kind, at, from) => {
    expect(sendableFrom(kind, shanghai(at))).toBe(shanghai(from))
  })
})

describe('template ids', () => {
  test('a shop with an AppID has only the templates it names', () => {
    const env = readEnv({ WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 's', WECHAT_TEMPLATES: 'birthday=AAA, tier=BBB' })
    expect([...templateIds(env)]).toEqual([
      ['birthday', 'AAA'],
      ['tier', 'BBB'],
    ])
    expect(templateIdOf(env, 'birthday')).toBe('AAA')
    expect(templateIdOf(env, 'points_expiring')).toBeNull()
    expect(templateIdOf(env, 'unheard_of')).toBeNull()
  })
  test('a key that nothing uses is a mistake worth a stop', () => {
    expect(() => templateIds(readEnv({ WECHAT_TEMPLATES: 'birthdya=AAA' }))).toThrow('birthdya=AAA')
  })
})
