import { durationText, lagText, scheduleWords } from '../../client/admin/jobs/JobRun'

test.each([
  ['* * * * *', '每分钟'],
  ['*/10 * * * *', '每 10 分钟'],
  ['*/30 * * * * *', '每 30 秒'],
  ['0 * * * *', '每小时的 00 分'],
  ['0 */6 * * *', '每 6 小时'],
  ['5 0 * * *', '每天 00:05'],
  ['0 5 0 * * *', '每天 00:05'],
  ['30 4 * * 1', '每周一 04:30'],
  ['0 3 1 * *', '0 3 1 * *'],
  ['0 9-18 * * *', '0 9-18 * * *'],
])('%s is said as %s', (cron, words) => expect(scheduleWords(cron)).toBe(words))

test('durations are said in the unit that fits', () => {
  expect([durationText(820), durationText(3240), durationText(250_000), lagText(400), lagText(2400)]).toEqual([
    '820 毫秒',
    '3.2 秒',
    '4 分 10 秒',
    '准时',
    '2.4 秒',
  ])
})
