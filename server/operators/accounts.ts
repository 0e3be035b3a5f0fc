import type { Output, Parsed } from '../../shared/contract'
import type { Role } from '../../shared/permissions'
import { isDuplicate } from '../db/dialect'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { Keys } from '../keys'
import { maskPhone } from '../mask'
import type { Operator } from './entity'
import { reachOf } from './rules'
import { closeSessionsOf } from './sessions'

type Row = Output<'GET /admin/operators'>['items'][number]

/** The keyed hash by which a phone is found, the same for members and accounts. */
export const phoneHashOf = (keys: Keys, phone: string): string => keys.blind('phone', phone)

const viewAll = async (db: Reader, keys: Keys, operators: Operator[]): Promise<Row[]> => {
  const stores = await db.read<{ operatorId: string; id: string; name: string }>(
    `SELECT os.operatorId, s.id, s.name FROM operator_store os JOIN store s ON s.id = os.storeId WHERE os.operatorId IN ${marks(operators)} ORDER BY s.code`,
    operators.map((o) => o.id),
  )
  return operators.map((o) => ({
    id: o.id,
    username: o.username,
    name: o.name,
    role: o.role as Role,
    phoneMasked: o.phoneSealed && maskPhone(keys.open(o.phoneSealed)),
    stores: stores.filter((s) => s.operatorId === o.id).map(({ id, name }) => ({ id, name })),
    active: o.active === 1,
    lastSeenAt: o.lastSeenAt,
    createdAt: o.createdAt,
  }))
}

/** An account by id, or a refusal. */
export const requireOperator = async (db: Reader, operatorId: string): Promise<Operator> => {
  const [operator] = await db.read<Operator>('SELECT * FROM operator WHERE id = ?', [operatorId])
  if (!operator) throw refuse('operator_not_found')
  return operator
}

/** The account that signs in under a name. */
export const operatorByUsername = async (db: Reader, username: string): Promise<Operator | undefined> =>
  (await db.read<Operator>('SELECT * FROM operator WHERE username = ?', [username]))[0]

/** The account bound to a phone, by the phone's keyed hash. */
export const operatorByPhoneHash = async (db: Reader, phoneHash: string | null): Promise<Operator | undefined> =>
  phoneHash ? (await db.read<Operator>('SELECT * FROM operator WHERE phoneHash = ?', [phoneHash]))[0] : undefined

/** One page of the accounts by user name; the cursor is the last user name. */
export const operatorPage = async (
  db: Reader,
  keys: Keys,
  { cursor = '', limit, q = '', storeId }: Parsed<'GET /admin/operators'>,
): Promise<Output<'GET /admin/operators'>> => {
  const like = `%${q.replace(/[%_!]/g, '!$&')}%`
  const inStore = storeId ? ' AND id IN (SELECT operatorId FROM operator_store WHERE storeId = ?)' : ''
  const rows = await db.read<Operator>(
    `SELECT * FROM operator WHERE username > ? AND (username LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!')${inStore} ORDER BY username LIMIT ?`,
    [cursor, like, like, ...(storeId ? [storeId] : []), limit + 1],
  )
  const items = rows.slice(0, limit)
  return {
    items: await viewAll(db, keys, items),
    nextCursor: rows.length > limit ? items[items.length - 1].username : null,
  }
}

/** Checks that the stores exist and the role may do without any; answers whether the account works everywhere. */
const reachFor = async (db: Reader, role: Role, storeIds: readonly string[]): Promise<boolean> => {
  const reach = reachOf(role, storeIds)
  if (!reach) throw refuse('invalid_input', { reason: '店长和店员至少要选一家门店', field: 'storeIds' })
  const found = await db.read(`SELECT id FROM store WHERE id IN ${marks(storeIds)}`, [...storeIds])
  if (found.length !== storeIds.length) throw refuse('store_not_found')
  return reach.allStores
}

const setStores = (tx: Tx, operatorId: string, storeIds: readonly string[]): void => {
  tx.write('DELETE FROM operator_store WHERE operatorId = ?', [operatorId])
  tx.insert(
    'operator_store',
    storeIds.map((storeId) => ({ operatorId, storeId })),
  )
}

