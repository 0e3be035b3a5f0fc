import { z } from 'zod'
import { define, done, id, page, paging, text, time } from './define'

/** Pictures that come with the app: `art:lanterns` is assets/banner-lanterns.svg. */
export const bannerArt = ['lanterns', 'leaves'] as const
const picture = z
  .string()
  .max(300)
  .regex(/^(art:[a-z]+|\/[\w./-]+|https:\/\/\S+)$/, '图片应为内置插画、上传的图片或 https 地址')
/** A page of the member app with its parameters, or nothing: a banner that only says something. */
const link = z
  .string()
  .max(120)
  .regex(/^((pages|packages)\/[a-z]+\/[a-z]+(\?[\w=&.-]*)?)?$/, '链接应为小程序内的页面，例如 packages/mall/index')
const state = z.enum(['draft', 'published', 'ended'])

/** A banner as a member sees it on the home page. */
export const bannerCard = z.object({ id, title: z.string(), text: z.string(), picture: z.string(), link: z.string() })

const body = {
  title: text(16),
  text: text(30, 0).default(''),
  picture,
  link: link.default(''),
  /** Who sees it; null: everybody, visitors too. */
  segmentId: id.nullable(),
  startsAt: time,
  endsAt: time,
  /** 1 to 9; the higher stands first. */
  priority: z.int().min(1).max(9).default(5),
}
const figures = z.object({
  /** Member-days on which it was seen and tapped, each counted once a day. */
  exposures: z.int(),
  taps: z.int(),
  /** Members who saw and tapped it. */
  reached: z.int(),
  tapped: z.int(),
})
const banner = z.object({
  ...body,
  id,
  state,
  version: z.int(),
  /** What of it holds at this moment: shown, waiting for its time, past it, draft or ended. */
  now: z.enum(['draft', 'waiting', 'live', 'over', 'ended']),
  segmentName: z.string().nullable(),
  createdAt: time,
  figures,
})

export const banners = define({
  'POST /me/banners/events': {
    summary: '横幅的曝光与点击；每人每天每种记一次',
    allow: 'member',
    input: z.strictObject({
      events: z
        .array(z.strictObject({ bannerId: id, kind: z.enum(['exposure', 'tap']) }))
        .min(1)
        .max(12),
    }),
    output: z.object({ accepted: z.int() }),
    errors: [],
    idempotency: 'natural',
  },
  'GET /admin/banners': {
    summary: '首页横幅',
    allow: 'journey:read',
    input: z.strictObject({ state: state.optional(), ...paging }),
    output: page(banner),
    errors: [],
  },
  'GET /admin/banners/:bannerId': {
    summary: '一条首页横幅，每天的曝光与点击',
    allow: 'journey:read',
    input: z.strictObject({ bannerId: id }),
    output: banner.extend({ daily: z.array(z.object({ on: z.string(), exposures: z.int(), taps: z.int() })) }),
    errors: ['banner_not_found'],
  },
  'POST /admin/banners': {
    summary: '新建首页横幅（草稿）',
    allow: 'journey:write',
    input: z.strictObject(body),
    output: banner,
    errors: ['banner_invalid', 'segment_not_found', 'upload_not_found'],
  },
  'PUT /admin/banners/:bannerId': {
    summary: '修改首页横幅；结束了的不能改',
    allow: 'journey:write',
    input: z.strictObject({ bannerId: id, version: z.int(), ...body }),
    output: banner,
    errors: [
      'banner_not_found',
      'banner_bad_state',
      'banner_conflict',
      'banner_invalid',
      'segment_not_found',
      'upload_not_found',
    ],
  },
  'POST /admin/banners/:bannerId/state': {
    summary: '上线、结束首页横幅',
    allow: 'journey:publish',
    input: z.strictObject({ bannerId: id, version: z.int(), to: z.enum(['published', 'ended']) }),
    output: banner,
    errors: ['banner_not_found', 'banner_bad_state', 'banner_conflict', 'banner_invalid'],
  },
  'DELETE /admin/banners/:bannerId': {
    summary: '删除首页横幅的草稿',
    allow: 'journey:write',
    input: z.strictObject({ bannerId: id }),
    output: done,
    errors: ['banner_not_found', 'banner_bad_state'],
  },
})
