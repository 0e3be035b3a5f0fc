import type { Output, Parsed } from '../../shared/contract'
import { civilDay, DAY_MS, monthKey } from '../../shared/time'
import { newReadable } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { appLink } from '../http/links'
import { isWechatError } from '../integrations/wechat/errors'
import { maskName } from '../mask'
import { namesOf, requireMember } from '../members/service'
import { sharesDevice } from '../operators/service'
import { purchasesSince } from '../purchases/service'
import type { Referral, ReferralCode } from './entity'
import { planOf } from './plan'
import { bindRefusal, type State, stateTexts } from './rules'

/** Letters and digits of an invite code. */
const codeLength = 8
const codeDraws = 10
const pageOf = (code: string): string => `packages/referral/invite?code=${code}`

/** A member's invite code, made the first time; two requests at once get the same one. */
export const codeOf = async (deps: Pick<Deps, 'db'>, memberId: string): Promise<string> => {
  const read = async (db: Reader): Promise<string | undefined> =>
    (await db.read<ReferralCode>('SELECT code FROM referral_code WHERE memberId = ?', [memberId]))[0]?.code
  const known = await read(deps.db)
  if (known) return known
  return deps.db.tx(async (tx) => {
    for (let draw = 0; draw < codeDraws; draw++) {
      await tx.insertNew('referral_code', [{ memberId, code: newReadable(codeLength) }])
      const made = await read(tx)
      if (made) return made
    }
    throw new Error(`No free invite code in ${codeDraws} draws`)
  })
}

const nameOf = async (db: Reader, memberId: string): Promise<string> =>
  maskName((await namesOf(db, [memberId])).get(memberId) ?? '')

/** Everything the invite page shows. */
export const inviting = async (
  db: Reader,
  deps: Deps,
  memberId: string,
  { cursor, limit }: Parsed<'GET /me/referrals'>,
  now: number,
): Promise<Output<'GET /me/referrals'>> => {
  const [at, after] = cursor?.split('-') ?? []
  const before = /^\d+$/.test(at ?? '') && after ? { at: Number(at), id: after } : { at: now + DAY_MS, id: '~' }
  const month = monthKey(civilDay(now))
  const [code, { plan }, rows, [counts], [mine], self, bought] = await Promise.all([
    codeOf(deps, memberId),
    planOf(db),
    db.read<Referral>(
      'SELECT * FROM referral WHERE inviterId = ? AND (boundAt < ? OR (boundAt = ? AND friendId < ?)) ORDER BY boundAt DESC, friendId DESC LIMIT ?',
      [memberId, before.at, before.at, before.id, limit + 1],
    ),
    db.read<{ n: number; paid: number | null; points: number | null; month: number | null }>(
      `SELECT COUNT(*) AS n, SUM(CASE WHEN state IN ('paid', 'capped') THEN 1 ELSE 0 END) AS paid, SUM(inviterPoints) AS points,
         SUM(CASE WHEN paidMonth = ? THEN 1 ELSE 0 END) AS month FROM referral WHERE inviterId = ?`,
      [month, memberId],
    ),
    db.read<Referral>('SELECT * FROM referral WHERE friendId = ?', [memberId]),
    requireMember(db, memberId),
    purchasesSince(db, [memberId], 0),
  ])
  const shown = rows.slice(0, limit)
  const names = await namesOf(db, [...new Set(shown.map((r) => r.friendId))])
  const last = shown.at(-1)
  const bindUntil = self.joinedAt + plan.bindDays * DAY_MS
  return {
    items: shown.map((r) => ({
      id: r.friendId,
      nameMasked: maskName(names.get(r.friendId) ?? ''),
      joinedAt: r.boundAt,
      state: r.state as State,
      stateText: stateTexts[r.state as State],
      points: r.inviterPoints,
      paysAt: r.state === 'bought' ? r.paysAt : null,
    })),
    nextCursor: rows.length > limit && last ? `${last.boundAt}-${last.friendId}` : null,
    active: plan.active,
    code,
    link: appLink(deps.env, pageOf(code)),
    sharePath: pageOf(code),
    inviterPoints: plan.inviterPoints,
    friendPoints: plan.friendPoints,
    minSpendFen: plan.minSpendFen,
    keepDays: plan.keepDays,
    counts: {
      friends: Number(counts.n),
      paid: Number(counts.paid ?? 0),
      points: Number(counts.points ?? 0),
      thisMonth: Number(counts.month ?? 0),
      perMonth: plan.perMonth,
    },
    invitedBy: mine ? await nameOf(db, mine.inviterId) : null,
    bindUntil: plan.active && !mine && !bought.length && bindUntil > now ? bindUntil : null,
  }
}

