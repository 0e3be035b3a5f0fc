import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { createApp } from '../../server/app'
import type { Deps } from '../../server/deps'
import { signAccess } from '../../server/http/auth'
import { DAY_MS } from '../../shared/time'

/** Asks the API without pause from a thread of its own; answers the latencies in milliseconds when told to stop. */
export const startProbe = (url: string, token: string): { stop(): Promise<number[]> } => {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     let going = true
     parentPort.once('message', () => { going = false })
     void (async () => {
       const took = []
       while (going) {
         const from = performance.now()
         const answer = await fetch(workerData.url, { headers: { authorization: 'Bearer ' + workerData.token } })
         await answer.arrayBuffer()
         if (answer.status !== 200) throw new Error('The API answered ' + answer.status)
         took.push(performance.now() - from)
       }
       parentPort.postMessage(took)
     })()`,
    { eval: true, workerData: { url, token } },
  )
  return {
    stop: () =>
      new Promise((done, fail) => {
        worker.once('message', done)
        worker.once('error', fail)
        worker.postMessage('stop')
      }),
  }
}
/** The latency that one request in a hundred exceeds. */
export const p99 = (took: number[]): number => [...took].sort((a, b) => a - b)[Math.floor(took.length * 0.99)]

/** Serves the API in this process; answers an address that lists members, and a token for it. */
export const serve = async (deps: Deps): Promise<{ url: string; token: string; stop(): void }> => {
  const now = deps.clock.now()
  const id = 'owner'
  await deps.db.tx(async (tx) => {
    tx.insert('brand_group', [{ id: 'group', name: '压测' }])
    tx.insert('operator', [
      { id, username: id, name: id, role: 'owner', passwordHash: '', active: 1, allStores: 1, createdAt: now },
    ])
    tx.insert('session', [
      {
        id,
        kind: 'operator',
        subjectId: id,
        deviceId: 'd',
        platform: 'admin',
        refreshHash: id,
        createdAt: now,
        refreshedAt: now,
        expiresAt: now + 30 * DAY_MS,
      },
    ])
  })
  const claims = { kind: 'operator', subjectId: id, sessionId: id, deviceId: 'd' } as const
  const token = await signAccess(deps, claims, now + 10 * DAY_MS)
  const server = createServer(createApp(deps).callback())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/api/admin/members?limit=20`, token, stop: () => server.close() }
}
