import { z } from 'zod'
import { type DeliveryClass, deliveryError } from '../delivery'
import type { HookSender } from '../webhook/sender'

const answer = z.object({ errcode: z.number(), errmsg: z.string().default('') })

/** Longest text of a WeCom robot, in bytes of UTF-8. */
const maxBytes = 2048

const classByCode: Record<number, DeliveryClass> = {
  45009: 'rate',
  130101: 'rate',
  [-1]: 'transient',
  40058: 'content',
}

/** The body of a text message to a WeCom group robot, cut to what it takes. */
export const robotBody = (text: string): string => {
  let content = ''
  let bytes = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    content += character
  }
  return JSON.stringify({ msgtype: 'text', text: { content } })
}

/**
 * Says something in a WeCom group through its robot. Throws DeliveryError: 45009 (130101 in an older page) is the robot's limit of 20 a
 * minute, 93000 a key that is no longer good.
 */
export const sayInWecom = async (
  hooks: HookSender,
  { url, deliveryId, text }: { url: string; deliveryId: string; text: string },
): Promise<void> => {
  const response = await hooks.post({ url, secret: '', deliveryId, body: robotBody(text) })
  const parsed = answer.safeParse(safeJson(response.text))
  if (!parsed.success) {
    // A gateway's page, or an answer cut off: whether the robot has spoken is not known. A 4xx or a redirect is no robot's address.
    const kind = response.status >= 300 && response.status < 500 ? 'config' : 'unknown'
    throw deliveryError(kind, String(response.status), `WeCom answered ${response.status} without an errcode`)
  }
  const { errcode } = parsed.data
  if (errcode === 0) return
  const kind = classByCode[errcode] ?? 'config'
  throw deliveryError(kind, String(errcode), `WeCom refused with ${errcode}`)
}

const safeJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
