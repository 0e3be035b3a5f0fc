import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Env, readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import type { Row } from '../../server/db/statement'
import type { Db } from '../../server/db/transaction'
import { signAccess } from '../../server/http/auth'
import { createKeys } from '../../server/keys'
import { addMonths, civilDay, DAY_MS, lastDayOfMonth } from '../../shared/time'
import { createDatabase, findMariadbd, startMariadb } from '../support/mariadb'
import { claimTemplate, couponId, memberCount, memberId, openingPoints, redeemTemplate, scanId } from './shape'

/** Two databases with the same schema and members: one for the server, one for the references. */
export interface Ground {
  server: string
  reference: string
  /** Process id of the database server; null for SQLite, which runs inside the processes. */
  databasePid: number | null
  drop(): Promise<void>
}

/** A private MariaDB that flushes every commit, or two files. Null when mariadbd is not on this machine. */
export const prepareGround = async (database: 'mariadb' | 'sqlite'): Promise<Ground | null> => {
  if (database === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'huiyuan-bench-'))
    return {
      server: `sqlite:${join(folder, 'server.sqlite')}`,
      reference: `sqlite:${join(folder, 'reference.sqlite')}`,
      databasePid: null,
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    }
  }
  const program = findMariadbd()
  if (!program) return null
  const mariadb = await startMariadb(program, { durable: true })
  const [server, reference] = [await createDatabase(mariadb.server), await createDatabase(mariadb.server)]
  return { server: server.url, reference: reference.url, databasePid: mariadb.pid, drop: () => mariadb.stop() }
}

/** Settings of the server under load. */
export const settingsOf = (databaseUrl: string, port: number, secret: string): Record<string, string> => ({
  NODE_ENV: 'test',
  ROLE: 'api',
  HOST: '127.0.0.1',
  PORT: String(port),
  DATABASE_URL: databaseUrl,
  APP_SECRET: secret,
  DEMO: '0',
  LOG_LEVEL: 'error',
  // The limit is not what is measured; a till system is not limited, members and staff would be.
  RATE_LIMIT_PER_MINUTE: '1000000000',
})
export const newSecret = (): string => randomBytes(32).toString('hex')

const insertMany = async (db: Db, table: string, count: number, row: (i: number) => Row): Promise<void> => {
  for (let from = 0; from < count; from += 5000)
    await db.tx(async (tx) =>
      tx.insert(
        table,
        Array.from({ length: Math.min(5000, count - from) }, (_, i) => row(from + i)),
      ),
    )
}

/** Members with an account each: one entry and one lot of the opening points, so that sums agree from the start. */
const insertMembers = async (db: Db, now: number): Promise<void> => {
  const today = civilDay(now)
  const account = (i: number) => ({ memberId: memberId(i), walletId: 'group' })
  await insertMany(db, 'member', memberCount, (i) => ({
    id: memberId(i),
    groupId: 'group',
    cardNo: String(10_000_000 + i),
    name: `会员${i}`,
    gender: 'unknown',
    joinedAt: now,
    joinedOn: today,
    joinedMonthDay: today.slice(5),
    joinedBy: 'import',
    status: 'active',
    tierLevel: 0,
    personalised: 1,
  }))
  await insertMany(db, 'points_account', memberCount, (i) => ({
    ...account(i),
    balance: openingPoints,
    debt: 0,
    seq: 1,
    updatedAt: now,
  }))
  await insertMany(db, 'points_entry', memberCount, (i) => ({
    ...account(i),
    seq: 1,
    at: now,
    onDay: today,
    amount: openingPoints,
    balanceAfter: openingPoints,
    kind: 'adjust',
    sourceType: 'operator',
    note: '期初',
  }))
  await insertMany(db, 'points_lot', memberCount, (i) => ({
    ...account(i),
    seq: 1,
    amount: openingPoints,
    remaining: openingPoints,
    expiresOn: lastDayOfMonth(addMonths(today, 6)),
  }))
}

const template = (id: string, rule: object, stock: number, issued: number, now: number): Row => ({
  id,
  groupId: 'group',
  name: '压测券',
  description: '',
  rule: JSON.stringify({ minSpendFen: 0, validity: { kind: 'relative', days: 365, startAfterDays: 0 }, ...rule }),
  state: 'published',
  version: 1,
  stock,
  issued,
  perMember: 100,
  issuedToday: 0,
  claimable: 1,
  createdAt: now,
  publishedAt: now,
})

