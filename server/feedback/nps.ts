import type { Output, Parsed } from '../../shared/contract'
import { addDays, civilDay, endOfDay } from '../../shared/time'
import { newId } from '../db/id'
import type { Bindable } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { recordEvents } from '../interactions/service'
import { maskName } from '../mask'
import { facesOf } from '../members/service'
import { levelsOf } from '../tiers/service'
import type { NpsAnswer } from './entity'
import { feedbackPolicy, nextNpsOn, npsFigures, npsKind } from './rules'

type Answer = Output<'GET /admin/nps/answers'>['items'][number]

/** The latest last answer that lets a member answer again at `now`: the civil day decides, not the hour. */
const openUpTo = (now: number): number => endOfDay(addDays(civilDay(now), -feedbackPolicy.npsEveryDays))

/** Whether a member may answer now, when the next time is, and the score given last. */
export const npsStateOf = async (
  db: Reader,
  memberId: string,
  now: number,
): Promise<Output<'GET /me/feedback'>['nps']> => {
  const [turn] = await db.read<{ lastAt: number }>('SELECT lastAt FROM nps_turn WHERE memberId = ?', [memberId])
  const [last] = await db.read<{ score: number }>(
    'SELECT score FROM nps_answer WHERE memberId = ? ORDER BY id DESC LIMIT 1',
    [memberId],
  )
  const open = !turn || Number(turn.lastAt) <= openUpTo(now)
  return { open, nextOn: open ? null : nextNpsOn(Number(turn.lastAt)), last: last?.score ?? null }
}

/** Takes a member's turn; answers whether it was free. Two at once meet at the row, and one of them finds it taken. */
const takeTurn = async (tx: Tx, memberId: string, now: number): Promise<boolean> => {
  if (await tx.insertNew('nps_turn', [{ memberId, lastAt: now }])) return true
  return (
    (await tx.run('UPDATE nps_turn SET lastAt = ? WHERE memberId = ? AND lastAt <= ?', [
      now,
      memberId,
      openUpTo(now),
    ])) === 1
  )
}

/** Records how likely a member would recommend the shop. Throws nps_too_soon within 90 days of the last answer. */
export const answerNps = async (
  tx: Tx,
  memberId: string,
  { score, channel }: Parsed<'POST /me/nps'>,
  now: number,
): Promise<Output<'POST /me/nps'>> => {
  if (!(await takeTurn(tx, memberId, now))) {
    const { nextOn } = await npsStateOf(tx, memberId, now)
    throw refuse('nps_too_soon', { nextOn })
  }
  const id = newId(now)
  const kind = npsKind(score)
  const onDay = civilDay(now)
  tx.insert('nps_answer', [{ id, memberId, score, kind, reasons: '[]', comment: null, channel, at: now, onDay }])
  await recordEvents(
    tx,
    [{ memberId, eventId: `nps:${id}`, type: 'nps_given', at: now, target: String(score), origin: 'server' }],
    now,
  )
  return { npsId: id, kind, nextOn: nextNpsOn(now) }
}

/** Adds the reasons to a score of the last day. */
export const explainNps = async (
  tx: Tx,
  memberId: string,
  { npsId, reasons, comment }: Parsed<'PUT /me/nps/:npsId'>,
  now: number,
): Promise<{ ok: true }> => {
  const changed = await tx.run(
    'UPDATE nps_answer SET reasons = ?, comment = ? WHERE id = ? AND memberId = ? AND at >= ?',
    [JSON.stringify([...new Set(reasons)]), comment ?? null, npsId, memberId, now - feedbackPolicy.npsDetailMs],
  )
  // MySQL counts a row that was set to what it held as unchanged.
  if (!changed && !(await tx.read('SELECT id FROM nps_answer WHERE id = ? AND memberId = ?', [npsId, memberId])).length)
    throw refuse('not_found')
  return { ok: true }
}

