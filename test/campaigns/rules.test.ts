import { anniversariesOn, carePolicy, daysToTreat, giftPoints, yearsOn } from '../../server/campaigns/rules'

test('every civil day since the last one treated is treated, at most 31', () => {
  expect(daysToTreat(null, '2026-03-01')).toEqual(['2026-03-01'])
  expect(daysToTreat('2026-02-28', '2026-03-01')).toEqual(['2026-03-01'])
  expect(daysToTreat('2026-02-26', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
  // A second run of one day treats that day again; the gifts' unique key makes it harmless.
  expect(daysToTreat('2026-03-01', '2026-03-01')).toEqual(['2026-03-01'])
  const long = daysToTreat('2025-06-01', '2026-03-01')
  expect([long.length, long[0], long[30]]).toEqual([carePolicy.catchUpDays, '2026-01-30', '2026-03-01'])
})

test('who joined on 29 February celebrates on the 28th of a common year', () => {
  expect(anniversariesOn('2026-02-28')).toEqual(['02-28', '02-29'])
  expect(anniversariesOn('2028-02-28')).toEqual(['02-28'])
  expect(anniversariesOn('2028-02-29')).toEqual(['02-29'])
  expect(yearsOn('2026-02-28', '2024-02-29')).toBe(2)
})

test('points follow the tier level, and a level beyond the table gets the last', () => {
  expect([0, 1, 3, 9].map((level) => giftPoints('birthday', level))).toEqual([66, 88, 188, 188])
  expect(giftPoints('anniversary', 2)).toBe(88)
})
