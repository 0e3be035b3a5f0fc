/**
 * The load, in a process of its own: each caller sends its next request when the last one is answered, over a keep-alive connection of its
 * own. undici's dispatch rather than node:http, because the load shares the machine with what it measures and so must cost little: with
 * node:http it took more processor time than the fastest server. Orders come and results go over IPC.
 */
import { randomBytes } from 'node:crypto'
import { Client } from 'undici'
import { summarise } from './measure'
import { claimTemplate, couponId, memberCount, memberId, type Order, scanId } from './shape'

const anyMember = (): number => Math.floor(Math.random() * memberCount)

/** Path, body and token of the next request; null when there is nothing left to redeem. */
const nextOf = (order: Order): (() => { path: string; body: string; token: string }) => {
  const { prefix, tokens } = order.target as NonNullable<Order['target']>
  let redeemed = order.from
  const shapes = {
    earn: () => ({
      path: `${prefix}/points/awards`,
      body: `{"memberId":"${memberId(anyMember())}","points":10,"reason":"收银发放"}`,
      token: tokens[0],
    }),
    spend: () => ({
      path: `${prefix}/points/spends`,
      body: `{"memberId":"${memberId(anyMember())}","points":10,"reason":"收银抵扣"}`,
      token: tokens[0],
    }),
    claim: () => ({
      path: `${prefix}/me/coupons`,
      body: `{"templateId":"${claimTemplate}"}`,
      token: tokens[anyMember() % tokens.length],
    }),
    redeem: () => {
      const i = redeemed++
      return {
        path: `${prefix}/staff/redemptions`,
        body: `{"scanId":"${scanId(i % memberCount)}","couponId":"${couponId(i)}"}`,
        token: tokens[0],
      }
    },
  }
  return shapes[order.operation]
}

const send = (
  client: Client,
  { path, body, token }: { path: string; body: string; token: string },
  key: string,
): Promise<{ status: number; text: string }> =>
  new Promise((done, fail) => {
    let status = 0
    let text = ''
    client.dispatch(
      {
        path,
        method: 'POST',
        headers: ['content-type', 'application/json', 'authorization', `Bearer ${token}`, 'idempotency-key', key],
        body,
      },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_, code) => {
          status = code
        },
        onResponseData: (_, chunk) => {
          text += chunk.toString()
        },
        onResponseEnd: () => done({ status, text }),
        onResponseError: (_, error) => fail(error),
      },
    )
  })

const run = async (order: Order): Promise<unknown> => {
  const target = order.target as NonNullable<Order['target']>
  const next = nextOf(order)
  const label = randomBytes(6).toString('hex')
  const latencies: number[] = []
  const samples: string[] = []
  let errors = 0
  let sent = 0
  const started = performance.now()
  const until = started + order.seconds * 1000
  const caller = async (): Promise<void> => {
    const client = new Client(`http://127.0.0.1:${target.port}`)
    while (performance.now() < until) {
      const began = performance.now()
      const { status, text } = await send(client, next(), `${label}-${++sent}`)
      latencies.push(performance.now() - began)
      if (status === 200) continue
      errors++
      if (samples.length < 3) samples.push(`${status} ${text.slice(0, 200)}`)
    }
    await client.close()
  }
  await Promise.all(Array.from({ length: order.callers }, caller))
  const seconds = (performance.now() - started) / 1000
  return summarise(latencies, seconds, errors, samples)
}

process.on('message', (order: Order) => {
  run(order).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.stack ?? String(error) }),
  )
})
process.send?.({ ready: true })
