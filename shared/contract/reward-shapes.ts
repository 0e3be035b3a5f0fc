import { z } from 'zod'
import { fen, id, phone, pointsAmount, text, time } from './define'

/** The pictures that come with the app: `art:candle` is assets/goods-candle.svg. */
export const rewardArt = [
  'bag',
  'bake',
  'candle',
  'clock',
  'coffee',
  'cup',
  'decor',
  'flags',
  'gift',
  'jar',
  'jewel',
  'lamp',
  'paper',
  'plant',
  'tea',
  'toy',
  'warm',
] as const
/** `art:<name>` of the list above, a path of this server, or an https address. */
export const picture = z
  .string()
  .max(300)
  .regex(/^(art:[a-z]+|\/[\w./-]+|https:\/\/\S+)$/, '图片应为内置插画、上传的图片或 https 地址')
export const trackingNo = z.string().regex(/^[A-Za-z0-9-]{4,40}$/, '快递单号应为 4–40 位字母或数字')
export const pickupCode = z.string().regex(/^66\d{10}$/, '取货码应为 66 开头的 12 位数字')
export const address = z.strictObject({ name: text(20), phone, region: text(60), detail: text(120) })
export const rewardKind = z.enum(['goods', 'coupon'])
export const method = z.enum(['pickup', 'delivery', 'coupon'])
/**
 * unpaid: points are taken, the money is awaited · ready: waits in the store · pending: waits to be sent · shipped · handed: collected ·
 * received · done: the coupon is in the wallet · cancelled, expired (not paid or not collected in time), refunded: points are back.
 */
