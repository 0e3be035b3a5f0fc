/**
 * The load, in a process of its own: each caller sends its next request when the last one is answered, over a keep-alive connection of its
 * own. It speaks HTTP/1.1 by hand over bare sockets, because the load shares the machine with what it measures and so must cost little:
 * a request by node:http takes it 55 µs of processor time and one by undici 36, a third of what the server itself needs. Orders come and
 * results go over IPC.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
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

interface Reply {
  status: number
  text: string
}
interface Client {
  send(next: { path: string; body: string; token: string }, key: string): Promise<Reply>
  close(): void
}

const headEnd = '\r\n\r\n'

/** A keep-alive connection with at most one request under way. The answers have a Content-Length, as every JSON answer of Koa's has. */
const createClient = (port: number): Client => {
  let waiting: { done(reply: Reply): void; fail(error: Error): void } | null = null
  let got = ''
  const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true })
  // One character a byte, so that lengths are what the header says.
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    got = got ? got + chunk : chunk
    const head = got.indexOf(headEnd)
    if (head < 0) return
    const length = /\r\ncontent-length: (\d+)/i.exec(got)
    const body = head + headEnd.length
    if (!length) return socket.destroy(new Error(`An answer without a length: ${got.slice(0, head)}`))
    if (got.length < body + Number(length[1])) return
    const reply = { status: Number(got.slice(9, 12)), text: Buffer.from(got.slice(body), 'latin1').toString() }
    got = ''
    waiting?.done(reply)
  })
  socket.on('error', (error) => waiting?.fail(error))
  socket.on('close', () => waiting?.fail(new Error('The server hung up')))
  return {
    send: ({ path, body, token }, key) =>
      new Promise((done, fail) => {
        waiting = { done, fail }
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
            `Authorization: Bearer ${token}\r\nIdempotency-Key: ${key}${headEnd}${body}`,
          'utf8',
        )
      }),
    close: () => {
      waiting = null
      socket.destroy()
    },
  }
}

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
    const client = createClient(target.port)
    while (performance.now() < until) {
      const began = performance.now()
      const { status, text } = await client.send(next(), `${label}-${++sent}`)
      latencies.push(performance.now() - began)
      if (status === 200) continue
      errors++
      if (samples.length < 3) samples.push(`${status} ${text.slice(0, 200)}`)
    }
    client.close()
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
