import { roles } from '../../shared/permissions'
import { civilDay } from '../../shared/time'
import { newId, newReceiptNo } from '../db/id'
import type { Reader } from '../db/transaction'
import { inScope, type OperatorActor } from '../http/actor'
import { bind } from '../http/bind'
import { executeOne } from '../http/command'
import { loadScan, requireMember } from '../members/service'
import { storesOf } from '../operators/service'

import { birthdayKeysFor, counterOf } from './counter'
import { homeOf, visitorHome } from './home'
import { conflictsOf, resolveConflict, syncOffline } from './offline'
import { ownPurchase, purchaseById, purchasesOfMember, purchasesOfStore, shiftOf, viewPurchases } from './queries'
import { refundPurchases } from './refund'
import { lookUp, requireRights, scanCode } from './scan'
import { settlePurchases } from './settle'
import { settledView } from './views'

const scanOfMember = async (db: Reader, actor: OperatorActor, scanId: string | undefined, now: number) =>
  scanId ? (await loadScan(db, actor, scanId, now)).memberId : undefined

export const purchasesRoutes = [
  bind('GET /me/home', ({ tx, deps, actor, now }) => homeOf(tx, deps, actor.memberId, now)),
  bind('GET /home', ({ tx, deps, now }) => visitorHome(tx, deps, now)),
  bind('GET /staff/me', async ({ tx, actor, now }) => ({
    name: actor.name,
    role: roles[actor.role].name,
    permissions: [...roles[actor.role].permissions],
    stores: await storesOf(tx, actor),
    today: await shiftOf(tx, actor.operatorId, now),
  })),
  bind('POST /staff/scans', scanCode),
  bind('POST /staff/lookups', lookUp),
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
    requireRights(scan, input.couponIds)
    const settled = await executeOne(
      tx,
      settlePurchases,
      {
        source: actor.role === 'pos' ? 'pos' : 'staff',
        externalNo: input.externalNo ?? newReceiptNo(civilDay(now)),
        memberId: scan.memberId,
        storeId: scan.storeId,
        operatorId: actor.operatorId,
        at: now,
        amountFen: input.amountFen,
        lines: input.lines.map((l) => ({ ...l, amountFen: l.quantity * l.unitFen })),
        couponIds: [...new Set(input.couponIds)],
        birthdayKeys: birthdayKeysFor(deps.keys, civilDay(now)),
        payKind: input.payKind,
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
        lines: input.undo ? undefined : input.lines,
        amountFen: input.undo ? undefined : input.amountFen,
        reason: input.reason,
        undo: input.undo,
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
  bind('GET /me/purchases/:purchaseId', ({ tx, actor, input }) => ownPurchase(tx, actor.memberId, input.purchaseId)),
  bind('POST /staff/offline-syncs', syncOffline),
  bind('GET /staff/offline-conflicts', ({ tx, actor, input }) => conflictsOf(tx, actor, input)),
  bind('POST /staff/offline-conflicts/:conflictId/resolutions', ({ tx, actor, input, now }) =>
    resolveConflict(tx, actor, input, now),
  ),
  bind('GET /admin/members/:memberId/purchases', async ({ tx, input }) => {
    await requireMember(tx, input.memberId)
    return purchasesOfMember(tx, input.memberId, input)
  }),
]
