/** The control plane: what a tester, or the dev build of the client, may do to the sandbox. */
import type { Context } from 'koa'
import { z } from 'zod'
import type { World } from './answers'
import { cast } from './cast'
import {
  answerSubscribe,
  login,
  pressPhoneButton,
  privacySetting,
  subscriptionSettings,
  switchTemplate,
} from './device'
import { readBody } from './dispatch'
import { faultRuleInput } from './faults'
import { renderInbox } from './inbox'
import { createUser, findUser, type SandboxUser } from './state'

export type ControlPlane = {
  world: World
  /** Forgets everything and stops waiting pushes. */
  reset: () => void
}

type Command = {
  method: 'GET' | 'POST' | 'DELETE'
  /** The answer's JSON, or undefined when the command wrote the response itself. */
  run: (plane: ControlPlane, input: unknown, ctx: Context) => unknown
}

/** A command with a checked body (or, for GET, query). */
function command<T>(
  method: Command['method'],
  shape: z.ZodType<T>,
  run: (plane: ControlPlane, input: T, ctx: Context) => unknown,
): Command {
  return { method, run: (plane, input, ctx) => run(plane, shape.parse(input), ctx) }
}

const nothing = z.object({})
const choice = z.enum(['accept', 'reject'])
const ofUser = z.object({ user: z.string() })
/** Simulates a code that belongs to another app. */
const appId = z.string().optional()

const settings = z
  .object({
    pages: z.array(z.string()).nullable(),
    ipWhitelist: z.array(z.string()).nullable(),
    phoneQuotaLeft: z.number().int().min(0),
    sendLatencyMs: z.number().int().min(0).max(10_000),
    words: z.object({ risky: z.array(z.string()), review: z.array(z.string()), sensitive: z.array(z.string()) }),
  })
  .partial()
  .strict()

const pushInput = z.object({
  event: z.string().min(1),
  user: z.string(),
  fields: z.record(z.string(), z.unknown()).default({}),
  /** Items of `List`: one is sent as an object and several as an array, unless `form` says otherwise. */
  list: z.array(z.record(z.string(), z.unknown())).optional(),
  form: z.enum(['object', 'array']).optional(),
  copies: z.number().int().min(1).max(50).optional(),
  badSignature: z.boolean().optional(),
  ageSeconds: z.number().int().optional(),
  createTime: z.number().int().optional(),
  delayMs: z.number().int().min(0).max(60_000).optional(),
})

const newUser = z.object({
  key: z.string().regex(/^[\w-]{1,40}$/),
  nickname: z.string().min(1),
  phone: z.string().regex(/^1\d{10}$/),
  riskRank: z.number().int().min(0).max(4).optional(),
  blocked: z.boolean().optional(),
  lastVisitAt: z.number().optional(),
  /** Rights that the person has given already, by template id, as if the events of it were long past. */
  grants: z.record(z.string(), z.number().int().min(0)).default({}),
})

