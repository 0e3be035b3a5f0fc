import type { Output, Parsed } from '../../shared/contract'
import { type ErrorCode, errors } from '../../shared/errors'
import { type JourneyDefinition, type JourneyNode, nodeWords } from '../../shared/journey'
import { channelNames, reasonText, statusNames } from '../../shared/message'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import { maskName } from '../mask'
import { namesOf } from '../members/service'
import type { Journey, JourneyRun, JourneyStep, JourneyVersion } from './entity'
import { journeyMessages } from './facts'
import { definitionOf } from './load'

type Report = Output<'GET /admin/journeys/:journeyId/report'>

const plainOutcomes: Record<string, string> = {
  next: '继续',
  yes: '是',
  no: '否',
  otherwise: '其他',
  happened: '发生了',
  timeout: '超时',
  given: '已发放',
  removed: '已移除',
  queued: '已提交',
  exit: '结束',
}

/** An outcome in words. */
export const outcomeText = (outcome: string, node: JourneyNode | undefined): string => {
  const [code, detail = ''] = [outcome.split(':')[0], outcome.slice(outcome.indexOf(':') + 1)]
  if (plainOutcomes[outcome]) return plainOutcomes[outcome]
  if (code === 'branch' && node?.kind === 'branch') return node.branches[Number(detail)]?.name ?? outcome
  if (code === 'arm' && node?.kind === 'split') return node.arms.find((a) => a.key === detail)?.name ?? outcome
  if (code === 'sent') return `由${channelNames[detail as keyof typeof channelNames] ?? detail}发出`
  if (code === 'unsent') return `未发：${reasonText(detail)}`
  if (code === 'refused')
    return detail === 'gift_already'
      ? '今年的礼物已经给过'
      : (errors[detail as ErrorCode]?.message ?? detail).replace(/\{\w+\}/g, '…')
  return outcome
}

const endTexts: Record<string, string> = {
  goal: '达成目标',
  journey_ended: '旅程已结束',
  member_gone: '会员已停用',
}
/** Why a run ended, in words. */
export const endText = (reason: string | null): string | null => {
  if (reason === null) return null
  return endTexts[reason] ?? (reason.startsWith('event:') ? `发生了“${reason.slice(6)}”` : reason)
}

const versionOf = async (db: Reader, journeyId: string, version: number): Promise<JourneyDefinition | null> => {
  const [row] = await db.read<JourneyVersion>('SELECT * FROM journey_version WHERE journeyId = ? AND version = ?', [
    journeyId,
    version,
  ])
  return row ? definitionOf(row.definition) : null
}

interface RunCount {
  version: number
  state: string
  nodeId: string | null
  n: number
  goals: number
}

/** What a journey has done: how many passed each node and how, who waits where, and how many reached the goal beside the control group. */
export const journeyReport = async (
  db: Reader,
  { journeyId, version }: Parsed<'GET /admin/journeys/:journeyId/report'>,
): Promise<Report> => {
  const [journey] = await db.read<Journey>('SELECT * FROM journey WHERE id = ?', [journeyId])
  if (!journey) throw refuse('journey_not_found')
  const shown = version ?? journey.version
  const definition = (await versionOf(db, journeyId, shown)) ?? definitionOf(journey.draft)
  const versions = await db.read<JourneyVersion>(
    'SELECT version, publishedAt FROM journey_version WHERE journeyId = ? ORDER BY version DESC',
    [journeyId],
  )
  const counts = (
    await db.read<RunCount>(
      `SELECT version, state, CASE WHEN state = 'active' THEN nodeId ELSE NULL END AS nodeId, COUNT(*) AS n,
              SUM(CASE WHEN goalAt IS NULL THEN 0 ELSE 1 END) AS goals
       FROM journey_run WHERE journeyId = ? GROUP BY version, state, CASE WHEN state = 'active' THEN nodeId ELSE NULL END`,
      [journeyId],
    )
  ).map((r) => ({ ...r, n: Number(r.n), goals: Number(r.goals) }))
  const mine = counts.filter((c) => c.version === shown)
  const sum = (state: string, of: 'n' | 'goals' = 'n'): number =>
    mine.filter((c) => c.state === state).reduce((s, c) => s + c[of], 0)
  const treated = mine.filter((c) => c.state !== 'held')
  const steps = await db.read<{ nodeId: string; outcome: string; n: number }>(
    'SELECT nodeId, outcome, COUNT(*) AS n FROM journey_step WHERE journeyId = ? AND version = ? GROUP BY nodeId, outcome',
    [journeyId, shown],
  )
  const arms = await db.read<{ nodeId: string; outcome: string; n: number; goals: number }>(
    `SELECT s.nodeId, s.outcome, COUNT(*) AS n, SUM(CASE WHEN r.goalAt IS NULL THEN 0 ELSE 1 END) AS goals FROM journey_step s
     JOIN journey_run r ON r.id = s.runId WHERE s.journeyId = ? AND s.version = ? AND s.nodeId IN ${marks(splitIds(definition))}
     GROUP BY s.nodeId, s.outcome`,
    [journeyId, shown, ...splitIds(definition)],
  )
  const messages = await journeyMessages(db, journeyId)
  const given = (kind: JourneyNode['kind']): number =>
    definition.nodes
      .filter((n) => n.kind === kind)
      .flatMap((n) =>
        steps
          .filter((s) => s.nodeId === n.id && s.outcome === 'given')
          .map((s) => Number(s.n) * (n.kind === 'points' ? n.points : 1)),
      )
      .reduce((a, b) => a + b, 0)
  return {
    versions: versions.map((v) => ({
      version: v.version,
      publishedAt: v.publishedAt,
      entered: counts.filter((c) => c.version === v.version && c.state !== 'held').reduce((s, c) => s + c.n, 0),
    })),
    entered: treated.reduce((s, c) => s + c.n, 0),
    active: sum('active'),
    finished: sum('done'),
    exited: sum('exited'),
    failed: sum('failed'),
    treated: { members: treated.reduce((s, c) => s + c.n, 0), goals: treated.reduce((s, c) => s + c.goals, 0) },
    held: { members: sum('held'), goals: sum('held', 'goals') },
    nodes: definition.nodes.map((node) => {
      const passed = steps.filter((s) => s.nodeId === node.id)
      const waiting = mine.filter((c) => c.nodeId === node.id).reduce((s, c) => s + c.n, 0)
      return {
        nodeId: node.id,
        name: node.name || nodeWords[node.kind].name,
        kind: node.kind,
        arrived: passed.reduce((s, p) => s + Number(p.n), 0) + waiting,
        waiting,
        outcomes: passed.map((p) => ({ outcome: p.outcome, text: outcomeText(p.outcome, node), members: Number(p.n) })),
      }
    }),
    arms: arms.map((a) => {
      const node = definition.nodes.find((n) => n.id === a.nodeId)
      return {
        nodeId: a.nodeId,
        arm: a.outcome.slice(4),
        name: outcomeText(a.outcome, node),
        members: Number(a.n),
        goals: Number(a.goals),
      }
    }),
    messages: messages.map((m) => ({
      ...m,
      count: Number(m.count),
      text: m.status === 'skipped' || m.reason ? reasonText(m.reason) : (statusNames[m.status] ?? m.status),
    })),
    cost: {
      coupons: given('coupon'),
      points: given('points'),
      sms: messages.filter((m) => m.channel === 'sms' && m.status === 'sent').reduce((s, m) => s + Number(m.count), 0),
    },
  }
}

