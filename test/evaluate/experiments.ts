import {
  type Analysis,
  type ArmResult,
  analyse,
  type CountedArm,
  verdictOn,
} from '../../server/experiments/statistics/analyse'
import type { Sums } from '../../server/experiments/statistics/arms'
import type { Effect, Incomparable } from '../../server/experiments/statistics/compare'
import { mismatchAlarm } from '../../server/experiments/statistics/samples'
import { printTable } from '../bench/measure'
import { references, tolerance } from '../experiments/reference'
import { coverageOfPlanted, falseAlarms, unevenness, varianceSavedByCuped } from '../experiments/simulate'
import type { Flags } from './index'
import { columnOf, numberOf, readTable } from './read'
import { badInput, type Figure, type Report } from './report'

export const flags = ['arm', 'outcome', 'pre', 'control', 'shares', 'runs']
export const usage = `  --data <csv>         a table with one row a member: arm, outcome and, if known, the outcome before (pre)
  --arm, --outcome, --pre <column>   their names, where they are others
  --control <arm>      the arm to compare with (control, holdout or 对照, otherwise the first of the file)
  --shares a=1,b=2     how members were to be divided (evenly)
  --runs <n>           simulated experiments without --data (10000)`

const controlNames = ['control', 'holdout', '对照', '对照组', 'A', 'a']

/** The shares of --shares by arm. */
const sharesOf = (text: string | undefined, arms: readonly string[]): Map<string, number> => {
  const shares = new Map(arms.map((arm) => [arm, 1]))
  for (const part of text?.split(',') ?? []) {
    const [arm, value] = part.split('=')
    const share = numberOf(value ?? '')
    if (!shares.has(arm)) throw badInput(`--shares names ${arm}, which is no arm of the file: ${arms.join(', ')}`)
    if (share === null || share <= 0) throw badInput(`--shares: ${part} is not an arm with a positive number`)
    shares.set(arm, share)
  }
  return shares
}

interface Counted {
  outcome: Sums
  before: Sums
  products: number
  binary: boolean
}
const add = (sums: Sums, x: number): void => {
  sums.n++
  sums.sum += x
  sums.sumSquares += x * x
}

/** Counts a file's arms, the control first. */
const readArms = async (file: string, given: Flags): Promise<CountedArm[]> => {
  const table = await readTable(file)
  const at = {
    arm: columnOf(table, file, given.arm ?? 'arm'),
    outcome: columnOf(table, file, given.outcome ?? 'outcome'),
    pre: given.pre || table.header.includes('pre') ? columnOf(table, file, given.pre ?? 'pre') : null,
  }
  const counted = new Map<string, Counted>()
  for (const { line, fields } of table.records) {
    const arm = fields[at.arm].trim()
    const number = (column: number): number => {
      const value = numberOf(fields[column])
      if (value === null)
        throw badInput(`${file}, line ${line}: ${table.header[column]} is not a number: ${fields[column].slice(0, 40)}`)
      return value
    }
    if (!arm) throw badInput(`${file}, line ${line}: no arm`)
    let c = counted.get(arm)
    if (!c) {
      const empty = (): Sums => ({ n: 0, sum: 0, sumSquares: 0 })
      c = { outcome: empty(), before: empty(), products: 0, binary: true }
      counted.set(arm, c)
    }
    const outcome = number(at.outcome)
    add(c.outcome, outcome)
    c.binary &&= outcome === 0 || outcome === 1
    if (at.pre !== null) {
      const before = number(at.pre)
      add(c.before, before)
      c.products += outcome * before
    }
  }
  const names = [...counted.keys()]
  if (names.length < 2) throw badInput(`${file} has only the arm ${names[0]}: nothing to compare with`)
  const control = given.control ?? controlNames.find((name) => counted.has(name)) ?? names[0]
  if (!counted.has(control)) throw badInput(`${file} has no arm ${control}; its arms are ${names.join(', ')}`)
  const shares = sharesOf(given.shares, names)
  const proportion = [...counted.values()].every((c) => c.binary)
  return [control, ...names.filter((name) => name !== control)].map((name) => {
    const c = counted.get(name) as Counted
    // With a covariate the variance of a yes or no is taken as that of any number, so that it fits the covariance.
    return {
      name,
      share: shares.get(name) as number,
      outcome: { ...c.outcome, proportion: proportion && at.pre === null },
      before: at.pre === null ? null : { sums: c.before, products: c.products },
    }
  })
}

const said: Record<ReturnType<typeof verdictOn>, string> = {
  mismatch: 'not to be trusted: the arms were not filled as planned',
  too_few: 'too few members, or outcomes that do not vary',
  better: 'better than the control',
  worse: 'worse than the control',
  no_conclusion: 'no conclusion: the interval holds zero',
}
const isEffect = (e: Effect | Incomparable): e is Effect => typeof e !== 'string'
const interval = (e: Effect | Incomparable, digits = 5): string =>
  isEffect(e) ? `${e.estimate.toFixed(digits)} [${e.low.toFixed(digits)}, ${e.high.toFixed(digits)}]` : e

