import { contract, type Input } from '../../shared/contract'
import { addDays, civilDay, HOUR_MS, MINUTE_MS, startOfDay } from '../../shared/time'
import { checkInToday } from '../checkins/service'
import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError } from '../errors'
import type { OperatorActor } from '../http/actor'
import { execute, executeOne } from '../http/command'
import { findByPhone, joinMember, membersByExternalId } from '../members/service'
import { allStores, operatorByUsername, storeByCode } from '../operators/service'
import { settlePurchases } from '../purchases/service'
import { bindCode, codeOf, openReferrals, settleReferrals } from '../referrals/service'
import { createReward, handOut, moveReward, redeemRewards } from '../rewards/service'
import { demoMember, demoStaff } from './accounts'

type RewardInput = Input<'POST /admin/rewards'>
/** A reward of the demo; `coupon` names a template of shop.ts. */
type DemoReward = Omit<RewardInput, 'couponTemplateId'> & { key: string; coupon?: string; state?: 'draft' | 'ended' }

const rewards: readonly DemoReward[] = [
  {
    key: 'coffee',
    name: '手冲咖啡一杯',
    subtitle: '当日烘焙豆，到店现冲',
    description: '静安寺店咖啡吧台兑换，可选耶加雪菲或云南普洱日晒。',
    kind: 'goods',
    category: '茶饮',
    pictures: ['art:coffee'],
    points: 180,
    worthFen: 2800,
    stock: 300,
    perMember: 4,
    sort: 10,
  },
  {
    key: 'candle',
    name: '无花果香薰蜡烛 90g',
    subtitle: '大豆蜡，燃烧约 20 小时',
    description: '前调青叶，后调雪松与无花果奶香。到店自取，附赠火柴一盒。',
    kind: 'goods',
    category: '家居',
    pictures: ['art:candle', 'art:gift'],
    points: 480,
    worthFen: 6800,
    stock: 80,
    perMember: 2,
    delivery: true,
    sort: 20,
  },
  {
    key: 'cup',
    name: '手捏陶马克杯',
    subtitle: '加 ¥19.90，每只釉色不同',
    description: '景德镇手作，容量约 280 毫升，可进洗碗机。',
    kind: 'goods',
    category: '餐厨',
    pictures: ['art:cup'],
    points: 600,
    cashFen: 1990,
    worthFen: 8800,
    stock: 60,
    perMember: 2,
    delivery: true,
    sort: 30,
  },
  {
    key: 'scent',
    name: '家居香氛满减券',
    subtitle: '满 ¥200 减 ¥30',
    kind: 'coupon',
    category: '优惠券',
    pictures: ['art:jar'],
    points: 150,
    worthFen: 3000,
    stock: 500,
    perMember: 3,
    sort: 40,
    coupon: 'scent',
  },
  {
    key: 'tea',
    name: '明前龙井 50g 罐装',
    subtitle: '金叶会员专享',
    description: '2026 年头采，铝罐密封。',
    kind: 'goods',
    category: '茶饮',
    pictures: ['art:tea'],
    points: 900,
    worthFen: 12_800,
    stock: 40,
    minTierLevel: 2,
    delivery: true,
    sort: 50,
  },
  {
    key: 'plant',
    name: '桌面绿植：小叶龟背',
    subtitle: '连盆带走，养护卡一张',
    kind: 'goods',
    category: '园艺',
    pictures: ['art:plant'],
    points: 320,
    worthFen: 4500,
    stock: 50,
    sort: 60,
  },
  {
    key: 'lamp',
    name: '暖光小夜灯',
    subtitle: '触控三档，USB 充电',
    kind: 'goods',
    category: '家居',
    pictures: ['art:lamp'],
    points: 1500,
    worthFen: 19_900,
    stock: 20,
    delivery: true,
    sort: 70,
  },
  {
    key: 'bag',
    name: '拾光帆布袋',
    subtitle: '12 安厚帆布，可装 A4',
    kind: 'goods',
    category: '好物',
    pictures: ['art:bag'],
    points: 260,
    worthFen: 3900,
    stock: 6,
    perMember: 1,
    sort: 80,
  },
  {
    key: 'festive',
    name: '双旦礼盒',
    subtitle: '蜡烛、茶与饼干',
    kind: 'goods',
    category: '礼盒',
    pictures: ['art:gift'],
    points: 1200,
    worthFen: 16_800,
    stock: 30,
    delivery: true,
    sort: 90,
    state: 'draft',
  },
  {
    key: 'flags',
    name: '秋日花环',
    kind: 'goods',
    category: '好物',
    pictures: ['art:flags'],
    points: 400,
    stock: 20,
    sort: 99,
    state: 'ended',
  },
]

/** Customers who redeem: every so-many-th of the file, one of the rewards each, over the last weeks. */
const everyNth = 6
const redemptionDays = 24
const popular = ['coffee', 'scent', 'candle', 'plant', 'coffee', 'bag', 'scent']
/** Days in a row on which the demo's member has checked in, up to yesterday. */
const streakDays = 6

const makeRewards = async (
  tx: Tx,
  templates: ReadonlyMap<string, string>,
  at: number,
): Promise<Map<string, string>> => {
  const ids = new Map<string, string>()
  for (const { key, coupon, state, ...draft } of rewards) {
    const input = contract['POST /admin/rewards'].input.parse({
      ...draft,
      couponTemplateId: coupon ? templates.get(coupon) : null,
    })
    const made = await createReward(tx, input, null, at)
    ids.set(key, made.id)
    if (state === 'draft') continue
    const out = await moveReward(tx, { rewardId: made.id, version: made.version, to: 'published' }, at)
    if (state === 'ended') await moveReward(tx, { rewardId: made.id, version: out.version, to: 'ended' }, at + HOUR_MS)
  }
  return ids
}