/** What an account is made of; `passwordHash` comes from `hashPassword`, outside the transaction. */
export interface NewOperator {
  username: string
  name: string
  role: Role
  storeIds: readonly string[]
  phone?: string
  passwordHash: string
}

/** Makes an account. Refuses a taken user name or phone. */
export const createOperator = async (tx: Tx, keys: Keys, input: NewOperator, now: number): Promise<Row> => {
  const storeIds = [...new Set(input.storeIds)]
  const allStores = await reachFor(tx, input.role, storeIds)
  const id = newId(now)
  const made = await tx.insertNew('operator', [
    {
      id,
      username: input.username,
      name: input.name,
      role: input.role,
      passwordHash: input.passwordHash,
      phoneHash: input.phone ? phoneHashOf(keys, input.phone) : null,
      phoneSealed: input.phone ? keys.seal(input.phone) : null,
      active: 1,
      allStores: Number(allStores),
      createdAt: now,
      lastSeenAt: null,
    },
  ])
  if (!made) {
    const taken = await operatorByUsername(tx, input.username)
    throw taken ? refuse('username_taken', { username: input.username }) : refuse('phone_taken')
  }
  setStores(tx, id, storeIds)
  const [view] = await viewAll(tx, keys, [await requireOperator(tx, id)])
  return view
}

/** Throws when a change would leave nobody who may manage accounts. Locks all owners, so that two cannot demote each other at once. */
const keepAnOwner = async (tx: Tx, changed: Operator): Promise<void> => {
  const owners = await tx.read<{ id: string }>(
    `SELECT id FROM operator WHERE role = 'owner' AND active = 1 ORDER BY id${tx.lock}`,
  )
  const stays = changed.role === 'owner' && changed.active === 1
  if (!stays && owners.every((o) => o.id === changed.id) && owners.length) throw refuse('last_owner')
}

/**
 * Changes what is given of an account. A new password, a suspension or another role ends all its sessions.
 * @param passwordHash of the new password, made outside the transaction
 */
export const updateOperator = async (
  tx: Tx,
  keys: Keys,
  { operatorId, ...input }: Omit<Parsed<'PATCH /admin/operators/:operatorId'>, 'password'> & { passwordHash?: string },
  now: number,
): Promise<Row> => {
  const before = await requireOperator(tx, operatorId)
  const role = input.role ?? (before.role as Role)
  const next: Operator = {
    ...before,
    name: input.name ?? before.name,
    role,
    active: input.active === undefined ? before.active : Number(input.active),
    passwordHash: input.passwordHash ?? before.passwordHash,
  }
  if (input.phone !== undefined) {
    next.phoneHash = input.phone && phoneHashOf(keys, input.phone)
    next.phoneSealed = input.phone && keys.seal(input.phone)
  }
  if (before.role === 'owner' && before.active) await keepAnOwner(tx, next)
  if (input.storeIds || input.role) {
    const storeIds = input.storeIds
      ? [...new Set(input.storeIds)]
      : (
          await tx.read<{ storeId: string }>('SELECT storeId FROM operator_store WHERE operatorId = ?', [operatorId])
        ).map((s) => s.storeId)
    next.allStores = Number(await reachFor(tx, role, storeIds))
    setStores(tx, operatorId, storeIds)
  }
  try {
    await tx.run(
      'UPDATE operator SET name = ?, role = ?, active = ?, passwordHash = ?, phoneHash = ?, phoneSealed = ?, allStores = ? WHERE id = ?',
      [next.name, role, next.active, next.passwordHash, next.phoneHash, next.phoneSealed, next.allStores, operatorId],
    )
  } catch (error) {
    throw isDuplicate(error) ? refuse('phone_taken') : error
  }
  if (input.passwordHash || role !== before.role || !next.active) closeSessionsOf(tx, 'operator', operatorId, now)
  const [view] = await viewAll(tx, keys, [next])
  return view
}

/** The names of some accounts, at most 500. */
export const operatorNames = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  const rows = await db.read<{ id: string; name: string }>(`SELECT id, name FROM operator WHERE id IN ${marks(ids)}`, [
    ...ids,
  ])
  return new Map(rows.map((r) => [r.id, r.name]))
}
