import type { Output } from '../../shared/contract'

type Shift = NonNullable<Output<'GET /staff/shifts/current'>['shift']>
export type Totals = Shift['totals']
type Kind = Totals['kinds'][number]['kind']

/** What was recorded in a shift, as the modules that recorded it tell it. Sums may come as text or null. */
export interface Recorded {
  taken: {
    kind: string
    purchases: number
    amountFen: number
    discountFen: number
    paidFen: number
    points: number
    offline: number
  }[]
  given: { kind: string; refunds: number; amountFen: number; points: number }[]
  coupons: { coupons: number; savedFen: number }
  rewards: number
  joined: number
}

const sum = <T>(rows: readonly T[], of: (row: T) => unknown): number =>
  rows.reduce((total, row) => total + Number(of(row) ?? 0), 0)

/** Adds a shift up. Kinds of payment stand in one order, those that did not occur left out. */
export const totalsOf = ({ taken, given, coupons, rewards, joined }: Recorded): Totals => {
  const order: Kind[] = ['cash', 'wechat', 'alipay', 'card', 'other']
  const kinds = order.flatMap((kind) => {
    const paid = taken.filter((t) => t.kind === kind)
    const back = given.filter((g) => g.kind === kind)
    return paid.length || back.length
      ? [
          {
            kind,
            purchases: sum(paid, (t) => t.purchases),
            paidFen: sum(paid, (t) => t.paidFen),
            refundFen: sum(back, (g) => g.amountFen),
          },
        ]
      : []
  })
  return {
    purchases: sum(taken, (t) => t.purchases),
    amountFen: sum(taken, (t) => t.amountFen),
    discountFen: sum(taken, (t) => t.discountFen),
    paidFen: sum(taken, (t) => t.paidFen),
    kinds,
    refunds: sum(given, (g) => g.refunds),
    refundFen: sum(given, (g) => g.amountFen),
    couponsRedeemed: coupons.coupons,
    couponSavedFen: coupons.savedFen,
    rewardsHanded: rewards,
    pointsGiven: sum(taken, (t) => t.points),
    pointsTakenBack: sum(given, (g) => g.points),
    joined,
    offline: sum(taken, (t) => t.offline),
  }
}

/** Cash that should be in the drawer: what was there, plus what was taken, minus what was given back. */
export const expectedCash = (openingCashFen: number, totals: Totals): number => {
  const cash = totals.kinds.find((k) => k.kind === 'cash')
  return openingCashFen + (cash?.paidFen ?? 0) - (cash?.refundFen ?? 0)
}
