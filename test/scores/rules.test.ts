import { describeShares, difference, restsOn } from '../../server/scores/benefit-rules'
import {
  judgeDrift,
  judgeDuplicates,
  judgeFreshness,
  judgeImpossible,
  judgeRecounted,
  judgeVolume,
  stabilityIndex,
} from '../../server/scores/gate-rules'
import { groupDimensions, nameGroups } from '../../server/scores/group-names'
import { daypartOf, influenceOf, quartersOf, sharesOf } from '../../server/scores/profile-rules'
import {
  defaultRfmRules,
  faultOfRfm,
  frequencyScore,
  quantileScore,
  recencyScore,
  segmentOf,
  spendScore,
} from '../../server/scores/rfm-rules'
import {
  defaultStageRules,
  dormantAfter,
  faultOfStages,
  lostAfter,
  stageAt,
  stageOf,
} from '../../server/scores/stage-rules'
import { type Situation, suggestionRules, suggestionsFor } from '../../server/scores/suggestion-rules'
import { rfmCodes, rfmWords } from '../../shared/score-words'
import { startOfDay } from '../../shared/time'

describe('life-cycle stages', () => {
  const rules = defaultStageRules
  const name = (purchaseDays: number, span: number, since: number): string =>
    stageAt(stageOf(rules, purchaseDays, span, since))

  test('who has not bought is new, however long ago he joined', () => {
    expect(name(0, 0, 0)).toBe('new')
    expect(name(0, 0, 5000)).toBe('new')
  })
  test('without an own interval the shop’s limits hold, to the day', () => {
    expect(name(1, 0, 60)).toBe('active')
    expect(name(1, 0, 61)).toBe('dormant')
    expect(name(2, 10, 180)).toBe('dormant')
    expect(name(2, 10, 181)).toBe('lost')
  })
  test('with one, a multiple of it holds, within bounds', () => {
    // Five purchase days over 120 days: one every 30.
    expect(dormantAfter(rules, 5, 120)).toBe(60)
    expect(lostAfter(rules, 5, 120)).toBe(120)
    expect(name(5, 120, 60)).toBe('loyal')
    expect(name(4, 90, 60)).toBe('active')
    expect(name(5, 120, 61)).toBe('dormant')
    expect(name(5, 120, 121)).toBe('lost')
    // Every day: nobody is dormant after two days. Every 200 days: nobody waits 400.
    expect([dormantAfter(rules, 30, 29), lostAfter(rules, 30, 29)]).toEqual([21, 90])
    expect([dormantAfter(rules, 3, 400), lostAfter(rules, 3, 400)]).toEqual([120, 300])
  })
  test('lost always comes after dormant, whatever the settings', () => {
    for (let days = 1; days < 12; days++)
      for (let span = days - 1; span < 900; span += 7)
        expect(lostAfter({ ...rules, lostMinDays: 1, lostMaxDays: 30 }, days, span)).toBeGreaterThan(
          dormantAfter({ ...rules, lostMinDays: 1, lostMaxDays: 30 }, days, span),
        )
  })
  test.each([
    [{ lostDays: 60 }, '流失天数'],
    [{ dormantMaxDays: 10 }, '上限'],
    [{ lostIntervals: 2 }, '间隔倍数'],
  ])('refuses %j', (change, word) => {
    expect(faultOfStages({ ...rules, ...change })).toContain(word)
    expect(faultOfStages(rules)).toBeNull()
  })
})