const printAnalysis = (analysis: Analysis): void => {
  console.log(
    `Sample ratio: p = ${analysis.sampleRatioP.toPrecision(4)}${analysis.mismatch ? `, below ${mismatchAlarm}: ALARM` : ''}`,
  )
  if (analysis.varianceSaved) console.log(`CUPED: ${(analysis.varianceSaved * 100).toFixed(1)} % less variance`)
  console.log('')
  printTable(
    ['arm', 'n', 'mean', 'difference [95 %]', 'z', 'p', 'p (Holm)', 'lift [95 %]', 'at any time [95 %]', 'verdict'],
    analysis.arms.map((arm: ArmResult) => {
      const head = [arm.name, String(arm.n), arm.mean.toFixed(5)]
      if (!arm.against) return [...head, 'control', '', '', '', '', '', '']
      const { difference, lift, sequential, corrected } = arm.against
      return [
        ...head,
        interval(difference),
        isEffect(difference) ? difference.z.toFixed(4) : '',
        isEffect(difference) ? difference.p.toPrecision(4) : '',
        corrected?.toPrecision(4) ?? '',
        interval(lift, 4),
        interval(sequential),
        said[verdictOn(analysis, arm)],
      ]
    }),
    1,
  )
}

const figuresOf = (analysis: Analysis): Figure[] => [
  { name: 'srm.p', value: analysis.sampleRatioP, unit: 'probability', goal: null },
  ...analysis.arms.flatMap(({ name, against }): Figure[] => {
    if (!against || !isEffect(against.difference)) return []
    const { estimate, z, low, high, p } = against.difference
    const figure = (key: string, value: number, unit: string): Figure => ({
      name: `${name}.${key}`,
      value,
      unit,
      goal: null,
    })
    const relative = isEffect(against.lift)
      ? [
          figure('lift', against.lift.estimate, 'share'),
          figure('lift.low', against.lift.low, 'share'),
          figure('lift.high', against.lift.high, 'share'),
        ]
      : []
    const always = isEffect(against.sequential)
      ? [
          figure('sequential.low', against.sequential.low, 'outcome'),
          figure('sequential.high', against.sequential.high, 'outcome'),
          figure('sequential.p', against.sequential.p, 'probability'),
        ]
      : []
    return [
      figure('difference', estimate, 'outcome'),
      figure('z', z, 'standard errors'),
      figure('low', low, 'outcome'),
      figure('high', high, 'outcome'),
      figure('p', p, 'probability'),
      figure('p.holm', against.corrected ?? p, 'probability'),
      ...relative,
      ...always,
    ]
  }),
]

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6

/** The references and the simulations: whether the statistics say what they claim. */
const check = (runs: number): Figure[] => {
  const compared = references()
  printTable(
    ['reference', 'found', 'stated', ''],
    compared.map((r) => [
      r.name,
      r.found.toFixed(6),
      String(r.expected),
      Math.abs(r.found - r.expected) <= tolerance ? '✓' : '✗',
    ]),
    1,
  )
  console.log(`\nSimulating ${runs.toLocaleString('en')} experiments without any effect, looked at 20 times`)
  const alarms = falseAlarms({ runs, seed: 20_261_122 })
  const even = unevenness(alarms.ps)
  console.log(`Simulating ${runs.toLocaleString('en')} experiments with a lift of 10 %`)
  const range = (low: number, high: number): Pick<Figure, 'goal' | 'better'> => ({
    goal: rounded((low + high) / 2),
    better: { within: rounded((high - low) / 2) },
  })
  return [
    {
      name: 'reference.max-error',
      value: Math.max(...compared.map((r) => Math.abs(r.found - r.expected))),
      unit: 'absolute',
      goal: tolerance,
      better: 'lower',
    },
    { name: 'aa.fixed', value: alarms.fixed, unit: 'share', ...range(0.045, 0.055), beside: '.05 is what it promises' },
    { name: 'aa.sequential', value: alarms.sequential, unit: 'share', goal: 0.05, better: 'lower' },
    {
      name: 'aa.naive-peeking',
      value: alarms.naivePeeking,
      unit: 'share',
      goal: 0.15,
      beside: 'what 20 looks do to a fixed test: shows that the check bites',
    },
    {
      name: 'aa.p.unevenness',
      value: even.distance,
      unit: 'Kolmogorov-Smirnov D',
      goal: even.bound,
      better: 'lower',
    },
    {
      name: 'planted.coverage',
      value: coverageOfPlanted({ runs, seed: 20_261_123 }),
      unit: 'share',
      ...range(0.935, 0.965),
    },
    {
      name: 'cuped.variance-saved',
      value: varianceSavedByCuped({ correlation: 0.7, members: 200_000, seed: 20_261_124 }),
      unit: 'share',
      ...range(0.46, 0.52),
      beside: 'a correlation of .7 leaves 51 %',
    },
  ]
}

/** With --data the whole table of any experiment; without, the references and the simulations. */
export const run = async (given: Flags): Promise<Report> => {
  if (given.data) {
    const analysis = analyse(await readArms(given.data, given))
    printAnalysis(analysis)
    return { name: 'experiments', figures: figuresOf(analysis), sound: true }
  }
  const runs = numberOf(given.runs ?? '10000')
  if (runs === null || runs < 100 || !Number.isInteger(runs))
    throw badInput('--runs must be a whole number from 100 on')
  return { name: 'experiments', figures: check(runs), sound: true }
}
