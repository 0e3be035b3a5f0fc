import type { Output, Parsed } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { type Shopper, shopperOf } from './facts'
import { chooseCoupons, chooseRewards, type Offer } from './offers'
import { type Chosen, chooseProducts } from './products'
import { type Arm, noteOf } from './rules'
import { type Serving, servingOf } from './serve'
import { makeTrace } from './trace'

type Answer = Output<'GET /me/recommendations'>
type Asked = Parsed<'GET /me/recommendations'>
type Preview = Output<'GET /admin/members/:memberId/recommendations'>

/** A list before it is worded: what was chosen, for which group, by which model. */
interface Made {
  arm: Arm
  modelVersion: number
  items: Answer['items']
  chosen: (Chosen | Offer)[]
}

const productItems = (chosen: readonly Chosen[]): Answer['items'] =>
  chosen.map(({ product, reason }, i) => ({
    kind: 'product',
    id: product.id,
    position: i + 1,
    name: product.name,
    category: product.category,
    priceFen: product.priceFen,
    points: null,
    reason,
    action: null,
  }))
const offerItems = (offers: readonly Offer[]): Answer['items'] =>
  offers.map(({ score, ...offer }, i) => ({ ...offer, position: i + 1 }))

const make = async (
  db: Reader,
  serving: Serving,
  who: Shopper | null,
  { slot, limit, storeId }: Asked & { storeId: string | null },
  now: number,
): Promise<Made> => {
  if (slot !== 'coupons' && slot !== 'rewards') {
    const { arm, modelVersion, items } = await chooseProducts(db, serving, who, { slot, limit, storeId, now })
    return { arm, modelVersion, items: productItems(items), chosen: items }
  }
  if (!who) return { arm: 'off', modelVersion: 0, items: [], chosen: [] }
  const offers = await (slot === 'coupons' ? chooseCoupons : chooseRewards)(db, serving, who, { limit, now })
  // Offers are not drawn into groups: everybody sees what they may use; the wish to be left alone is kept all the same.
  const arm: Arm = who.personalised !== 1 ? 'off' : who.entries ? 'personal' : 'newcomer'
  return { arm, modelVersion: serving.loaded?.version ?? 0, items: offerItems(offers), chosen: offers }
}

const basisOf = (arm: Arm): Answer['basis'] => (arm === 'personal' ? 'personal' : arm === 'off' ? 'off' : 'popular')

/** Recommendations for a member, each with its reason; what is answered says whether it is personal. */
export const recommendTo = async (
  db: Reader,
  deps: Deps,
  memberId: string,
  asked: Asked,
  now: number,
): Promise<Answer> => {
  const [who, serving] = await Promise.all([shopperOf(db, memberId), servingOf(deps, now)])
  if (!who) throw refuse('member_not_found')
  const { arm, modelVersion, items } = await make(db, serving, who, { ...asked, storeId: who.storeId }, now)
  const basis = basisOf(arm)
  const traceId = makeTrace(deps.keys, memberId, { slot: asked.slot, arm, modelVersion }, now)
  return { traceId, basis, note: noteOf(basis), items }
}

/** What a visitor sees: what sells, in a store if one is named. Nothing about a visitor is kept. */
export const recommendToVisitor = async (
  db: Reader,
  deps: Deps,
  { storeId, limit }: Parsed<'GET /recommendations'>,
  now: number,
): Promise<Answer> => {
  const serving = await servingOf(deps, now)
  const asked = { slot: 'home', limit, storeId: storeId ?? null } as const
  const { modelVersion, items } = await make(db, serving, null, asked, now)
  const traceId = makeTrace(deps.keys, '', { slot: 'home', arm: 'off', modelVersion }, now)
  return { traceId, basis: 'popular', note: noteOf('popular'), items }
}

/** The same list as the member gets, with what each score is made of. */
export const previewFor = async (
  db: Reader,
  deps: Deps,
  { memberId, slot, limit }: Parsed<'GET /admin/members/:memberId/recommendations'>,
  now: number,
): Promise<Preview> => {
  const [who, serving] = await Promise.all([shopperOf(db, memberId), servingOf(deps, now)])
  if (!who) throw refuse('member_not_found')
  const made = await make(db, serving, who, { slot, limit, storeId: who.storeId }, now)
  const basis = basisOf(made.arm)
  return {
    traceId: makeTrace(deps.keys, memberId, { slot, arm: made.arm, modelVersion: made.modelVersion }, now),
    basis,
    note: noteOf(basis),
    items: made.items,
    arm: made.arm,
    modelVersion: made.modelVersion,
    details: made.chosen.map((c, i) => ({
      id: made.items[i].id,
      score: c.score,
      parts: 'parts' in c ? c.parts : [{ name: '合适程度', value: c.score }],
    })),
  }
}
