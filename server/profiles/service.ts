import type { Output, Parsed } from '../../shared/contract'
import { profilePlan } from '../../shared/contract/profiles'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError, refuse } from '../errors'
import type { MemberActor } from '../http/actor'
import { execute } from '../http/command'
import { bindPhone, lockMember, type Member, requireMember, updateProfile } from '../members/service'
import { awardPoints } from '../points/service'
import type { ProfilePlan } from './entity'
import { defaultPlan, dueFields, fieldTitles, filledIn, maxChosen, type Plan, planSentence, progressOf } from './rules'

export type Earned = Output<'PATCH /me'>['earned']
const planId = 'main'

/** The rules as they stand, and their version; 0 while the shop has never changed them. */
export const planOf = async (db: Reader): Promise<{ plan: Plan; version: number }> => {
  const [row] = await db.read<ProfilePlan>('SELECT * FROM profile_plan WHERE id = ?', [planId])
  return row
    ? { plan: profilePlan.parse(JSON.parse(row.plan)), version: row.version }
    : { plan: defaultPlan, version: 0 }
}

/** What members may say to like. */
export const interestCatalogue = async (db: Reader): Promise<string[]> => (await planOf(db)).plan.interests

const interestsOf = async (db: Reader, memberId: string): Promise<string[]> =>
  (await db.read<{ interest: string }>('SELECT interest FROM member_interest WHERE memberId = ?', [memberId])).map(
    (r) => r.interest,
  )

const paidFields = async (db: Reader, memberId: string): Promise<Set<string>> =>
  new Set(
    (await db.read<{ field: string }>('SELECT field FROM profile_reward WHERE memberId = ?', [memberId])).map(
      (r) => r.field,
    ),
  )

/**
 * Runs a change of a member's profile and pays for the fields that it filled in, in the same transaction. The member's row is the lock, and
 * (member, field) of profile_reward the effect key, so that of twenty equal changes at once one is paid. A refusal that the change answers
 * is handed on; nothing is paid then.
 */
export const rewarding = async <T>(
  tx: Tx,
  memberId: string,
  now: number,
  change: (member: Member) => Promise<T>,
): Promise<{ result: T; earned: Earned }> => {
  const locked = await lockMember(tx, memberId)
  const before = filledIn(locked, await interestsOf(tx, memberId))
  const result = await change(locked)
  if (result instanceof AppError) return { result, earned: [] }
  const after = filledIn(await requireMember(tx, memberId), await interestsOf(tx, memberId))
  const { plan } = await planOf(tx)
  const due = dueFields(plan, { before, after, paid: await paidFields(tx, memberId) })
  if (!due.length) return { result, earned: [] }
  const claimed = await tx.insertNew(
    'profile_reward',
    due.map(({ field, points }) => ({ memberId, field, points, at: now })),
  )
  if (claimed !== due.length) throw new Error(`A field of ${memberId} was paid for under the member's lock`)
  const moved = await execute(
    tx,
    awardPoints,
    due.map(({ field, points }) => ({
      memberId,
      points,
      source: { type: 'profile', id: field, note: `填写${fieldTitles[field]}` },
    })),
    now,
  )
  const refusal = moved.find((m) => m instanceof AppError)
  if (refusal) throw refusal
  return { result, earned: due.map(({ field, points }) => ({ field, title: fieldTitles[field], points })) }
}

const setInterests = async (tx: Tx, memberId: string, chosen: readonly string[], now: number): Promise<void> => {
  const catalogue = await interestCatalogue(tx)
  const wanted = [...new Set(chosen)]
  if (wanted.length > maxChosen)
    throw refuse('invalid_input', { reason: `最多选 ${maxChosen} 个兴趣`, field: 'interests' })
  if (!wanted.every((name) => catalogue.includes(name)))
    throw refuse('invalid_input', { reason: '没有这个兴趣，请重新选择', field: 'interests' })
  tx.write('DELETE FROM member_interest WHERE memberId = ?', [memberId])
  tx.insert(
    'member_interest',
    wanted.map((interest) => ({ memberId, interest, at: now })),
  )
}

