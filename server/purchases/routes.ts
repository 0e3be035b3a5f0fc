import { roles } from '../../shared/permissions'
import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError, refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { bind } from '../http/bind'
import { executeOne } from '../http/command'
import { findByPhone, loadScan, openScan, requireMember, resolveCode } from '../members/service'
import { recordAudit, requireStore, storesOf } from '../operators/service'

import { birthdayKeysFor, counterOf } from './counter'
import { homeOf, popularGoodsCache, visitorHome } from './home'
import { purchaseById, purchasesOfMember, purchasesOfStore, shiftOf, viewPurchases } from './queries'
import { refundPurchases } from './refund'
import { settlePurchases } from './settle'
import { settledView } from './views'

const popular = popularGoodsCache()
const shown = (db: Reader, deps: Deps, scan: Parameters<typeof counterOf>[2], now: number) =>
  counterOf(db, deps, scan, { amountFen: 0, chosen: [] }, now)
const scanOfMember = async (db: Reader, actor: OperatorActor, scanId: string | undefined, now: number) =>
  scanId ? (await loadScan(db, actor, scanId, now)).memberId : undefined

export const purchasesRoutes = [
  bind('GET /me/home', async ({ tx, deps, actor, now }) =>
    homeOf(tx, deps, actor.memberId, now, await popular(tx, now)),
  ),
  bind('GET /home', async ({ tx, deps, now }) => visitorHome(tx, deps, now, await popular(tx, now))),
  bind('GET /staff/me', async ({ tx, actor, now }) => ({
    name: actor.name,
    role: roles[actor.role].name,
    permissions: [...roles[actor.role].permissions],
    stores: await storesOf(tx, actor),
    today: await shiftOf(tx, actor.operatorId, now),
  })),
  bind('POST /staff/scans', async ({ tx, deps, actor, input, now }) => {
    await requireStore(tx, actor, input.storeId)
    const found = await resolveCode(tx, deps, {
      code: input.code,
      storeId: input.storeId,
      operatorId: actor.operatorId,
      now,
    })
    if (found instanceof AppError) return found
    return shown(
      tx,
      deps,
      await openScan(tx, {
        memberId: found.memberId,
        storeId: input.storeId,
        operatorId: actor.operatorId,
        via: 'code',
        now,
      }),
      now,
    )
  }),
  bind('POST /staff/lookups', async (c) => {
    const { tx, deps, actor, input, now } = c
    await requireStore(tx, actor, input.storeId)
    const member = await findByPhone(tx, deps.keys, input.phone)
    recordAudit(tx, newId(now), c, 'POST /staff/lookups', member?.id)
    if (!member) return refuse('member_not_found')
    if (member.status !== 'active') return refuse('member_inactive')
    return shown(
      tx,
      deps,
      await openScan(tx, {
        memberId: member.id,
        storeId: input.storeId,
        operatorId: actor.operatorId,
        via: 'phone',
        now,
      }),
      now,
    )
  }),
  bind('GET /staff/scans/:scanId', async ({ tx, deps, actor, input, now }) =>
    counterOf(
      tx,
      deps,
      await loadScan(tx, actor, input.scanId, now),
      { amountFen: input.amountFen, chosen: input.couponIds?.split(',') ?? [] },
      now,
    ),
  ),
  bind('POST /staff/purchases', async ({ tx, deps, actor, input, now }) => {
    const scan = await loadScan(tx, actor, input.scanId, now)
    const settled = await executeOne(
      tx,
      settlePurchases,
      {
        source: actor.role === 'pos' ? 'pos' : 'staff',
        externalNo: input.externalNo ?? newId(now),
        memberId: scan.memberId,
        storeId: scan.storeId,
        operatorId: actor.operatorId,
        at: now,
        amountFen: input.amountFen,
        lines: input.lines.map((l) => ({ ...l, amountFen: l.quantity * l.unitFen })),
        couponIds: [...new Set(input.couponIds)],
        birthdayKeys: birthdayKeysFor(deps.keys, civilDay(now)),
      },
      now,
    )
    return settledView(settled)
  }),
  bind('POST /staff/purchases/:purchaseId/refunds', async ({ tx, actor, input, now }) => {
    const refunded = await executeOne(
      tx,
      refundPurchases,
      {
        source: 'staff',
        externalNo: newId(now),
        purchaseId: input.purchaseId,
        lines: input.lines,
        amountFen: input.amountFen,
        reason: input.reason,
        at: now,
        operatorId: actor.operatorId,
        storeIds: actor.storeIds,
      },
      now,
    )
    const [purchase] = await viewPurchases(tx, [refunded.purchase])
    return {
      refundId: refunded.refund.id,
      refundFen: refunded.refund.amountFen,
      pointsTakenBack: refunded.refund.pointsTakenBack,
      pointsOwed: refunded.refund.pointsOwed,
      growthTakenBack: refunded.refund.growthTakenBack,
      couponsReturned: refunded.couponsReturned,
      purchase,
    }
  }),
  bind('GET /staff/purchases', async ({ tx, actor, input, now }) => {
    inScope(actor, input.storeId)
    return purchasesOfStore(tx, input.storeId, { ...input, memberId: await scanOfMember(tx, actor, input.scanId, now) })
  }),
  bind('GET /staff/purchases/:purchaseId', ({ tx, actor, input }) => purchaseById(tx, actor, input.purchaseId)),
  bind('GET /me/purchases', ({ tx, actor, input }) => purchasesOfMember(tx, actor.memberId, input)),
  bind('GET /admin/members/:memberId/purchases', async ({ tx, input }) => {
    await requireMember(tx, input.memberId)
    return purchasesOfMember(tx, input.memberId, input)
  }),
]
