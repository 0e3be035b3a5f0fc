import type { Output, Parsed } from '../../shared/contract'
import { endOfDay, startOfDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { findByPhone } from '../members/service'
import { groupWallet } from '../points/service'
import { tiersOf } from '../tiers/service'
import { type Scope, storeNames } from './facts'
import { filterOf, type MemberRow, memberCount, memberPage, type Wanted } from './member-facts'
import { type MemberPosition, readMemberCursor, searchOf, writeMemberCursor } from './rules'
import { memberView, type Names } from './views'

type Filters = Parsed<'GET /admin/members/count'>

/** The conditions a request asks for; null when nobody can match (a phone number that no member has). */
const wantedOf = async (db: Reader, deps: Deps, actor: OperatorActor, input: Filters): Promise<Wanted | null> => {
  const wanted: Wanted = {
    scope: actor.storeIds,
    tierLevel: input.tierLevel,
    storeId: input.storeId,
    joinedFrom: input.joinedFrom === undefined ? undefined : startOfDay(input.joinedFrom),
    joinedTo: input.joinedTo === undefined ? undefined : endOfDay(input.joinedTo),
    minSpendFen: input.minSpendFen,
    lastPurchaseBefore: input.lastPurchaseBefore === undefined ? undefined : startOfDay(input.lastPurchaseBefore),
    segmentId: input.segmentId,
  }
  const search = searchOf(input.q)
  if (!search) return wanted
  if (search.by === 'card') return { ...wanted, cardNo: search.cardNo }
  if (search.by === 'name') return { ...wanted, name: search }
  const member = await findByPhone(db, deps.keys, search.phone)
  return member && { ...wanted, memberId: member.id }
}

/** Names that rows refer to; stores and tiers number in the tens. */
export const namesOf = async (db: Reader, scope: Scope = null): Promise<Names> => {
  const [stores, tiers] = await Promise.all([storeNames(db, scope), tiersOf(db)])
  return { stores: new Map(stores.map((s) => [s.id, s.name])), tiers: new Map(tiers.map((t) => [t.level, t.name])) }
}

/**
 * One page of the member list, largest first by its sort. An operator of some stores sees the members at home in them: joined there or
 * last bought there. Members who have none of what is sorted by follow at the end, so that no sort hides anybody.
 */
export const listMembers = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  input: Parsed<'GET /admin/members'>,
): Promise<Output<'GET /admin/members'>> => {
  const { sort, limit } = input
  const after = input.cursor === undefined ? null : readMemberCursor(sort, input.cursor)
  if (input.cursor !== undefined && !after)
    throw refuse('invalid_input', { reason: '翻页位置不对，请从第一页重新看', field: 'cursor' })
  const wanted = await wantedOf(db, deps, actor, input)
  if (!wanted) return { items: [], nextCursor: null }
  const filter = filterOf(wanted)
  const more = limit + 1
  const read = (part: 0 | 1, from: MemberPosition | null, n: number) =>
    memberPage(db, groupWallet, sort, part, filter, from, n)
  const first = after?.part === 1 ? [] : await read(0, after, more)
  // Everybody has a joining time, so that sort has no second part; and who must have bought is in the first.
  const single = sort === 'joined' || (filter.buyersOnly && sort !== 'points')
  const second =
    single || first.length > limit ? [] : await read(1, after?.part === 1 ? after : null, more - first.length)
  const rows = [...first, ...second].slice(0, limit)
  const names = await namesOf(db)
  const last = rows.length - 1
  return {
    items: rows.map((m) => memberView(deps.keys, names, m)),
    nextCursor:
      first.length + second.length > limit
        ? writeMemberCursor(sort, positionOf(sort, rows[last], last < first.length ? 0 : 1))
        : null,
  }
}

const positionOf = (sort: Parsed<'GET /admin/members'>['sort'], m: MemberRow, part: 0 | 1): MemberPosition => {
  const values = { joined: m.joinedAt, spend: m.spendFen, lastPurchase: m.lastPurchaseAt, points: m.balance }
  return { part, value: part === 1 ? m.joinedAt : (values[sort] ?? 0), id: m.id }
}

/** How many members match the filters of the list. */
export const countMembers = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  input: Filters,
): Promise<{ count: number }> => {
  const wanted = await wantedOf(db, deps, actor, input)
  return { count: wanted ? await memberCount(db, filterOf(wanted)) : 0 }
}
