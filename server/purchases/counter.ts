import type { Output } from '../../shared/contract'
import { birthdayKeysOn } from '../../shared/lunar'
import { formatYuan } from '../../shared/money'
import { civilDay } from '../../shared/time'
import { applyCoupons, heldCoupons, namingOf, occasionAt, templatesByIds } from '../coupons/service'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError } from '../errors'
import { birthdayKeyOf, glance, requireMember, type Scan } from '../members/service'
import { storeById } from '../operators/service'
import { accountOf, pointsFor, pointsPolicy } from '../points/service'
import { levelsOf } from '../tiers/service'
import type { MemberStats } from './entity'
import { multiplierFor } from './settle'

type Counter = Output<'GET /staff/scans/:scanId'>
type Quote = Counter['coupons'][number]

/** Coupons a till shows at most; a member with more sees the rest on the phone. */
const shownCoupons = 20

/** The blind keys of every birthday celebrated on a civil day. */
export const birthdayKeysFor = (keys: Deps['keys'], day: string): string[] =>
  birthdayKeysOn(day).map((b) => birthdayKeyOf(keys, b))

const rank = (q: Quote): number => (q.usable ? 0 : 1)

/**
 * What the till shows after a scan: who it is, what each usable coupon would save on this amount, what the purchase would give.
 * @param amountFen 0 while nothing has been typed: coupons are then held against time and place only
 * @param chosen coupons the cashier has ticked; without them the best single one is quoted
 */
export const counterOf = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  scan: Scan,
  { amountFen, chosen }: { amountFen: number; chosen: string[] },
  now: number,
): Promise<Counter> => {
  const today = civilDay(now)
  const member = await requireMember(db, scan.memberId)
  const [store, account, levels, naming, held, stats] = await Promise.all([
    storeById(db, scan.storeId),
    accountOf(db, member.id, today),
    levelsOf(db),
    namingOf(db),
    // A phone without network proves who it is, not that its owner stands here now: nothing to redeem is shown.
    scan.via === 'offline'
      ? { items: [], nextCursor: null }
      : heldCoupons(db, member.id, { tab: 'usable', limit: shownCoupons }, now),
    db.read<MemberStats>('SELECT * FROM member_stats WHERE memberId = ?', [member.id]),
  ])
  const templates = await templatesByIds(db, [...new Set(held.items.map((c) => c.templateId))])
  const occasion = occasionAt(scan.storeId, member.tierLevel, naming, now)
  const usable = (c: (typeof held.items)[number]) => {
    const template = templates.get(c.templateId)
    return template
      ? {
          id: c.id,
          memberId: member.id,
          status: 'held',
          validFrom: c.validFrom,
          validTo: c.validTo,
          name: template.name,
          rule: template.rule,
        }
      : null
  }
  const savingOf = (ids: string[]): number | AppError => {
    const list = held.items.filter((c) => ids.includes(c.id)).flatMap((c) => usable(c) ?? [])
    const applied = applyCoupons(list, occasion, [
      { productId: '', category: '', restFen: amountFen || Number.MAX_SAFE_INTEGER },
    ])
    return applied instanceof AppError ? applied : applied.reduce((s, a) => s + a.savedFen, 0)
  }
  const ticked = held.items.filter((c) => chosen.includes(c.id)).map((c) => c.id)
  const coupons = held.items.map((coupon): Quote => {
    const saving = savingOf([...new Set([...ticked, coupon.id])])
    const alone = savingOf([coupon.id])
    return {
      coupon,
      usable: !(saving instanceof AppError),
      savesFen: amountFen && typeof alone === 'number' ? alone : 0,
      refusal: saving instanceof AppError ? saving.message : null,
    }
  })
  coupons.sort((a, b) => rank(a) - rank(b) || b.savesFen - a.savesFen)
  const best = ticked.length
    ? ticked
    : coupons
        .filter((c) => c.usable && c.savesFen > 0)
        .slice(0, 1)
        .map((c) => c.coupon.id)
  const saved = amountFen && best.length ? savingOf(best) : 0
  const payFen = amountFen - (typeof saved === 'number' ? saved : 0)
  const level = levels.find((l) => l.level === member.tierLevel) ?? levels[0]
  const isBirthday = !!member.birthdayKey && birthdayKeysFor(deps.keys, today).includes(member.birthdayKey)
  const multiplier = multiplierFor(level, isBirthday)
  const notes = [
    level.multiplierBp !== 10_000 ? `${level.name} ${level.multiplierBp / 10_000} 倍` : '',
    isBirthday ? `生日 ${pointsPolicy.birthdayMultiplierBp / 10_000} 倍` : '',
  ].filter(Boolean)
  return {
    scanId: scan.id,
    expiresAt: scan.expiresAt,
    rights: scan.via === 'offline' ? 'earn' : 'full',
    store: { id: store.id, name: store.name },
    member: glance(deps.keys, member, {
      tierName: level.name,
      points: account.balance,
      lastVisitOn: stats[0] ? civilDay(stats[0].lastPurchaseAt) : null,
      birthdayToday: isBirthday,
      purchases: stats[0]?.purchases ?? 0,
    }),
    coupons,
    quote: {
      amountFen,
      payFen,
      points: pointsFor(payFen, multiplier),
      pointsNote: notes.join('，') || `每 ${formatYuan(100).replace('.00', '')} 得 ${pointsPolicy.pointsPerYuan} 分`,
    },
  }
}