/** Pictures of mini-program codes that were asked for lately; WeChat makes the same one again for the same code. */
const pictures = new Map<string, string>()
const keptPictures = 200

/** The mini-program code for a poster; goes to WeChat, so it runs before any transaction. */
export const drawPoster = async ({
  deps,
  actor,
}: {
  deps: Deps
  actor: { memberId: string }
}): Promise<Output<'GET /me/referrals/poster'>> => {
  const code = await codeOf(deps, actor.memberId)
  let image = pictures.get(code)
  if (!image) {
    try {
      const made = await deps.wechat.getUnlimitedCode({
        scene: `r=${code}`,
        page: 'packages/referral/invite',
        checkPath: false,
        width: 280,
      })
      image = `data:${made.type};base64,${made.image.toString('base64')}`
    } catch (error) {
      if (!isWechatError(error)) throw error
      deps.log.warn({ errcode: error.errcode, path: error.path }, 'wechat made no code')
      throw refuse('wechat_unavailable')
    }
    if (pictures.size >= keptPictures) pictures.clear()
    pictures.set(code, image)
  }
  const shop = deps.env.SHOP_NAME
  return { code, image, shop, nameMasked: await nameOf(deps.db, actor.memberId), link: appLink(deps.env, pageOf(code)) }
}

const inviterOf = async (db: Reader, code: string): Promise<string> => {
  const [row] = await db.read<ReferralCode>('SELECT memberId FROM referral_code WHERE code = ?', [code])
  if (!row) throw refuse('invite_not_found')
  return row.memberId
}

/** What a visitor reads who opens somebody's link. */
export const landing = async (db: Reader, deps: Deps, code: string): Promise<Output<'GET /invites/:code'>> => {
  const inviterId = await inviterOf(db, code)
  const { plan } = await planOf(db)
  return {
    nameMasked: await nameOf(db, inviterId),
    friendPoints: plan.friendPoints,
    minSpendFen: plan.minSpendFen,
    shop: deps.env.SHOP_NAME,
    active: plan.active,
  }
}

/** A newcomer says who sent her. The friend's row is the claim: of ten codes entered at once one counts. */
export const bindCode = async (
  tx: Tx,
  friendId: string,
  code: string,
  now: number,
): Promise<Output<'POST /me/referrals/bindings'>> => {
  const inviterId = await inviterOf(tx, code)
  const [{ plan }, friend, bought, [upward]] = [
    await planOf(tx),
    await requireMember(tx, friendId),
    await purchasesSince(tx, [friendId], 0),
    await tx.read<Referral>('SELECT inviterId FROM referral WHERE friendId = ?', [inviterId]),
  ]
  const refusal = bindRefusal(
    plan,
    {
      inviterId,
      friendId,
      friendJoinedAt: friend.joinedAt,
      hasBought: bought.length > 0,
      sharesDevice: inviterId !== friendId && (await sharesDevice(tx, inviterId, friendId)),
      inviterInvitedBy: upward?.inviterId ?? null,
    },
    now,
  )
  if (refusal) throw refusal
  const fresh = await tx.insertNew('referral', [
    {
      friendId,
      inviterId,
      boundAt: now,
      state: 'joined',
      flags: '[]',
      inviterPoints: 0,
      friendPoints: 0,
      purchaseId: null,
      paysAt: null,
      paidAt: null,
      paidMonth: null,
    },
  ])
  if (!fresh) throw refuse('invite_bound')
  return { inviterNameMasked: await nameOf(tx, inviterId), friendPoints: plan.friendPoints }
}
