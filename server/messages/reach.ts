import { marks, type Statement, sql } from '../db/statement'
import type { Tx } from '../db/transaction'
import { capsFrom, type Promised, type Reach } from './channel-rules'

/** Which members: a list of at most 500, or a stretch of ids (after … up to and including). */
export type Which = { ids: readonly string[] } | { after: string; upTo: string }
/** So many members after an id. */
export interface Next {
  after: string
  limit: number
}

const within = (which: Which, column: string): { text: string; params: string[] } =>
  'ids' in which
    ? { text: `${column} IN ${marks(which.ids)}`, params: [...which.ids] }
    : { text: `${column} > ? AND ${column} <= ?`, params: [which.after, which.upTo] }

interface MemberRow {
  id: string
  status: string
  personalised: number
  phone: number
}

/** Most members have never said anything about messages; they share this. */
const nothingSaid: ReadonlyMap<string, boolean> = new Map()

/**
 * All that decides whether some members can be reached. With `lock` their rows are held, which is what makes caps and credits safe against
 * another schedule for the same people; everything else is read after the lock.
 * @param templateIds the subscribe templates whose rights matter; none: no rights are read
 */
export const loadReach = async (
  tx: Pick<Tx, 'readAll' | 'lock'>,
  wanted: Which | Next,
  {
    now,
    templateIds,
    lock,
    address = true,
  }: { now: number; templateIds: readonly string[]; lock: boolean; address?: boolean },
): Promise<Map<string, Reach>> => {
  const selection = (where: string, params: (string | number)[], more = ''): Statement =>
    sql(
      `SELECT id, status, personalised, CASE WHEN phoneSealed IS NULL THEN 0 ELSE 1 END AS phone FROM member WHERE ${where} ORDER BY id${more}${lock ? tx.lock : ''}`,
      params,
    )
  // Where nobody knows the end of the stretch yet, the members themselves are it: they are read once, not once to be counted off.
  const ahead =
    'limit' in wanted ? (await tx.readAll([selection('id > ?', [wanted.after, wanted.limit], ' LIMIT ?')]))[0] : null
  const which: Which =
    'limit' in wanted ? { after: wanted.after, upTo: String(ahead?.at(-1)?.id ?? wanted.after) } : wanted
  const of = (column: string): { text: string; params: string[] } => within(which, column)
  const member = of('id')
  const theirs = of('memberId')
  const nothing = sql('SELECT 1 AS n FROM message_settings WHERE name = ?', ['-'])
  const rights = of('g.memberId')
  const statements: Statement[] = [
    ahead ? nothing : selection(member.text, member.params),
    sql(`SELECT memberId, channel, countsOn FROM message WHERE ${theirs.text} AND countsOn >= ?`, [
      ...theirs.params,
      capsFrom(now),
    ]),
    sql(`SELECT memberId, subject, allowed FROM message_preference WHERE ${theirs.text}`, theirs.params),
    address
      ? sql(`SELECT memberId FROM member_identity WHERE ${theirs.text} AND kind = 'openid'`, theirs.params)
      : nothing,
    address
      ? sql(
          `SELECT memberId FROM message_contact WHERE ${theirs.text} AND kind = 'email' AND confirmedAt IS NOT NULL`,
          theirs.params,
        )
      : nothing,
    templateIds.length
      ? sql(
          `SELECT g.id, g.memberId, g.templateId, g.status, g.messageId, m.priority FROM subscribe_grant g
           LEFT JOIN message m ON m.id = g.messageId AND m.status = 'pending'
           WHERE ${rights.text} AND g.templateId IN ${marks(templateIds)} AND g.status IN ('open', 'reserved')
           ORDER BY g.grantedAt, g.id`,
          [...rights.params, ...templateIds],
        )
      : nothing,
  ]
  const [found, counts, preferences, openids, emails, grants] = await tx.readAll(statements)
  const members = ahead ?? found
  const reach = new Map<string, Reach>()
  for (const m of members as unknown as MemberRow[])
    reach.set(m.id, {
      memberId: m.id,
      status: m.status,
      personalised: !!m.personalised,
      openid: false,
      phone: !!m.phone,
      email: false,
      preferences: nothingSaid,
      counts: [],
      credits: new Map(),
      promised: new Map(),
    })
  for (const c of counts as { memberId: string; channel: string; countsOn: string }[])
    reach.get(c.memberId)?.counts.push({ channel: c.channel, countsOn: c.countsOn })
  for (const p of preferences as { memberId: string; subject: string; allowed: number }[]) {
    const r = reach.get(p.memberId)
    if (r) r.preferences = new Map(r.preferences).set(p.subject, !!p.allowed)
  }
  for (const { memberId } of address ? (openids as { memberId: string }[]) : []) {
    const r = reach.get(memberId)
    if (r) r.openid = true
  }
  for (const { memberId } of address ? (emails as { memberId: string }[]) : []) {
    const r = reach.get(memberId)
    if (r) r.email = true
  }
  if (templateIds.length) addRights(reach, grants as unknown as Right[])
  return reach
}

interface Right {
  id: string
  memberId: string
  templateId: string
  status: string
  messageId: string | null
  priority: number | null
}

const addRights = (reach: Map<string, Reach>, rights: readonly Right[]): void => {
  for (const g of rights) {
    const r = reach.get(g.memberId)
    if (!r) continue
    if (g.status === 'open') r.credits.set(g.templateId, [...(r.credits.get(g.templateId) ?? []), g.id])
    // A right whose message is being sent this moment cannot be taken from it.
    else if (g.messageId && g.priority !== null) {
      const promised: Promised = { grantId: g.id, messageId: g.messageId, priority: g.priority }
      r.promised.set(g.templateId, [...(r.promised.get(g.templateId) ?? []), promised])
    }
  }
}
