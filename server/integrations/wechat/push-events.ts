/**
 * WeChat's push messages in one plain form.
 *
 * JSON mode has quirks that stop here: `List` is an object for one item and an array for several, numbers come as
 * strings and strings as numbers, and some samples have stray spaces in field names.
 */
import { z } from 'zod'

type Origin = {
  openid: string
  /** Epoch milliseconds, whole seconds by WeChat's clock. */
  at: number
  /** Equal for every delivery of the same happening. */
  dedupeKey: string
}

export type WechatEvent = Origin &
  (
    | { kind: 'subscribe-answered'; templateId: string; accepted: boolean }
    /** The person switched a template off in the card or in the settings (WeChat reports only refusals here). */
    | { kind: 'subscribe-changed'; templateId: string; accepted: boolean }
    | { kind: 'subscribe-sent'; templateId: string; msgid: string; ok: boolean; errorCode: string; errorStatus: string }
    /** `failed`: WeChat could not judge (for example -1008, the address could not be read). */
    | { kind: 'media-checked'; traceId: string; suggest: 'pass' | 'review' | 'risky' | 'failed'; label: number }
    /** The person withdrew consent: delete exactly these data named in `revoked`. */
    | { kind: 'authorization-revoked'; revoked: RevokedDatum[] }
    /** The WeChat account is gone. */
    | { kind: 'account-cancelled' }
    | { kind: 'profile-modified' }
    | { kind: 'other'; name: string }
  )

export type RevokedDatum = (typeof revokeCodes)[keyof typeof revokeCodes]

const revokeCodes = {
  6: 'nickname-and-avatar',
  8: 'phone',
  13: 'location',
  14: 'photos',
  15: 'files',
  19: 'nickname',
  20: 'avatar',
} as const

const text = z.union([z.string(), z.number()]).transform(String)
const optionalText = text.optional().transform((value) => value ?? '')

const head = z.object({
  FromUserName: text,
  CreateTime: z.coerce.number().int().positive(),
  MsgType: text,
  Event: optionalText,
  MsgId: optionalText,
})
const answerItem = z.object({ TemplateId: text, SubscribeStatusString: text })
const sentItem = z.object({ TemplateId: text, MsgID: text, ErrorCode: text, ErrorStatus: optionalText })
const mediaCheck = z.object({
  trace_id: text,
  errcode: z.coerce.number().default(0),
  result: z.object({ suggest: z.enum(['pass', 'review', 'risky']), label: z.coerce.number() }).optional(),
})
const aboutUser = z.object({ OpenID: optionalText, RevokeInfo: optionalText })

/** @returns the events of one message, or null when it lacks what its name promises. */
export function readPushEvents(raw: Record<string, unknown>): WechatEvent[] | null {
  const message = Object.fromEntries(Object.entries(raw).map(([key, value]) => [key.trim(), value]))
  const parsed = head.safeParse(message)
  if (!parsed.success) return null
  const { FromUserName: openid, CreateTime: seconds, Event: name, MsgId: msgId, MsgType: type } = parsed.data
  const origin = (detail: string, subject = openid): Origin => ({
    openid: subject,
    at: seconds * 1000,
    dedupeKey: msgId && !detail ? `id:${msgId}` : `${openid}:${seconds}:${name || type}:${detail}`,
  })

  switch (name) {
    case 'subscribe_msg_popup_event':
    case 'subscribe_msg_change_event': {
      const items = readList(message.List, answerItem)
      const kind = name === 'subscribe_msg_popup_event' ? 'subscribe-answered' : 'subscribe-changed'
      return (
        items?.map((item) => ({
          kind,
          ...origin(item.TemplateId),
          templateId: item.TemplateId,
          accepted: item.SubscribeStatusString.startsWith('accept'),
        })) ?? null
      )
    }
    case 'subscribe_msg_sent_event': {
      const items = readList(message.List, sentItem)
      return (
        items?.map((item) => ({
          kind: 'subscribe-sent',
          ...origin(item.MsgID),
          templateId: item.TemplateId,
          msgid: item.MsgID,
          ok: item.ErrorCode === '0',
          errorCode: item.ErrorCode,
          errorStatus: item.ErrorStatus,
        })) ?? null
      )
    }
    case 'wxa_media_check': {
      const verdict = mediaCheck.safeParse(message)
      if (!verdict.success) return null
      const { trace_id: traceId, errcode, result } = verdict.data
      const judged = errcode === 0 && result !== undefined
      return [
        {
          kind: 'media-checked',
          ...origin(traceId),
          traceId,
          suggest: judged ? result.suggest : 'failed',
          label: judged ? result.label : 0,
        },
      ]
    }
    case 'user_authorization_revoke':
    case 'user_authorization_cancellation':
    case 'user_info_modified': {
      const about = aboutUser.safeParse(message)
      if (!about.success) return null
      // These arrive in the name of the platform; the person is in OpenID, where it is given.
      const subject = about.data.OpenID || openid
      if (name === 'user_authorization_cancellation')
        return [{ kind: 'account-cancelled', ...origin(subject, subject) }]
      if (name === 'user_info_modified') return [{ kind: 'profile-modified', ...origin(subject, subject) }]
      const codes = about.data.RevokeInfo.match(/\d+/g) ?? []
      const revoked = codes.flatMap((code) => revokeCodes[Number(code) as keyof typeof revokeCodes] ?? [])
      return [{ kind: 'authorization-revoked', ...origin(`${subject}:${codes.join()}`, subject), revoked }]
    }
    default:
      return [{ kind: 'other', ...origin(''), name: name || type }]
  }
}

/** `List` as an array whatever form it has; null when an item lacks a field. */
function readList<T>(list: unknown, item: z.ZodType<T>): T[] | null {
  const parsed = z
    .array(item)
    .min(1)
    .safeParse(Array.isArray(list) ? list : [list])
  return parsed.success ? parsed.data : null
}