export const commands: Record<string, Command[]> = {
  '/login': [
    command('POST', ofUser.extend({ appId }), ({ world }, input) =>
      login(world, need(world, input.user), input.appId ?? world.appId),
    ),
  ],
  '/phone': [
    command('POST', ofUser.extend({ choice: z.enum(['allow', 'deny']).default('allow'), appId }), ({ world }, input) =>
      pressPhoneButton(world, need(world, input.user), input.choice, input.appId ?? world.appId),
    ),
  ],
  '/subscribe': [
    command(
      'POST',
      ofUser.extend({
        templateIds: z.array(z.string()),
        choice: z.union([choice, z.record(z.string(), choice)]).default('accept'),
        keep: z.boolean().default(false),
      }),
      ({ world }, input) => answerSubscribe(world, need(world, input.user), input),
    ),
  ],
  '/subscriptions': [
    command('GET', ofUser, ({ world }, input) => subscriptionSettings(need(world, input.user))),
    command(
      'POST',
      ofUser.extend({
        mainSwitch: z.boolean().optional(),
        templateId: z.string().optional(),
        choice: choice.optional(),
      }),
      ({ world }, input) => {
        const user = need(world, input.user)
        if (input.mainSwitch !== undefined) user.mainSwitch = input.mainSwitch
        if (input.templateId && input.choice) switchTemplate(world, user, input.templateId, input.choice)
        return subscriptionSettings(user)
      },
    ),
  ],
  '/privacy': [
    command('POST', ofUser.extend({ agree: z.boolean().default(false) }), ({ world }, input) =>
      privacySetting(need(world, input.user), input.agree),
    ),
  ],

  '/state': [
    command('GET', nothing, ({ world: { state, appId: id, now } }) => ({
      appId: id,
      now: now(),
      phoneQuotaLeft: state.phoneQuotaLeft,
      phoneCallsCharged: state.phoneCallsCharged,
      tokenRequests: state.tokenRequests,
      sends: state.sends.length,
      templates: [...state.templates.values()],
      faults: state.faults,
    })),
  ],
  '/users': [
    command('GET', nothing, ({ world }) => ({ items: [...world.state.users.values()].map(showUser) })),
    command('POST', newUser, ({ world }, { lastVisitAt, grants, ...member }) => {
      const user = createUser(member, lastVisitAt ?? world.now())
      user.grants = new Map(Object.entries(grants))
      world.state.users.set(user.key, user)
      return showUser(user)
    }),
  ],
  '/clock': [
    command('GET', nothing, ({ world }) => ({ now: world.now() })),
    command(
      'POST',
      z.union([z.object({ advanceMs: z.number() }), z.object({ offsetMs: z.number() })]),
      ({ world }, input) => {
        world.state.clockOffsetMs = 'offsetMs' in input ? input.offsetMs : world.state.clockOffsetMs + input.advanceMs
        return { now: world.now() }
      },
    ),
  ],
  '/settings': [
    command('POST', settings, ({ world }, input) => {
      Object.assign(world.state, input)
      return input
    }),
  ],
  '/templates': [
    command('POST', z.object({ templateId: z.string(), banned: z.boolean() }), ({ world }, input) => {
      const template = world.state.templates.get(input.templateId)
      if (template) template.banned = input.banned
      return template ?? null
    }),
  ],
  '/limits': [
    command(
      'POST',
      z.object({ path: z.string(), perMinute: z.number().int().optional(), perDay: z.number().int().optional() }),
      ({ world }, { path, ...limit }) => {
        world.state.limits.set(path, limit)
        return limit
      },
    ),
  ],
  '/tokens': [
    command('POST', z.object({ action: z.enum(['revoke', 'expire']) }), ({ world }, { action }) => {
      for (const token of world.state.tokens) {
        if (action === 'revoke') token.revoked = true
        else token.expiresAt = Math.min(token.expiresAt, world.now())
      }
      return { tokens: world.state.tokens.length }
    }),
  ],

  '/sends': [
    command('GET', z.object({ user: z.string().optional() }), ({ world }, { user }) => {
      const openid = user === undefined ? null : need(world, user).openid
      return { items: world.state.sends.filter((sent) => openid === null || sent.openid === openid) }
    }),
  ],
  '/inbox': [
    command('GET', nothing, ({ world }, _input, ctx) => {
      ctx.type = 'html'
      ctx.body = renderInbox(world.state)
    }),
  ],
  '/pushes': [command('GET', nothing, ({ world }) => ({ items: world.state.pushes }))],
  '/push': [
    command('POST', pushInput, ({ world }, { user, list, form, fields, ...request }) => {
      const { openid } = need(world, user)
      const asObject = form ? form === 'object' : list?.length === 1
      const List = list && (asObject ? list[0] : list)
      world.push({ ...request, openid, fields: { ...fields, ...(List ? { List } : {}) } })
      return { queued: request.copies ?? 1 }
    }),
  ],

  '/faults': [
    command('GET', nothing, ({ world }) => ({ items: world.state.faults })),
    command('POST', faultRuleInput, ({ world: { state } }, input) => {
      const id = (state.faults.at(-1)?.id ?? 0) + 1
      state.faults.push({ ...input, id, seen: 0, fired: 0, burstLeft: 0 })
      return { id }
    }),
    command('DELETE', z.object({ id: z.coerce.number().optional() }), ({ world: { state } }, { id }) => {
      state.faults = id === undefined ? [] : state.faults.filter((rule) => rule.id !== id)
      return { items: state.faults }
    }),
  ],
  '/reset': [
    command('POST', nothing, ({ reset }) => {
      reset()
      return { cast: cast.map(({ key }) => key) }
    }),
  ],
}

/**
 * Runs a command: its input is the JSON body, or the query for GET and DELETE. Bad input is answered with 400 and the
 * reasons, in a form that a person can read.
 */
export async function control(ctx: Context, plane: ControlPlane, path: string): Promise<void> {
  const found = commands[path]?.find(({ method }) => method === ctx.method)
  if (!found) return refuse(ctx, 405, `${ctx.method} is not possible here`)
  const input = await readInput(ctx)
  if (input === null) return refuse(ctx, 415, 'send a JSON object with content type application/json')
  try {
    const answer = found.run(plane, input, ctx)
    if (answer !== undefined) ctx.body = answer
  } catch (error) {
    if (error instanceof z.ZodError) return refuse(ctx, 400, z.prettifyError(error))
    if (error instanceof RangeError) return refuse(ctx, 404, error.message)
    throw error
  }
}

async function readInput(ctx: Context): Promise<object | null> {
  if (ctx.method !== 'POST') return { ...ctx.query }
  // Any web page may post plain text to this machine; JSON needs a consent of the browser that it will not get.
  if (!ctx.is('json')) return null
  const text = await readBody(ctx)
  try {
    const value: unknown = JSON.parse(text || '{}')
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

function refuse(ctx: Context, status: number, message: string): void {
  ctx.status = status
  ctx.body = { error: { code: 'sandbox_control', message } }
}

/** @throws RangeError for a name that nobody in the sandbox has. */
function need(world: World, name: string): SandboxUser {
  const user = findUser(world.state, name)
  if (!user) throw new RangeError(`there is no user ${name}`)
  return user
}

function showUser(user: SandboxUser) {
  const { kept, grants, sessionKey: _sessionKey, ...rest } = user
  return { ...rest, kept: Object.fromEntries(kept), grants: Object.fromEntries(grants) }
}
