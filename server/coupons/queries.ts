import type { Output } from '../../shared/contract'
import { addDays, civilDay, endOfDay } from '../../shared/time'
import type { Bindable } from '../db/statement'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { Coupon, CouponTemplate } from './entity'
import { issueCoupon, type Stock } from './rules'
import { namingOf, showTemplate, type Template, templateOf, templatesByIds } from './templates'
import { heldView, ticketFace } from './views'
import { validityText } from './words'

type Held = Output<'GET /me/coupons/:couponId'>
type Tab = 'usable' | 'coming' | 'used' | 'expired'

const tabs: Record<Tab, (now: number) => [string, Bindable[]]> = {
  usable: (now) => ["status = 'held' AND validFrom <= ? AND validTo >= ?", [now, now]],
  coming: (now) => ["status = 'held' AND validFrom > ?", [now]],
  used: () => ["status = 'used'", []],
  expired: (now) => ["(status IN ('expired', 'void') OR (status = 'held' AND validTo < ?))", [now]],
}

/** Coupons with what a member sees of them. */
export const viewCoupons = async (db: Reader, rows: readonly Coupon[], now: number): Promise<Held[]> => {
  if (!rows.length) return []
  const [templates, naming] = await Promise.all([
    templatesByIds(db, [...new Set(rows.map((r) => r.templateId))]),
    namingOf(db),
  ])
  return rows.map((r) => heldView(r, templates.get(r.templateId) as Template, naming, now))
}

/** How many coupons stand in each tab. */
export const couponCounts = async (db: Reader, memberId: string, now: number): Promise<Record<Tab, number>> => {
  const [row] = await db.read<Record<Tab, number | null>>(
    `SELECT SUM(CASE WHEN status = 'held' AND validFrom <= ? AND validTo >= ? THEN 1 ELSE 0 END) AS usable,
       SUM(CASE WHEN status = 'held' AND validFrom > ? THEN 1 ELSE 0 END) AS coming,
       SUM(CASE WHEN status = 'used' THEN 1 ELSE 0 END) AS used,
       SUM(CASE WHEN status IN ('expired', 'void') OR (status = 'held' AND validTo < ?) THEN 1 ELSE 0 END) AS expired
     FROM coupon WHERE memberId = ?`,
    [now, now, now, now, memberId],
  )
  return {
    usable: Number(row?.usable ?? 0),
    coming: Number(row?.coming ?? 0),
    used: Number(row?.used ?? 0),
    expired: Number(row?.expired ?? 0),
  }
}

/** One page of a tab: what ends first comes first, what is over newest first. The cursor is `<validTo>-<id>` of the last one shown. */
export const heldCoupons = async (
  db: Reader,
  memberId: string,
  { tab, cursor, limit }: { tab: Tab; cursor?: string; limit: number },
  now: number,
): Promise<{ items: Held[]; nextCursor: string | null }> => {
  const forward = tab === 'usable' || tab === 'coming'
  const [where, params] = tabs[tab](now)
  const [at, after] = cursor?.split('-') ?? []
  const paged = cursor && /^\d+$/.test(at) && after
  const compare = forward ? '>' : '<'
  const rows = await db.read<Coupon>(
    `SELECT * FROM coupon WHERE memberId = ? AND ${where}${paged ? ` AND (validTo ${compare} ? OR (validTo = ? AND id ${compare} ?))` : ''}
     ORDER BY validTo ${forward ? 'ASC' : 'DESC'}, id ${forward ? 'ASC' : 'DESC'} LIMIT ?`,
    [memberId, ...params, ...(paged ? [Number(at), Number(at), after] : []), limit + 1],
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await viewCoupons(db, shown, now),
    nextCursor: rows.length > limit && last ? `${last.validTo}-${last.id}` : null,
  }
}

/** Every coupon a member ever held, newest first. */
export const allCoupons = async (
  db: Reader,
  memberId: string,
  { cursor, limit }: { cursor?: string; limit: number },
  now: number,
): Promise<{ items: Held[]; nextCursor: string | null }> => {
  const rows = await db.read<Coupon>('SELECT * FROM coupon WHERE memberId = ? AND id < ? ORDER BY id DESC LIMIT ?', [
    memberId,
    cursor ?? '~',
    limit + 1,
  ])
  const shown = rows.slice(0, limit)
  return {
    items: await viewCoupons(db, shown, now),
    nextCursor: rows.length > limit ? shown[shown.length - 1].id : null,
  }
}

/** One coupon of this member; somebody else's is not found. */
export const heldCoupon = async (db: Reader, memberId: string, couponId: string, now: number): Promise<Held> => {
  const rows = await db.read<Coupon>('SELECT * FROM coupon WHERE id = ? AND memberId = ?', [couponId, memberId])
  if (!rows.length) throw refuse('coupon_not_found')
  return (await viewCoupons(db, rows, now))[0]
}

/** How many usable coupons end today. */
export const endingToday = async (db: Reader, memberId: string, now: number): Promise<number> => {
  const [row] = await db.read<{ n: number }>(
    "SELECT COUNT(*) AS n FROM coupon WHERE memberId = ? AND status = 'held' AND validFrom <= ? AND validTo >= ? AND validTo <= ?",
    [memberId, now, now, endOfDay(civilDay(now))],
  )
  return row.n
}

