import type { Key, Output } from '@shared/contract'
import Taro from '@tarojs/taro'
import { forgetAnswers } from '@/cache'
import { keepSession, type Principal } from '@/session'

/** A call as it went over the wire. */
export interface Sent {
  key: string
  path: string
  query: Record<string, string>
  body: unknown
  header: Record<string, string>
}
type Answer<K extends Key> = (sent: Sent) => Output<K> | Refused | Promise<Output<K> | Refused>
type Answers = { [K in Key]?: Answer<K> }

/** A refusal as the server sends it. */
export interface Refused {
  refused: { status: number; code: string; message: string; details?: Record<string, unknown> }
}
export const refuse = (status: number, code: string, message: string, details?: Record<string, unknown>): Refused => ({
  refused: { status, code, message, details },
})
/** Thrown by an answer: the request never arrives. */
export const SILENCE = new Error('request:fail timeout')

const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === 'object' && answer !== null && 'refused' in answer

/**
 * Lets the pages talk to a server made of the given answers, typed by the contract. Gives the calls made so far; a call without
 * an answer is refused as not found, which a test then sees.
 */
export function serve(answers: Answers): Sent[] {
  const calls: Sent[] = []
  const patterns = Object.keys(answers).map((key) => ({
    key: key as Key,
    pattern: new RegExp(`^${key.replace(/:\w+/g, '[^/?]+')}$`),
  }))
  ;(Taro.request as jest.Mock).mockImplementation(
    async ({
      url,
      method,
      data,
      header,
    }: {
      url: string
      method: string
      data: unknown
      header: Record<string, string>
    }) => {
      const { pathname, searchParams } = new URL(url)
      const path = pathname.replace(/^\/api/, '')
      const found = patterns.find(({ pattern }) => pattern.test(`${method} ${path}`))
      const sent = {
        key: found?.key ?? `${method} ${path}`,
        path,
        query: Object.fromEntries(searchParams),
        body: data,
        header,
      }
      calls.push(sent)
      const answer = found && (await (answers[found.key] as (sent: Sent) => unknown)(sent))
      if (answer === undefined || isRefused(answer)) {
        const { status, ...error } = answer?.refused ?? {
          status: 404,
          code: 'not_found',
          message: '没有找到要看的内容',
        }
        return { statusCode: status, data: { error } }
      }
      return { statusCode: 200, data: JSON.parse(JSON.stringify(answer)) as unknown }
    },
  )
  return calls
}

const FIFTEEN_MINUTES = 900_000
/** Tokens that are good for a quarter of an hour, named so that a test can tell them apart. */
export const tokens = (name: string, lifeMs = FIFTEEN_MINUTES) => ({
  accessToken: `access-${name}`,
  accessExpiresAt: Date.now() + lifeMs,
  refreshToken: `refresh-${name}-0123456789`,
  refreshExpiresAt: Date.now() + 100 * FIFTEEN_MINUTES,
})

/** Signs these in and everybody else out, with nothing kept from before. */
export function signIn(...who: Principal[]): void {
  forgetAnswers()
  for (const one of ['member', 'staff'] as const) keepSession(one, who.includes(one) ? tokens(one) : null)
}
