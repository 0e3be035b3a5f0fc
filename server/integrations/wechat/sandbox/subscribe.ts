/** Subscription messages: the credit of each person and template, and the send endpoint. */
import { setTimeout as pause } from 'node:timers/promises'
import { sendRequest } from '../schemas'
import { acceptsValue, fieldTypeOf } from '../templates'
import { type Answer, type Endpoint, ok, refuse, type World } from './answers'
import type { SandboxTemplate } from './cast'
import { findUser, keep, type SandboxUser, type SentMessage } from './state'

/** WeChat reports the final result of a message a little after the call. */
const sentEventDelayMs = 200
let sentCount = 0n

export const subscribeEndpoints: Record<string, Endpoint> = {
  '/cgi-bin/message/subscribe/send': {
    method: 'POST',
    needsToken: true,
    perMinute: 600_000,
    minuteErrcode: 45009,
    handle: send,
  },
  '/wxaapi/newtmpl/gettemplate': {
    method: 'GET',
    needsToken: true,
    perMinute: 5000,
    minuteErrcode: 45011,
    handle: (world) =>
      ok({
        data: [...world.state.templates.values()].map((one) => ({
          priTmplId: one.templateId,
          title: one.title,
          content: one.keywords.map(({ key, label }) => `${label}:{{${key}.DATA}}`).join('\n'),
          example: '',
          type: one.type,
        })),
      }),
  },
}

async function send(world: World, { body }: { body: unknown }): Promise<Answer> {
  const { state } = world
  const request = sendRequest.safeParse(body)
  if (!request.success) {
    const field = String(request.error.issues[0]?.path[0] ?? '')
    return refuse(world, field === 'touser' ? 40003 : field === 'template_id' ? 40037 : 47001)
  }
  const { touser, template_id: templateId, page, data, miniprogram_state: build } = request.data
  const user = findUser(state, touser)
  if (!user || user.openid !== touser) return refuse(world, 40003)
  const template = state.templates.get(templateId)
  if (!template) return refuse(world, 40037)
  if (page && !isPublished(state.pages, page.split('?')[0] ?? '')) return refuse(world, 41030)
  const problem = findProblem(template, data)
  if (problem) return refuse(world, 47003, `argument invalid! ${problem}`)
  const wholeText = Object.values(data)
    .map(({ value }) => value)
    .join('\n')
  if (state.words.sensitive.some((word) => wholeText.includes(word))) return refuse(world, 45168)

  if (template.banned) return refuse(world, 43107)
  const credit = user.grants.get(templateId) ?? 0
  if (!user.mainSwitch || credit < 1) return refuse(world, 43101)
  if (state.sending.has(touser)) return refuse(world, 43108)
  state.sending.add(touser)
  try {
    // The credit is gone before the message is out, so that two sends can never share one.
    if (template.type === 2) user.grants.set(templateId, credit - 1)
    await pause(state.sendLatencyMs)
    const sent = record(world, user, template, { page: page ?? null, state: build ?? 'formal', data })
    world.push({
      event: 'subscribe_msg_sent_event',
      openid: touser,
      fields: { List: { TemplateId: templateId, MsgID: sent.msgid, ErrorCode: '0', ErrorStatus: 'success' } },
      delayMs: sentEventDelayMs,
    })
    return ok({ msgid: sent.msgid })
  } finally {
    state.sending.delete(touser)
  }
}

/** A page is a path without leading slash; with a list of published pages it must be one of them. */
export function isPublished(pages: readonly string[] | null, page: string): boolean {
  return /^[\w-]+(\/[\w-]+)+$/.test(page) && (pages === null || pages.includes(page))
}

/** The first keyword of the template that is missing, empty or of a wrong form, in WeChat's words. */
function findProblem(template: SandboxTemplate, data: Record<string, { value: string }>): string | null {
  for (const { key, allowed } of template.keywords) {
    const value = data[key]?.value ?? ''
    if (value === '') return `data.${key}.value is empty`
    const type = fieldTypeOf(key)
    if (!type || !acceptsValue(type, value, allowed)) return `data.${key}.value invalid`
  }
  return null
}

function record(
  world: World,
  user: SandboxUser,
  template: SandboxTemplate,
  message: { page: string | null; state: string; data: Record<string, { value: string }> },
): SentMessage {
  const at = world.now()
  sentCount += 1n
  const sent: SentMessage = {
    // Above 2^53 like the real ids.
    msgid: String((BigInt(Math.floor(at)) << 20n) + (sentCount & 0xfffffn)),
    at,
    openid: user.openid,
    templateId: template.templateId,
    title: template.title,
    page: message.page,
    state: message.state,
    fields: template.keywords.map(({ key, label }) => ({ key, label, value: message.data[key]?.value ?? '' })),
  }
  keep(world.state.sends, sent)
  return sent
}
