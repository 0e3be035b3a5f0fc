import { z } from 'zod'
import { deliveryError } from '../delivery'
import type { HookSender } from '../webhook/sender'

const answer = z.object({ errcode: z.number(), errmsg: z.string().default('') })

/** Longest text of a WeCom robot, in bytes of UTF-8. */
const maxBytes = 2048

/** The body of a text message to a WeCom group robot, cut to what it takes. */
export const robotBody = (text: string): string => {
  let content = text
  while (Buffer.byteLength(content) > maxBytes) content = [...content].slice(0, -1).join('')
  return JSON.stringify({ msgtype: 'text', text: { content } })
}

/**
 * Says something in a WeCom group through its robot. Throws DeliveryError: 45009 is the robot's limit of 20 a minute, 93000 a key that is
 * no longer good.
 */
export const sayInWecom = async (
  hooks: HookSender,
  { url, deliveryId, text }: { url: string; deliveryId: string; text: string },
): Promise<void> => {
  const response = await hooks.post({ url, secret: '', deliveryId, body: robotBody(text) })
  const parsed = answer.safeParse(safeJson(response.text))
  if (!parsed.success) {
    const kind = response.status >= 500 ? 'unknown' : 'config'
    throw deliveryError(kind, String(response.status), `WeCom answered ${response.status} without an errcode`)
  }
  const { errcode } = parsed.data
  if (errcode === 0) return
  const kind = errcode === 45009 ? 'rate' : errcode === -1 ? 'transient' : errcode === 40058 ? 'content' : 'config'
  throw deliveryError(kind, String(errcode), `WeCom refused with ${errcode}`)
}

const safeJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