describe('RFM', () => {
  test('fixed limits belong to the better score', () => {
    expect([0, 7, 8, 30, 31, 120, 121].map((d) => recencyScore(defaultRfmRules.recencyDays, d))).toEqual([
      5, 5, 4, 4, 3, 2, 1,
    ])
    expect([1, 2, 3, 4, 5, 7, 8].map((n) => frequencyScore(defaultRfmRules.purchases, n))).toEqual([
      1, 2, 3, 3, 4, 4, 5,
    ])
    expect([0, 19_999, 20_000, 300_000].map((f) => spendScore(defaultRfmRules.spendFen, f))).toEqual([1, 1, 2, 5])
  })
  test('equal values get equal scores', () => {
    expect([1, 1, 2, 9].map((v) => quantileScore([1, 1, 2, 4], v))).toEqual([1, 1, 3, 5])
  })
  test('every combination has a segment, and every segment words', () => {
    const found = new Set<string>()
    for (let r = 1; r <= 5; r++)
      for (let f = 1; f <= 5; f++) for (let m = 1; m <= 5; m++) found.add(segmentOf(4, r, f, m))
    expect(segmentOf(4, 0, 0, 0)).toBe('none')
    expect([...found, 'none'].sort()).toEqual([...rfmCodes].sort())
    expect(segmentOf(4, 5, 4, 4)).toBe('champion')
    expect(rfmWords[segmentOf(4, 1, 1, 5)].name).toBe('重要挽留')
  })
  test('limits must rise', () => {
    expect(faultOfRfm({ ...defaultRfmRules, purchases: [1, 1, 2, 3] })).toContain('消费次数')
    expect(faultOfRfm(defaultRfmRules)).toBeNull()
  })
})

describe('the gate', () => {
  test('freshness', () => {
    expect(judgeFreshness(null, 96).result).toBe('passed')
    expect([24, 25, 96, 97].map((h) => judgeFreshness(h, 96).result)).toEqual(['passed', 'warned', 'warned', 'failed'])
  })
  test('volume against the same weekday; a small shop is not judged', () => {
    const judge = (orders: number) => judgeVolume(orders, 100, 2000, 50_000).result
    expect([10, 19, 30, 41, 200, 300, 501].map(judge)).toEqual([
      'failed',
      'failed',
      'warned',
      'passed',
      'passed',
      'warned',
      'failed',
    ])
    expect(judgeVolume(0, 5, 2000, 50_000).result).toBe('passed')
  })
  test('duplicates, impossible values, waiting rows', () => {
    expect([4, 20, 60].map((n) => judgeDuplicates(n, 1000).result)).toEqual(['passed', 'warned', 'failed'])
    expect([0, 5, 6].map((n) => judgeImpossible(n, 1000).result)).toEqual(['passed', 'warned', 'failed'])
    expect([0, 10, 11].map((n) => judgeRecounted(n, 1000).result)).toEqual(['passed', 'warned', 'failed'])
  })
  test('drift: the same shape scores next to nothing, another one fails and leaves no baseline behind', () => {
    const usual = [100, 200, 400, 200, 100]
    expect(stabilityIndex(usual, usual)).toBeCloseTo(0, 10)
    // Two bins, 70 : 30 against 50 : 50, by hand: (0.7 − 0.5) ln 1.4 + (0.3 − 0.5) ln 0.6 = 0.169.
    expect(stabilityIndex([7000, 3000], [5000, 5000])).toBeCloseTo(0.169, 2)
    expect(judgeDrift('drift_amount', usual, usual, usual)).toMatchObject({ result: 'passed', baseline: usual })
    const other = judgeDrift('drift_amount', [1000, 0, 0, 0, 0], usual, usual)
    expect(other.result).toBe('failed')
    expect(other.baseline).toBeUndefined()
    expect(judgeDrift('drift_amount', [3], [1], [2]).result).toBe('passed')
  })
})

describe('profile', () => {
  test('shares are of what is left after refunds, largest first', () => {
    expect(
      sharesOf(
        new Map([
          ['茶器', 100],
          ['香薰', 300],
          ['文具', 0],
        ]),
      ),
    ).toEqual([
      { key: '香薰', share: 7500 },
      { key: '茶器', share: 2500 },
    ])
    expect(sharesOf(new Map([['a', 0]]))).toEqual([])
  })
  test('quarters by nearest rank', () => {
    expect(quartersOf([])).toBeNull()
    expect(quartersOf([5])).toEqual([5, 5, 5])
    expect(quartersOf([4, 1, 3, 2])).toEqual([1, 2, 3])
  })
  test('parts of the day on the shop’s wall clock', () => {
    const at = (hour: number) => daypartOf(startOfDay('2026-11-22') + hour * 3_600_000, '2026-11-22')
    expect([0, 6, 11, 14, 18, 21].map(at)).toEqual(['night', 'morning', 'noon', 'afternoon', 'evening', 'night'])
  })
  test('a friend who joined weighs more than shares', () => {
    expect(influenceOf({ shares: 3, reviews: 1, referrals: 2 })).toBe(15)
  })
})

