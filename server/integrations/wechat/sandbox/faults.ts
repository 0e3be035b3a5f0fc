/** Fault rules: which call goes wrong, and how. */
import { z } from 'zod'

const when = z.enum(['before', 'after']).default('before')

/** `when` tells whether the call takes effect before the fault shows (`after`) or not at all (`before`). */
export const faultEffect = z.discriminatedUnion('type', [
  z.object({ type: z.literal('errcode'), errcode: z.number().int(), errmsg: z.string().optional() }),
  z.object({ type: z.literal('http'), status: z.number().int().min(400).max(599), when }),
  z.object({ type: z.literal('reset'), when }),
  /** `before`: the call runs after the delay, `after`: it runs at once and only its answer is late. */
  z.object({ type: z.literal('delay'), ms: z.number().int().min(0).max(60_000), when }),
  z.object({ type: z.literal('truncate') }),
  z.object({ type: z.literal('html') }),
  z.object({ type: z.literal('empty') }),
  z.object({ type: z.literal('text-plain') }),
  /** An error answer under an image content type, as image endpoints are known to give. */
  z.object({ type: z.literal('json-as-image'), errcode: z.number().int().default(41030) }),
  z.object({ type: z.literal('numeric-msgid') }),
  z.object({ type: z.literal('missing-errcode') }),
  /** Every token dies just before this call is judged. */
  z.object({ type: z.literal('revoke-token') }),
  /** This call and the following ones of the same rule, `count` in all, are refused. */
  z.object({
    type: z.literal('rate-burst'),
    count: z.number().int().min(1).max(10_000),
    errcode: z.number().int().default(45011),
  }),
])
export type FaultEffect = z.output<typeof faultEffect>

export const faultRuleInput = z.object({
  match: z.object({
    /** Endpoint path without the mount prefix, for example `/cgi-bin/message/subscribe/send`. */
    path: z.string().startsWith('/'),
    openid: z.string().optional(),
    /** Only the nth matching call, from 1. */
    nth: z.number().int().min(1).optional(),
    probability: z.number().min(0).max(1).optional(),
  }),
  effect: faultEffect,
  /** How often the rule fires before it falls silent; without it, until it is deleted. */
  times: z.number().int().min(1).optional(),
})

export type FaultRule = z.output<typeof faultRuleInput> & { id: number; seen: number; fired: number; burstLeft: number }

/** Counts the call against every matching rule and returns the effect of the first one that fires. */
export function pickFault(
  rules: FaultRule[],
  call: { path: string; openid: string | null },
  random: () => number,
): FaultEffect | null {
  let effect: FaultEffect | null = null
  for (const rule of rules) {
    const { path, openid } = rule.match
    if (path !== call.path || (openid !== undefined && openid !== call.openid)) continue
    rule.seen += 1
    if (effect === null && fires(rule, random)) effect = rule.effect
  }
  return effect
}

function fires(rule: FaultRule, random: () => number): boolean {
  if (rule.burstLeft > 0) {
    rule.burstLeft -= 1
    return true
  }
  const { nth, probability } = rule.match
  if (rule.times !== undefined && rule.fired >= rule.times) return false
  if (nth !== undefined && rule.seen !== nth) return false
  if (probability !== undefined && random() >= probability) return false
  rule.fired += 1
  if (rule.effect.type === 'rate-burst') rule.burstLeft = rule.effect.count - 1
  return true
}