const splitIds = (definition: JourneyDefinition): string[] =>
  definition.nodes.flatMap((n) => (n.kind === 'split' ? [n.id] : []))

/** Who is, or was, on a journey; newest first, names masked. */
export const journeyRuns = async (
  db: Reader,
  { journeyId, state, nodeId, cursor, limit }: Parsed<'GET /admin/journeys/:journeyId/runs'>,
): Promise<Output<'GET /admin/journeys/:journeyId/runs'>> => {
  const wheres: [string, string[]][] = [['journeyId = ?', [journeyId]]]
  if (state) wheres.push(['state = ?', [state]])
  if (nodeId) wheres.push(["nodeId = ? AND state = 'active'", [nodeId]])
  if (cursor) wheres.push(['id < ?', [cursor]])
  const rows = await db.read<JourneyRun>(
    `SELECT * FROM journey_run WHERE ${wheres.map(([text]) => text).join(' AND ')} ORDER BY id DESC LIMIT ?`,
    [...wheres.flatMap(([, params]) => params), limit + 1],
  )
  const shown = rows.slice(0, limit)
  const names = await namesOf(
    db,
    shown.map((r) => r.memberId),
  )
  return {
    items: shown.map((r) => ({
      id: r.id,
      memberId: r.memberId,
      memberName: maskName(names.get(r.memberId) ?? ''),
      version: r.version,
      state: r.state as 'active',
      nodeId: r.nodeId,
      enteredAt: r.enteredAt,
      dueAt: r.dueAt,
      endedAt: r.endedAt,
      endReason: endText(r.endReason),
      goalAt: r.goalAt,
    })),
    nextCursor: rows.length > limit ? shown[shown.length - 1].id : null,
  }
}

/** Every step of one run. */
export const showRun = async (db: Reader, runId: string): Promise<Output<'GET /admin/journey-runs/:runId'>> => {
  const [run] = await db.read<JourneyRun>('SELECT * FROM journey_run WHERE id = ?', [runId])
  if (!run) throw refuse('journey_run_not_found')
  const definition = await versionOf(db, run.journeyId, run.version)
  const steps = await db.read<JourneyStep>('SELECT * FROM journey_step WHERE runId = ?', [runId])
  // Steps of one instant are told in the order of the way.
  const order = new Map((definition?.nodes ?? []).map((n, i) => [n.id, i]))
  steps.sort((a, b) => a.at - b.at || (order.get(a.nodeId) ?? 0) - (order.get(b.nodeId) ?? 0))
  return {
    id: run.id,
    journeyId: run.journeyId,
    memberId: run.memberId,
    state: run.state as 'active',
    steps: steps.map((s) => {
      const node = definition?.nodes.find((n) => n.id === s.nodeId)
      const name = node ? node.name || nodeWords[node.kind].name : s.nodeId
      return { nodeId: s.nodeId, at: s.at, outcome: s.outcome, text: `${name}：${outcomeText(s.outcome, node)}` }
    }),
  }
}
