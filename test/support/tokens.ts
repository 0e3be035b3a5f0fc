import { signAccess } from '../../server/http/auth'
import type { Role } from '../../shared/permissions'
import { DAY_MS } from '../../shared/time'
import type { TestServer } from './server'

/** Test tokens outlive the jumps of a test's clock. */
const year = 365 * DAY_MS

const session = (id: string, kind: string, subjectId: string, now: number) => ({
  id,
  kind,
  subjectId,
  deviceId: 'd',
  platform: 'admin',
  refreshHash: id,
  createdAt: now,
  refreshedAt: now,
  expiresAt: now + 30 * DAY_MS,
})

/** An operator with a role and stores (null: all), written straight into the tables, and an access token. */
export const operatorToken = async (
  server: TestServer,
  role: Role,
  storeIds: string[] | null = null,
): Promise<string> => {
  const { db, keys, clock } = server.deps
  const id = `op${role}${storeIds?.join('') ?? ''}`.slice(0, 20)
  const now = clock.now()
  await db.tx(async (tx) => {
    tx.insert('operator', [
      { id, username: id, name: role, role, passwordHash: '', active: 1, allStores: storeIds ? 0 : 1, createdAt: now },
    ])
    tx.insert(
      'operator_store',
      (storeIds ?? []).map((storeId) => ({ operatorId: id, storeId })),
    )
    tx.insert('session', [session(`s${id}`, 'operator', id, now)])
  })
  return signAccess({ keys }, { kind: 'operator', subjectId: id, sessionId: `s${id}`, deviceId: 'd' }, now + year)
}

/** An access token of a member that exists. */
export const memberToken = async (server: TestServer, memberId: string): Promise<string> => {
  const { db, keys, clock } = server.deps
  const now = clock.now()
  await db.tx(async (tx) => tx.insert('session', [session(`s${memberId}`.slice(0, 24), 'member', memberId, now)]))
  return signAccess(
    { keys },
    { kind: 'member', subjectId: memberId, sessionId: `s${memberId}`.slice(0, 24), deviceId: 'd' },
    now + year,
  )
}