export const rewardOrderState = z.enum([
  'unpaid',
  'ready',
  'pending',
  'shipped',
  'handed',
  'received',
  'done',
  'cancelled',
  'expired',
  'refunded',
])
export const rewardCard = z.object({
  id,
  name: z.string(),
  subtitle: z.string(),
  kind: rewardKind,
  category: z.string(),
  picture: z.string(),
  points: z.int(),
  /** To be paid beside the points; 0 for most. */
  cashFen: z.int(),
  /** What it is worth in money, 0 when unknown. */
  worthFen: z.int(),
  stockLeft: z.int(),
  minTierLevel: z.int(),
  tierName: z.string().nullable(),
  /** Epoch ms at which redeeming begins, while that lies ahead. */
  startsAt: time.nullable(),
  endsAt: time.nullable(),
  /** Why this member cannot redeem it now, in the words of the refusal; null when nothing stands against it (and for visitors). */
  blocked: z.string().nullable(),
})
/** A reward as the home page teases it. */
export const rewardTeaser = z.object({
  id,
  name: z.string(),
  picture: z.string(),
  points: z.int(),
  cashFen: z.int(),
  affordable: z.boolean(),
})
export const rewardDetail = rewardCard.extend({
  description: z.string(),
  pictures: z.array(z.string()),
  stock: z.int(),
  perMember: z.int(),
  /** How many this member has taken. */
  taken: z.int(),
  methods: z.array(method),
  stores: z.array(z.object({ id, name: z.string(), address: z.string() })),
  /** Days a member has to collect it. */
  pickupDays: z.int(),
  /** Every condition with whether it is met: for "why not". */
  conditions: z.array(z.object({ title: z.string(), detail: z.string(), met: z.boolean() })),
  /** The coupon it gives, as its rules read. */
  couponRules: z.array(z.object({ title: z.string(), detail: z.string() })),
  /** Points this member would have left. */
  balanceAfter: z.int().nullable(),
})
export const orderView = z.object({
  id,
  no: z.string(),
  rewardId: id,
  name: z.string(),
  picture: z.string(),
  kind: rewardKind,
  method,
  state: rewardOrderState,
  stateText: z.string(),
  points: z.int(),
  cashFen: z.int(),
  createdAt: time,
  /** Until when it must be paid (unpaid) or collected (ready). */
  dueAt: time.nullable(),
  store: z.object({ id, name: z.string(), address: z.string() }).nullable(),
  /** Twelve digits, shown as QR and text to the staff; only its owner sees it and only while it can be used. */
  pickupCode: z.string().nullable(),
  couponId: id.nullable(),
  carrier: z.string().nullable(),
  trackingNo: z.string().nullable(),
  /** Where it goes, the phone masked. */
  address: z.object({ name: z.string(), phoneMasked: z.string(), region: z.string(), detail: z.string() }).nullable(),
  cancellable: z.boolean(),
  /** What happened, oldest first. */
  steps: z.array(z.object({ at: time, title: z.string(), detail: z.string() })),
})
export const payment = z.object({
  paymentId: id,
  amountFen: z.int(),
  payBy: time,
  /** local: the stand-in of a demo or test, paid by POST /me/payments/:paymentId/stand-in. wechat: `params` go into wx.requestPayment. */
  driver: z.enum(['local', 'wechat']),
  params: z.record(z.string(), z.string()),
})
export const staffOrder = z.object({
  id,
  no: z.string(),
  name: z.string(),
  picture: z.string(),
  state: rewardOrderState,
  stateText: z.string(),
  points: z.int(),
  cashFen: z.int(),
  createdAt: time,
  dueAt: time.nullable(),
  memberId: id,
  memberNameMasked: z.string(),
  storeName: z.string().nullable(),
  handedAt: time.nullable(),
  /** Until then whoever handed it out may take it back with one tap. */
  undoUntil: time.nullable(),
})
export const draftFields = {
  name: text(40),
  subtitle: text(60, 0).default(''),
  description: z.string().trim().max(2000).default(''),
  kind: rewardKind,
  category: text(20).default('好物'),
  pictures: z.array(picture).min(1).max(6),
  points: pointsAmount,
  cashFen: fen.default(0),
  worthFen: fen.default(0),
  couponTemplateId: id.nullable().default(null),
  stock: z.int().min(1).max(10_000_000),
  perMember: z.int().min(1).max(1000).default(1),
  minTierLevel: z.int().min(0).max(20).default(0),
  saleFrom: time.nullable().default(null),
  saleUntil: time.nullable().default(null),
  pickup: z.boolean().default(true),
  delivery: z.boolean().default(false),
  /** Stores it can be collected in; empty: all. */
  storeIds: z.array(id).max(200).default([]),
  pickupDays: z.int().min(1).max(365).default(30),
  sort: z.int().min(0).max(9999).default(100),
}
export const rewardState = z.enum(['draft', 'published', 'ended'])
export const adminReward = z.object({
  id,
  name: z.string(),
  subtitle: z.string(),
  description: z.string(),
  kind: rewardKind,
  category: z.string(),
  pictures: z.array(z.string()),
  points: z.int(),
  cashFen: z.int(),
  worthFen: z.int(),
  couponTemplateId: id.nullable(),
  couponName: z.string().nullable(),
  stock: z.int(),
  used: z.int(),
  stockLeft: z.int(),
  perMember: z.int(),
  minTierLevel: z.int(),
  saleFrom: time.nullable(),
  saleUntil: time.nullable(),
  pickup: z.boolean(),
  delivery: z.boolean(),
  storeIds: z.array(id),
  pickupDays: z.int(),
  sort: z.int(),
  state: rewardState,
  version: z.int(),
  createdAt: time,
  publishedAt: time.nullable(),
  endedAt: time.nullable(),
  /** The rule in one Chinese sentence. */
  sentence: z.string(),
  figures: z.object({ orders: z.int(), open: z.int(), points: z.int(), cashFen: z.int(), members: z.int() }),
})
export const adminOrder = staffOrder.extend({
  rewardId: id,
  method,
  carrier: z.string().nullable(),
  trackingNo: z.string().nullable(),
  address: z.object({ name: z.string(), phoneMasked: z.string(), region: z.string(), detail: z.string() }).nullable(),
  steps: z.array(z.object({ at: time, title: z.string(), detail: z.string() })),
})