/** Fills the reference's database: members and their accounts are all it touches, beside the till's session. */
export const seedReference = async (env: Env): Promise<void> => {
  const db = await openDb(env)
  const now = Date.now()
  await migrate(db)
  await insertMembers(db, now)
  await db.tx(async (tx) => {
    tx.insert('operator', [operator('pos', now)])
    tx.insert('session', [session('pos', 'operator', now)])
  })
  await db.close()
}

/** Fills the server's database: a store, tiers, a till, a cashier, members with sessions, scans, and coupons to redeem. */
export const seedServer = async (db: Db, coupons: number): Promise<void> => {
  const now = Date.now()
  await migrate(db)
  await insertMembers(db, now)
  await db.tx(async (tx) => {
    tx.insert('brand_group', [{ id: 'group', name: '压测' }])
    tx.insert('brand', [{ id: 'brand', groupId: 'group', name: '压测' }])
    tx.insert('store', [
      {
        id: 'store',
        brandId: 'brand',
        code: 'bench',
        name: '压测店',
        address: '',
        hours: '',
        phone: '',
        active: 1,
        createdAt: now,
      },
    ])
    tx.insert('tier', [
      { trackId: 'group', level: 0, name: '普通', threshold: 0, multiplierBp: 10_000, benefits: '[]' },
      { trackId: 'group', level: 1, name: '银叶', threshold: 1000, multiplierBp: 10_000, benefits: '[]' },
    ])
    tx.insert('operator', [operator('pos', now), operator('cashier', now)])
    tx.insert('session', [session('pos', 'operator', now), session('cashier', 'operator', now)])
    tx.insert('coupon_template', [
      template(claimTemplate, { kind: 'amount', amountFen: 1000 }, 10_000_000, 0, now),
      template(redeemTemplate, { kind: 'exchange', item: '咖啡' }, coupons, coupons, now),
    ])
  })
  await insertMany(db, 'session', memberCount, (i) => session(memberId(i), 'member', now))
  await insertMany(db, 'scan', memberCount, (i) => ({
    id: scanId(i),
    memberId: memberId(i),
    storeId: 'store',
    operatorId: 'cashier',
    via: 'code',
    createdAt: now,
    expiresAt: now + DAY_MS,
  }))
  await insertMany(db, 'coupon', coupons, (i) => ({
    id: couponId(i),
    templateId: redeemTemplate,
    memberId: memberId(i % memberCount),
    ordinal: 1 + Math.floor(i / memberCount),
    status: 'held',
    validFrom: now,
    validTo: now + 365 * DAY_MS,
    source: 'grant',
    claimedAt: now,
    claimedOn: civilDay(now),
    savedFen: 0,
  }))
}

const operator = (role: 'pos' | 'cashier', now: number): Row => ({
  id: role,
  username: role,
  name: role,
  role,
  passwordHash: '',
  active: 1,
  allStores: 1,
  createdAt: now,
})

const session = (subjectId: string, kind: string, now: number): Row => ({
  id: subjectId,
  kind,
  subjectId,
  deviceId: 'bench',
  platform: 'pos',
  refreshHash: subjectId,
  createdAt: now,
  refreshedAt: now,
  expiresAt: now + DAY_MS,
})

/** Fresh access tokens: of the till, of the cashier, and of every member. */
export const signTokens = async (env: Env): Promise<{ pos: string[]; staff: string[]; members: string[] }> => {
  const keys = createKeys(env)
  const now = Date.now()
  const sign = (kind: 'member' | 'operator', id: string): Promise<string> =>
    signAccess({ keys }, { kind, subjectId: id, sessionId: id, deviceId: 'bench' }, now)
  return {
    pos: [await sign('operator', 'pos')],
    staff: [await sign('operator', 'cashier')],
    members: await Promise.all(Array.from({ length: memberCount }, (_, i) => sign('member', memberId(i)))),
  }
}

export const envOf = (databaseUrl: string, port: number, secret: string): Env =>
  readEnv(settingsOf(databaseUrl, port, secret))
