/**
 * A driver of GET requests in a process of its own: one request every `everyMs`, whether or not the last one was answered, over keep-alive
 * connections. The order comes and the latencies go over IPC.
 */
import { Agent, request } from 'node:http'

/** One stretch: `tokens` in turns on one path. */
export interface GetOrder {
  port: number
  path: string
  tokens: string[]
  requests: number
  everyMs: number
}
export interface GetResult {
  latencies: number[]
  errors: number
}

const connections = 8

/** Status of one answer, once all of it has come. */
const get = (agent: Agent, port: number, path: string, token: string): Promise<number> =>
  new Promise((done, fail) => {
    const headers = { authorization: `Bearer ${token}` }
    const outgoing = request({ host: '127.0.0.1', port, path, agent, headers }, (incoming) => {
      incoming.resume()
      incoming.once('end', () => done(incoming.statusCode ?? 0))
      incoming.once('error', fail)
    })
    outgoing.once('error', fail)
    outgoing.end()
  })

const run = async ({ port, path, tokens, requests, everyMs }: GetOrder): Promise<GetResult> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  let errors = 0
  const one = async (i: number): Promise<void> => {
    const began = performance.now()
    const status = await get(agent, port, path, tokens[i % tokens.length])
    latencies.push(performance.now() - began)
    if (status !== 200) errors++
  }
  const started = performance.now()
  const sent: Promise<void>[] = []
  for (let i = 0; i < requests; i++) {
    const due = started + i * everyMs
    if (due > performance.now()) await new Promise((done) => setTimeout(done, due - performance.now()))
    sent.push(one(i))
  }
  await Promise.all(sent)
  agent.destroy()
  return { latencies, errors }
}

process.once('message', (order: GetOrder) => {
  run(order).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: Error) => {
      console.error(error)
      process.exit(1)
    },
  )
})