/** Figures of the last `days` days, by month, by score and by reason, with the satisfaction of the same time. */
export const npsOverview = async (db: Reader, days: number, now: number): Promise<Output<'GET /admin/nps'>> => {
  const from = addDays(civilDay(now), 1 - days)
  const [rows, reasons, stars] = await Promise.all([
    db.read<{ month: string; score: number; n: number }>(
      'SELECT SUBSTR(onDay, 1, 7) AS month, score, COUNT(*) AS n FROM nps_answer WHERE onDay >= ? GROUP BY SUBSTR(onDay, 1, 7), score ORDER BY month, score',
      [from],
    ),
    db.read<{ reasons: string; kind: string; n: number }>(
      "SELECT reasons, kind, COUNT(*) AS n FROM nps_answer WHERE onDay >= ? AND reasons <> '[]' GROUP BY reasons, kind",
      [from],
    ),
    db.read<{ stars: number; n: number }>(
      'SELECT stars, COUNT(*) AS n FROM satisfaction WHERE onDay >= ? GROUP BY stars',
      [from],
    ),
  ])
  const months = [...new Set(rows.map((r) => r.month))]
  const byReason = new Map<string, { promoters: number; others: number }>()
  for (const row of reasons)
    for (const reason of JSON.parse(row.reasons) as string[]) {
      const sums = byReason.get(reason) ?? { promoters: 0, others: 0 }
      if (row.kind === 'promoter') sums.promoters += row.n
      else sums.others += row.n
      byReason.set(reason, sums)
    }
  const answers = stars.reduce((sum, s) => sum + s.n, 0)
  return {
    ...npsFigures(rows),
    months: months.map((month) => ({ month, ...npsFigures(rows.filter((r) => r.month === month)) })),
    scores: Array.from({ length: 11 }, (_, score) =>
      rows.filter((r) => r.score === score).reduce((sum, r) => sum + r.n, 0),
    ),
    reasons: [...byReason]
      .map(([reason, sums]) => ({ reason: reason as Answer['reasons'][number], ...sums }))
      .sort((a, b) => b.promoters + b.others - a.promoters - a.others),
    satisfaction: {
      answers,
      average: answers ? Math.round((stars.reduce((sum, s) => sum + s.stars * s.n, 0) * 100) / answers) / 100 : null,
      stars: [1, 2, 3, 4, 5].map((star) => stars.find((s) => s.stars === star)?.n ?? 0),
    },
  }
}

/** One page of the answers, newest first; the cursor is the id of the last one shown. */
export const npsAnswers = async (
  db: Reader,
  { cursor, limit, kind, commented }: Parsed<'GET /admin/nps/answers'>,
): Promise<Output<'GET /admin/nps/answers'>> => {
  const conditions: [string, Bindable][] = [
    ['id < ?', cursor ?? '~'],
    ...(kind ? [['kind = ?', kind] as [string, Bindable]] : []),
    ...(commented ? [['LENGTH(comment) > ?', 0] as [string, Bindable]] : []),
  ]
  const rows = await db.read<NpsAnswer>(
    `SELECT * FROM nps_answer WHERE ${conditions.map(([c]) => c).join(' AND ')} ORDER BY id DESC LIMIT ?`,
    [...conditions.map(([, v]) => v), limit + 1],
  )
  const items = rows.slice(0, limit)
  const [faces, levels] = await Promise.all([facesOf(db, [...new Set(items.map((r) => r.memberId))]), levelsOf(db)])
  return {
    items: items.map((r) => ({
      id: r.id,
      at: r.at,
      memberId: r.memberId,
      memberNameMasked: maskName(faces.get(r.memberId)?.name ?? ''),
      tierName: levels.find((l) => l.level === faces.get(r.memberId)?.tierLevel)?.name ?? '',
      score: r.score,
      kind: r.kind as Answer['kind'],
      reasons: JSON.parse(r.reasons) as Answer['reasons'],
      comment: r.comment,
    })),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
  }
}