const redeemAll = async (
  tx: Tx,
  ids: ReadonlyMap<string, string>,
  memberIds: readonly string[],
  actor: OperatorActor,
  now: number,
): Promise<void> => {
  const stores = await allStores(tx)
  const today = civilDay(now)
  for (let ago = redemptionDays; ago > 0; ago--) {
    const at = startOfDay(addDays(today, -ago)) + 11 * HOUR_MS
    const wanted = memberIds.flatMap((memberId, i) =>
      i % redemptionDays === ago - 1
        ? [
            {
              memberId,
              rewardId: ids.get(popular[i % popular.length]) as string,
              method: popular[i % popular.length] === 'scent' ? ('coupon' as const) : ('pickup' as const),
              storeId: stores[i % stores.length].id,
              addressSealed: null,
              canPay: false,
            },
          ]
        : [],
    )
    const made = await execute(tx, redeemRewards, wanted, at)
    for (const [i, result] of made.entries()) {
      if (result instanceof AppError || result.order.state !== 'ready' || i % 3 === 0) continue
      const { id: orderId, storeId, pickupCode } = result.order
      const handed = { orderId, storeId: storeId as string, code: pickupCode as string }
      await handOut(tx, actor, handed, at + 30 * HOUR_MS < now ? at + 30 * HOUR_MS : now)
    }
  }
}

/** Two friends of the demo's member: one whose first purchase has long been kept, one who bought the day before yesterday. */
const friends = [
  { name: '周予安', phone: '13800138021', joinedDaysAgo: 12, boughtDaysAgo: 10, amountFen: 26_800 },
  { name: '沈清和', phone: '13800138022', joinedDaysAgo: 3, boughtDaysAgo: 2, amountFen: 15_900 },
  { name: '陆一鸣', phone: '13800138023', joinedDaysAgo: 1, boughtDaysAgo: null, amountFen: 0 },
]

const inviteFriends = async (tx: Tx, deps: Deps, inviterCode: string, storeId: string, now: number): Promise<void> => {
  const dayAt = (ago: number, hour: number): number => startOfDay(addDays(civilDay(now), -ago)) + hour * HOUR_MS
  for (const f of friends) {
    const joinedAt = dayAt(f.joinedDaysAgo, 10)
    const { memberId } = await joinMember(tx, deps, { via: 'phone', phone: f.phone, name: f.name, at: joinedAt })
    await bindCode(tx, memberId, inviterCode, joinedAt + MINUTE_MS)
    if (f.boughtDaysAgo === null) continue
    await executeOne(
      tx,
      settlePurchases,
      {
        source: 'pos',
        externalNo: `demo-friend-${f.phone.slice(-2)}`,
        memberId,
        storeId,
        operatorId: null,
        at: dayAt(f.boughtDaysAgo, 14),
        amountFen: f.amountFen,
        lines: [],
        couponIds: [],
        birthdayKeys: [],
        payKind: 'wechat',
      },
      now,
    )
  }
  await settleReferrals(tx, await openReferrals(tx, '', 50, now), now)
}

/**
 * The mall, its redemptions, the check-in streak and the friends of the demo's member. All of it is one transaction that begins only where
 * there is no reward yet, so a second seed adds nothing.
 */
export const seedMall = async (
  deps: Deps,
  templates: ReadonlyMap<string, string>,
  customers: readonly string[],
): Promise<void> => {
  const now = deps.clock.now()
  const today = civilDay(now)
  const member = await findByPhone(deps.db, deps.keys, demoMember.phone)
  const store = await storeByCode(deps.db, 'JA')
  const staff = await operatorByUsername(deps.db, demoStaff.username)
  if (!member || !store || !staff) throw new Error('The demo shop is not complete')
  const some = customers.filter((_, i) => i % everyNth === 0)
  const known = await membersByExternalId(deps.db, deps.keys, 'demo', some)
  const others = some.flatMap((c) => known.get(c) ?? []).filter((id) => id !== member.id)
  const code = await codeOf(deps, member.id)
  const actor: OperatorActor = {
    kind: 'operator',
    id: staff.id,
    operatorId: staff.id,
    name: staff.name,
    role: 'cashier',
    sessionId: newId(now),
    storeIds: null,
  }
  await deps.db.tx(async (tx) => {
    if ((await tx.read('SELECT 1 AS found FROM reward LIMIT 1')).length) return
    const ids = await makeRewards(tx, templates, startOfDay(addDays(today, -60)) + 9 * HOUR_MS)
    await redeemAll(tx, ids, others, actor, now)
    for (let ago = streakDays; ago > 0; ago--)
      await checkInToday(tx, member.id, startOfDay(addDays(today, -ago)) + 8 * HOUR_MS + 12 * MINUTE_MS)
    // One gift waits in the store for the demo's member, with its code.
    await execute(
      tx,
      redeemRewards,
      [
        {
          memberId: member.id,
          rewardId: ids.get('coffee') as string,
          method: 'pickup',
          storeId: store.id,
          addressSealed: null,
          canPay: false,
        },
      ],
      startOfDay(addDays(today, -1)) + 19 * HOUR_MS,
    )
    await inviteFriends(tx, deps, code, store.id, now)
  })
}