/** Templates that members may take themselves at this moment or soon. */
const openTemplates = async (db: Reader, now: number): Promise<Template[]> =>
  (
    await db.read<CouponTemplate>(
      "SELECT * FROM coupon_template WHERE state = 'published' AND claimable = 1 AND (claimUntil IS NULL OR claimUntil >= ?) ORDER BY id DESC LIMIT 50",
      [now],
    )
  ).map(templateOf)

/** 领券中心. With a member, each says why it cannot be claimed, in the very words of the refusal. */
export const claimableFor = async (
  db: Reader,
  member: { id: string; tierLevel: number } | null,
  now: number,
): Promise<Output<'GET /coupons/claimable'>> => {
  const [templates, naming] = await Promise.all([openTemplates(db, now), namingOf(db)])
  const counts = member
    ? await db.read<{ templateId: string; top: number }>(
        'SELECT templateId, MAX(ordinal) AS top FROM coupon WHERE memberId = ? GROUP BY templateId',
        [member.id],
      )
    : []
  const items = templates.map((t) => {
    const claimed = counts.find((c) => c.templateId === t.id)?.top ?? 0
    const stock: Stock = {
      id: t.id,
      name: t.name,
      state: t.state,
      rule: t.rule,
      issue: t.issue,
      issued: t.issued,
      issuedDay: t.issuedDay,
      issuedToday: t.issuedToday,
      ordinals: new Map(member ? [[member.id, claimed]] : []),
      granted: new Set(),
      dirty: false,
    }
    const tried = issueCoupon(
      stock,
      { memberId: member?.id ?? '', templateId: t.id, source: 'claim', sourceId: null, at: now },
      member ?? { tierLevel: t.rule.minTierLevel },
      naming.tier,
    )
    return {
      templateId: t.id,
      face: ticketFace(t, naming),
      stockLeft: t.stock - t.issued,
      stock: t.stock,
      claimed,
      perMember: t.perMember,
      claimUntil: t.claimUntil,
      validity: validityText(t.rule),
      blocked: tried instanceof Error ? tried.message : null,
    }
  })
  // What can be claimed comes first.
  return { items: items.sort((a, b) => Number(a.blocked !== null) - Number(b.blocked !== null)) }
}

/** One template with its face and sixty days of issue and redemption. */
export const showTemplateWithDays = async (
  db: Reader,
  id: string,
  now: number,
): Promise<Output<'GET /admin/coupon-templates/:templateId'>> => {
  const template = await showTemplate(db, id)
  const from = addDays(civilDay(now), -59)
  const [issued, redeemed, naming] = await Promise.all([
    db.read<{ d: string; n: number }>(
      "SELECT claimedOn AS d, COUNT(*) AS n FROM coupon WHERE templateId = ? AND claimedOn >= ? AND source <> 'gift' GROUP BY claimedOn",
      [id, from],
    ),
    db.read<{ d: string; n: number; saved: number }>(
      'SELECT redeemedOn AS d, COUNT(*) AS n, SUM(savedFen) AS saved FROM coupon WHERE templateId = ? AND redeemedOn >= ? GROUP BY redeemedOn',
      [id, from],
    ),
    namingOf(db),
  ])
  const daily = Array.from({ length: 60 }, (_, i) => {
    const on = addDays(from, i)
    const used = redeemed.find((r) => r.d === on)
    return {
      on,
      issued: issued.find((r) => r.d === on)?.n ?? 0,
      redeemed: used?.n ?? 0,
      savedFen: Number(used?.saved ?? 0),
    }
  })
  return { ...template, face: ticketFace(template, naming), daily }
}

/** The coupons of a purchase, with what each saved. */
export const usedIn = async (
  db: Reader,
  purchaseId: string,
): Promise<{ couponId: string; name: string; savedFen: number }[]> =>
  (
    await db.read<{ couponId: string; name: string; savedFen: number }>(
      'SELECT c.id AS couponId, t.name, c.savedFen FROM coupon c JOIN coupon_template t ON t.id = c.templateId WHERE c.purchaseId = ? ORDER BY c.id',
      [purchaseId],
    )
  ).map((c) => ({ ...c, savedFen: Number(c.savedFen) }))

/** Coupons one operator redeemed in a store, in [from, until) epoch ms, and what they saved. */
export const redeemedBy = async (
  db: Reader,
  w: { operatorId: string; storeId: string; from: number; until: number },
): Promise<{ coupons: number; savedFen: number }> => {
  const [row] = await db.read<{ n: number; saved: number | null }>(
    `SELECT COUNT(*) AS n, SUM(savedFen) AS saved FROM coupon
     WHERE redeemedOn >= ? AND redeemedOn <= ? AND operatorId = ? AND storeId = ? AND status = 'used' AND redeemedAt >= ? AND redeemedAt < ?`,
    [civilDay(w.from), civilDay(w.until), w.operatorId, w.storeId, w.from, w.until],
  )
  return { coupons: Number(row.n), savedFen: Number(row.saved ?? 0) }
}
