/** What the benches of the made-up shop share: its rows in a database, its server on a loopback port, trees to count by. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../server/app'
import type { Deps } from '../../server/deps'
import { signAccess } from '../../server/http/auth'
import { DAY_MS } from '../../shared/time'
import { mariadbLoader, sqliteLoader } from './dashboards-load'
import { category, type Load, product, tagIds } from './dashboards-shape'
import type { Ground } from './ground'

const seconds = (from: number): string => `${((performance.now() - from) / 1000).toFixed(1)} s`
export const say = (text: string): void => console.log(`  ${text}`)
export const sayTime = (what: string, from: number): void => say(`${what} in ${seconds(from)}`)

/** Puts a shop's rows into an empty, migrated database that nobody has open. */
export const fillShop = async (ground: Ground, loads: readonly Load[]): Promise<void> => {
  const from = performance.now()
  const loader = ground.file ? sqliteLoader(ground.file) : await mariadbLoader(ground.url)
  for (const load of loads) {
    const began = performance.now()
    await loader.fill(load)
    if (load.count > 1e6) sayTime(`${load.table}: ${load.count} rows`, began)
  }
  await loader.done()
  sayTime('rows and indexes', from)
}

/** Opens the server on a loopback port; answers how to call it as the owner. */
export const serve = async (deps: Deps) => {
  const now = deps.clock.now()
  const id = 'owner'
  await deps.db.tx(async (tx) => {
    tx.insert('brand_group', [{ id: 'group', name: '压测' }])
    tx.insert('brand', [{ id: 'brand', groupId: 'group', name: '压测' }])
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
        expiresAt: now + DAY_MS,
      },
    ])
  })
  const token = await signAccess(deps, { kind: 'operator', subjectId: id, sessionId: id, deviceId: 'd' }, now + DAY_MS)
  const server = createServer(createApp(deps).callback())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const call = async (method: string, path: string, body?: object): Promise<{ ms: number; body: unknown }> => {
    const from = performance.now()
    const response = await fetch(`http://127.0.0.1:${port}/api${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body ? { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`)
    return { ms: performance.now() - from, body: answer }
  }
  return { call, stop: () => new Promise<void>((done) => server.close(() => done())) }
}

/** Three trees of growing difficulty. */
export const trees: [string, object][] = [
  [
    'easy',
    {
      join: 'all',
      of: [
        { field: 'tier', op: 'in', value: ['2', '3'] },
        { field: 'spend90', op: 'gte', value: 50_000 },
      ],
    },
  ],
  [
    'middle',
    {
      join: 'all',
      of: [
        { field: 'lastPurchase', op: 'not_within', days: 60 },
        { field: 'stage', op: 'in', value: ['active', 'dormant'] },
        { field: 'boughtCategory', op: 'did', value: [category(1), category(2)], days: 365 },
        { field: 'tags', op: 'has_none', value: [tagIds[0]] },
      ],
    },
  ],
  [
    'hard',
    {
      join: 'any',
      of: [
        {
          join: 'all',
          of: [
            {
              field: 'boughtProduct',
              op: 'did',
              value: Array.from({ length: 10 }, (_, i) => product(1000 + i * 37)),
              days: 180,
            },
            { field: 'interacted', op: 'did', value: ['tap'], days: 14 },
          ],
        },
        {
          join: 'all',
          of: [
            { field: 'boughtCategory', op: 'did', value: [category(3)], days: 90, times: 3 },
            {
              join: 'none',
              of: [
                { field: 'usedCoupon', op: 'has_any', value: ['template1', 'template2'] },
                { field: 'churn', op: 'gte', value: 60 },
              ],
            },
          ],
        },
        {
          join: 'all',
          of: [
            { field: 'tags', op: 'has_all', value: tagIds.slice(0, 2) },
            { field: 'birthday', op: 'next', days: 14 },
          ],
        },
      ],
    },
  ],
]

/** The value that a share of the values does not pass. */
export const at = (values: number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}
