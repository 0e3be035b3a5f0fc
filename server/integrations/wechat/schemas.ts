/**
 * The shapes of WeChat's requests and answers, written once for both sides: the client parses answers and types its
 * requests with them, the sandbox validates requests and types its answers with them, so the two cannot drift apart.
 *
 * WeChat documents many numbers as strings and the other way round, so every scalar that has been seen in both forms
 * is coerced. Unknown fields are dropped.
 */
import { z } from 'zod'

/** Ids that exceed 2^53 stay text; small ones arrive as numbers. */
const idText = z.union([z.string(), z.number()]).transform(String)

export const failureShape = z.object({
  errcode: z.coerce.number().int(),
  errmsg: z.string().default(''),
})

// --- Token -----------------------------------------------------------------------------------------------------------

export const tokenRequest = z.object({
  grant_type: z.string(),
  appid: z.string(),
  secret: z.string(),
  force_refresh: z.boolean().optional(),
})
export const tokenAnswer = z.object({
  access_token: z.string().min(1).max(512),
  /** Remaining seconds. */
  expires_in: z.coerce.number().int().nonnegative(),
})

// --- Login and phone -------------------------------------------------------------------------------------------------

export const sessionAnswer = z.object({
  openid: z.string().min(1),
  session_key: z.string().min(1),
  unionid: z.string().min(1).optional(),
})

export const phoneRequest = z.object({ code: z.string().min(1), openid: z.string().optional() })
export const phoneAnswer = z.object({
  phone_info: z.object({
    phoneNumber: z.string(),
    purePhoneNumber: z.string().min(1),
    countryCode: idText,
    watermark: z.object({ timestamp: z.coerce.number(), appid: z.string() }),
  }),
})

// --- Subscription messages -------------------------------------------------------------------------------------------

export const sendRequest = z.object({
  touser: z.string(),
  template_id: z.string(),
  page: z.string().optional(),
  data: z.record(z.string(), z.object({ value: z.string() })),
  miniprogram_state: z.enum(['developer', 'trial', 'formal']).optional(),
  lang: z.enum(['zh_CN', 'en_US', 'zh_HK', 'zh_TW']).optional(),
})
export const sendAnswer = z.object({ msgid: idText.optional() })

export const templateListAnswer = z.object({
  data: z
    .array(
      z.object({
        priTmplId: z.string(),
        title: z.string(),
        content: z.string(),
        example: z.string().default(''),
        /** 2 one-time, 3 long-term. */
        type: z.coerce.number(),
        keywordEnumValueList: z
          .array(z.object({ keywordCode: z.string(), enumValueList: z.array(z.string()) }))
          .optional(),
      }),
    )
    .default([]),
})

// --- Codes and links -------------------------------------------------------------------------------------------------

export const environmentVersion = z.enum(['release', 'trial', 'develop'])

export const unlimitedCodeRequest = z.object({
  scene: z.string(),
  page: z.string().optional(),
  check_path: z.boolean().optional(),
  env_version: environmentVersion.optional(),
  width: z.number().int().min(280).max(1280).optional(),
  auto_color: z.boolean().optional(),
  line_color: z.object({ r: z.number(), g: z.number(), b: z.number() }).optional(),
  is_hyaline: z.boolean().optional(),
})

export const urlLinkRequest = z.object({
  path: z.string().optional(),
  query: z.string().optional(),
  env_version: environmentVersion.optional(),
  /** 0: until `expire_time` (Unix seconds); 1: for `expire_interval` days. */
  expire_type: z.union([z.literal(0), z.literal(1)]).optional(),
  expire_time: z.number().int().optional(),
  expire_interval: z.number().int().optional(),
})
export const urlLinkAnswer = z.object({ url_link: z.string().min(1) })

export const schemeRequest = z.object({
  jump_wxa: z.object({ path: z.string(), query: z.string(), env_version: environmentVersion.optional() }).optional(),
  expire_type: z.union([z.literal(0), z.literal(1)]).optional(),
  expire_time: z.number().int().optional(),
  expire_interval: z.number().int().optional(),
})
export const schemeAnswer = z.object({ openlink: z.string().min(1) })

// --- Content safety --------------------------------------------------------------------------------------------------

export const checkTextRequest = z.object({
  version: z.literal(2),
  openid: z.string(),
  /** 1 profile, 2 comment, 3 forum, 4 social log. */
  scene: z.number().int().min(1).max(4),
  content: z.string(),
  title: z.string().optional(),
  nickname: z.string().optional(),
  signature: z.string().optional(),
})
export const checkVerdict = z.object({
  suggest: z.enum(['pass', 'review', 'risky']),
  label: z.coerce.number(),
})
export const checkTextAnswer = z.object({ result: checkVerdict, trace_id: z.string().default('') })

export const checkMediaRequest = z.object({
  version: z.literal(2),
  openid: z.string(),
  scene: z.number().int().min(1).max(4),
  media_url: z.string(),
  /** 1 audio, 2 image. */
  media_type: z.union([z.literal(1), z.literal(2)]),
})
export const checkMediaAnswer = z.object({ trace_id: z.string().min(1) })

export const riskRankRequest = z.object({
  appid: z.string(),
  openid: z.string(),
  /** 0 register, 1 marketing cheating, 2 user content. */
  scene: z.number().int().min(0).max(2),
  client_ip: z.string(),
  mobile_no: z.string().optional(),
})
export const riskRankAnswer = z.object({ risk_rank: z.coerce.number().int().min(0).max(4) })
