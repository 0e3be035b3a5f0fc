import { z } from 'zod'
import { day, define, done, id, nothing, text, time } from './define'
import { freshness, scoreRun } from './scores'

const bp = z.int().min(0).max(10_000)
const days = z.int().min(1).max(3650)
const four = z.array(z.int().min(0).max(1_000_000_000)).length(4)
/** The thresholds as data; days unless the name says otherwise. */
const stageRules = z.strictObject({
  dormantDays: days,
  lostDays: days,
  intervalFromPurchaseDays: z.int().min(2).max(20),
  dormantIntervals: z.number().min(1).max(20),
  dormantMinDays: days,
  dormantMaxDays: days,
  lostIntervals: z.number().min(1).max(40),
  lostMinDays: days,
  lostMaxDays: days,
  loyalPurchaseDays: z.int().min(2).max(100),
})
const rfmRules = z.strictObject({
  method: z.enum(['quantile', 'fixed']),
  recencyDays: four,
  purchases: four,
  spendFen: four,
  highFrom: z.int().min(2).max(5),
})
const settings = z.strictObject({
  stages: stageRules,
  rfm: rfmRules,
  churn: z.strictObject({ midBp: bp, highBp: bp }),
  gate: z.strictObject({
    freshHours: z.int().min(6).max(2000),
    volumeLowBp: z.int().min(0).max(10_000),
    volumeHighBp: z.int().min(10_000).max(1_000_000),
  }),
})
const alarm = z.object({
  id,
  code: z.string(),
  name: z.string(),
  severity: z.enum(['warned', 'failed']),
  explanation: z.string(),
  meaning: z.string(),
  since: time,
  lastSeenAt: time,
  endedAt: time.nullable(),
  acknowledgedAt: time.nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
  proceed: z.boolean(),
})
/** The gate before scoring, and what an operator may set about scores. */
export const dataQuality = define({
  'GET /admin/data-quality': {
    summary: '数据质量：最近一次检查、未结束的告警与最近的告警',
    allow: 'insight:read',
    input: nothing,
    output: z.object({
      scored: freshness,
      onDay: day.nullable(),
      checks: z.array(
        z.object({
          code: z.string(),
          name: z.string(),
          result: z.enum(['passed', 'warned', 'failed']),
          measured: z.string(),
          expected: z.string(),
          explanation: z.string(),
        }),
      ),
      alarms: z.array(alarm),
      runs: z.array(scoreRun),
    }),
    errors: [],
  },
  'POST /admin/data-alarms/:alarmId/acknowledgements': {
    summary: '确认一条数据告警；说明数据无误时评分继续',
    allow: 'insight:write',
    input: z.strictObject({ alarmId: id, note: text(100, 2), proceed: z.boolean() }),
    output: alarm,
    errors: ['score_alarm_not_found'],
  },
  'GET /admin/score-settings': {
    summary: '评分的各项界限',
    allow: 'insight:read',
    input: nothing,
    output: settings.extend({ version: z.int(), updatedAt: time.nullable() }),
    errors: [],
  },
  'PUT /admin/score-settings': {
    summary: '修改评分的界限，下次评分生效',
    allow: 'insight:write',
    input: settings.extend({ version: z.int().min(0) }),
    output: done,
    errors: ['score_settings_conflict'],
  },
})