/** Changes what is given of the member's own profile, and pays for what was filled in by it. */
export const changeProfile = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  memberId: string,
  { interests, ...input }: Parsed<'PATCH /me'>,
  now: number,
): Promise<Output<'PATCH /me'>> => {
  const { result, earned } = await rewarding(tx, memberId, now, async () => {
    if (interests) await setInterests(tx, memberId, interests, now)
    return updateProfile(tx, deps.keys, memberId, input, now)
  })
  return { ...result, earned }
}

/** Binds the phone that the member has just proved to own, and pays for it the first time. */
export const bindOwnPhone = async (c: {
  tx: Tx
  deps: Deps
  actor: MemberActor
  input: Parsed<'POST /me/phone'>
  now: number
  fetched: string | null
}): Promise<Output<'POST /me/phone'> | AppError> => {
  const { result, earned } = await rewarding(c.tx, c.actor.memberId, c.now, () => bindPhone(c))
  return result instanceof AppError ? result : { ...result, earned }
}

const progressFor = async (db: Reader, member: Member) => {
  const [{ plan }, interests, paid] = await Promise.all([
    planOf(db),
    interestsOf(db, member.id),
    paidFields(db, member.id),
  ])
  return { plan, interests, progress: progressOf(plan, filledIn(member, interests), paid) }
}

/** How far a member's profile is: the short answer for the home page. */
export const profileState = async (db: Reader, member: Member): Promise<Output<'GET /me/home'>['profile']> => {
  const { active, done, total, pointsLeft } = (await progressFor(db, member)).progress
  return { active, done, total, pointsLeft }
}

/** How far a member's profile is, field by field, and what there is to like. */
export const showProfile = async (db: Reader, memberId: string): Promise<Output<'GET /me/profile'>> => {
  const { plan, interests, progress } = await progressFor(db, await requireMember(db, memberId))
  return {
    ...progress,
    interests: plan.interests,
    chosen: plan.interests.filter((name) => interests.includes(name)),
    maxChosen,
  }
}

/** Forgets what somebody who leaves said to like. What was paid stays: the ledger's entries name it. */
export const forgetProfile = (tx: Tx, memberId: string): void =>
  tx.write('DELETE FROM member_interest WHERE memberId = ?', [memberId])

/** The rules with what they bring about, for the operators. */
export const showPlan = async (db: Reader): Promise<Output<'GET /admin/profile-plan'>> => {
  const [{ plan, version }, [sums], perMember, interests] = await Promise.all([
    planOf(db),
    db.read<{ members: number; points: number | null }>(
      'SELECT COUNT(DISTINCT memberId) AS members, SUM(points) AS points FROM profile_reward',
    ),
    db.read<{ fields: number; members: number }>(
      'SELECT fields, COUNT(*) AS members FROM (SELECT memberId, COUNT(*) AS fields FROM profile_reward GROUP BY memberId) x GROUP BY fields',
    ),
    db.read<{ name: string; members: number }>(
      'SELECT interest AS name, COUNT(*) AS members FROM member_interest GROUP BY interest ORDER BY members DESC, name LIMIT 40',
    ),
  ])
  const asked = Object.values(plan.points).filter((points) => points > 0).length
  return {
    ...plan,
    version,
    sentence: planSentence(plan),
    figures: {
      members: Number(sums?.members ?? 0),
      complete: perMember.filter((r) => Number(r.fields) >= asked).reduce((sum, r) => sum + Number(r.members), 0),
      points: Number(sums?.points ?? 0),
      interests: interests.map((r) => ({ name: r.name, members: Number(r.members) })),
    },
  }
}

/** Changes the rules; two editors at once meet at the version. */
export const changePlan = async (
  tx: Tx,
  { version, ...plan }: Parsed<'PUT /admin/profile-plan'>,
  now: number,
): Promise<Output<'PUT /admin/profile-plan'>> => {
  const row = { id: planId, plan: JSON.stringify(plan), version: version + 1, changedAt: now }
  const changed =
    version === 0
      ? await tx.insertNew('profile_plan', [row])
      : await tx.run(
          'UPDATE profile_plan SET plan = ?, version = version + 1, changedAt = ? WHERE id = ? AND version = ?',
          [row.plan, now, planId, version],
        )
  if (!changed) throw refuse('profile_plan_conflict')
  return { ...plan, version: version + 1, sentence: planSentence(plan) }
}