describe('suggestions', () => {
  const usual: Situation = {
    stage: 'active',
    band: 'low',
    churnBp: 1200,
    clvRankBp: 5000,
    daysToDormant: 40,
    daysOverdue: -10,
    couponsHeld: 0,
    personalised: true,
  }
  const codes = (change: Partial<Situation>) => suggestionsFor({ ...usual, ...change }).map((s) => s.code)

  test('follow from the situation, three at most, with figures filled in', () => {
    expect(codes({})).toEqual([])
    expect(codes({ band: 'high', churnBp: 8100, clvRankBp: 800 })).toEqual(['rescue-valuable'])
    expect(codes({ couponsHeld: 2, daysToDormant: 3, daysOverdue: 5 })).toEqual([
      'use-held-coupon',
      'before-dormant',
      'overdue',
    ])
    expect(codes({ stage: 'new', band: null })).toEqual(['first-purchase'])
    expect(codes({ stage: 'loyal' })).toEqual(['no-discount'])
    expect(codes({ stage: 'lost', clvRankBp: 9000 })).toEqual(['let-go'])
    for (const s of suggestionsFor({ ...usual, band: 'high', churnBp: 8100, clvRankBp: 800 })) {
      expect(s.why).toContain('81%')
      expect(s.why).not.toMatch(/[{}]|undefined|NaN/)
    }
  })
  test('are not personal for who has switched personalisation off', () => {
    expect(codes({ personalised: false, band: 'high', clvRankBp: 1 })).toEqual(['not-personalised'])
  })
  test('have codes of their own', () => {
    expect(new Set(suggestionRules.map((r) => r.code)).size).toBe(suggestionRules.length)
  })
})

describe('benefit', () => {
  test('the difference of two means has Welch’s interval', () => {
    const sums = (values: number[]) => ({
      members: values.length,
      sum: values.reduce((a, b) => a + b, 0),
      squares: values.reduce((a, b) => a + b * b, 0),
    })
    // Means 3 and 1; variances 2.5 and 1: error = 1.959964 · √(2.5 / 5 + 1 / 3).
    const found = difference(sums([1, 2, 3, 4, 5]), sums([0, 1, 2]))
    expect(found?.value).toBeCloseTo(2, 10)
    expect((found?.high ?? 0) - 2).toBeCloseTo(1.959964 * Math.sqrt(2.5 / 5 + 1 / 3), 6)
    expect(difference(sums([1]), sums([1, 2]))).toBeNull()
  })
  test('shares are told apart only where there are enough and the interval leaves 0', () => {
    expect(describeShares({ of: 10, yes: 9 }, { of: 500, yes: 10 })).toContain('人数太少')
    expect(describeShares({ of: 200, yes: 100 }, { of: 200, yes: 95 })).toContain('看不出差别')
    expect(describeShares({ of: 500, yes: 300 }, { of: 500, yes: 200 })).toMatch(/^高 20\.0 个百分点/)
  })
  test('a journey or segment shows by which model it chose', () => {
    expect(restsOn('churn', '{"trigger":{"kind":"churn","above":0.7}}')).toBe(true)
    expect(restsOn('value', '{"field":"clv","op":"gte"}')).toBe(true)
    expect(restsOn('next', '{"trigger":{"kind":"churn"}}')).toBe(false)
  })
})

describe('names of groups', () => {
  const model = (centres: number[][]) => ({
    kind: 'k-means' as const,
    centres,
    means: [3, 1.5, 10, 3],
    deviations: [1, 0.5, 1, 1],
    sizes: centres.map(() => 1),
    inertia: 1,
    rows: 3,
    iterations: 1,
  })
  test('say where a centre differs most, and differ from each other', () => {
    const named = nameGroups(
      model([
        [1, 2.6, 10, 2],
        [5, 1, 10, 3],
        [3, 1.5, 10.1, 3],
        [1, 2.6, 9.5, 2],
      ]),
    )
    expect(named.map((g) => g.name)).toEqual([
      '来得勤、近期来过',
      '久未再来、次数少',
      '中间的多数',
      '来得勤、近期来过、间隔短',
    ])
    expect(named[0].explanation).toContain('距上次消费约')
    expect(named[0].centre).toHaveLength(groupDimensions.length)
  })
})
