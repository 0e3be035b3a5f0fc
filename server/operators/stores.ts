import type { Output, Parsed } from '../../shared/contract'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import type { Store } from './entity'

/** The group every brand belongs to, and the brand that a new store gets: several brands come later without moving data. */
export const groupId = 'group'
export const mainBrandId = 'main'

type StoreCard = Output<'GET /stores'>['items'][number]
/** A store with its brand's name. */
export type NamedStore = Store & { brandName: string }

const select = 'SELECT s.*, b.name AS brandName FROM store s JOIN brand b ON b.id = s.brandId'

/** Makes sure that the group and its first brand exist; a second call changes nothing. */
export const foundGroup = (tx: Tx, name: string): void => {
  tx.insert('brand_group', [{ id: groupId, name }], { ignore: true })
  tx.insert('brand', [{ id: mainBrandId, groupId, name }], { ignore: true })
}

/** A store by its id, open or closed. */
export const storeById = async (db: Reader, id: string): Promise<NamedStore> => {
  const [store] = await db.read<NamedStore>(`${select} WHERE s.id = ?`, [id])
  if (!store) throw refuse('store_not_found')
  return store
}

/** A store by its code, open or closed. */
export const storeByCode = async (db: Reader, code: string): Promise<Store | undefined> =>
  (await db.read<Store>('SELECT * FROM store WHERE code = ?', [code]))[0]

/** A store that is open and in which this operator works. */
export const requireStore = async (db: Reader, actor: OperatorActor, id: string): Promise<NamedStore> => {
  inScope(actor, id)
  const store = await storeById(db, id)
  if (!store.active) throw refuse('store_not_found')
  return store
}

/** The open stores as members see them, in the order of their codes. */
export const allStores = async (db: Reader): Promise<StoreCard[]> => {
  const stores = await db.read<NamedStore>(`${select} WHERE s.active = 1 ORDER BY s.code`)
  return stores.map(({ id, name, address, hours, phone, brandName }) => ({
    id,
    name,
    address,
    hours,
    phone,
    brandName,
  }))
}

/** The open stores in which an operator works. */
export const storesOf = async (db: Reader, actor: OperatorActor): Promise<{ id: string; name: string }[]> =>
  (await allStores(db))
    .filter((s) => !actor.storeIds || actor.storeIds.includes(s.id))
    .map(({ id, name }) => ({ id, name }))

/** One page of the stores in the order of their codes, with the number of accounts that work in each; the cursor is the last code. */
export const storePage = async (
  db: Reader,
  { cursor = '', limit, q = '' }: Parsed<'GET /admin/stores'>,
): Promise<{ items: (NamedStore & { staff: number })[]; nextCursor: string | null }> => {
  const like = `%${q.replace(/[%_!]/g, '!$&')}%`
  const rows = await db.read<NamedStore>(
    `${select} WHERE s.code > ? AND (s.name LIKE ? ESCAPE '!' OR s.code LIKE ? ESCAPE '!') ORDER BY s.code LIMIT ?`,
    [cursor, like, like, limit + 1],
  )
  const items = rows.slice(0, limit)
  return { items: await withStaff(db, items), nextCursor: rows.length > limit ? items[items.length - 1].code : null }
}

/** Stores with the number of active accounts that name them or work everywhere at the counter. */
export const withStaff = async (db: Reader, stores: NamedStore[]): Promise<(NamedStore & { staff: number })[]> => {
  const counts = await db.read<{ storeId: string; staff: number }>(
    'SELECT os.storeId, COUNT(*) AS staff FROM operator_store os JOIN operator o ON o.id = os.operatorId WHERE o.active = 1 GROUP BY os.storeId',
  )
  return stores.map((s) => ({ ...s, staff: counts.find((c) => c.storeId === s.id)?.staff ?? 0 }))
}

/** Opens a store under the group's first brand. */
export const createStore = async (
  tx: Tx,
  input: Parsed<'POST /admin/stores'>,
  { now, shop }: { now: number; shop: string },
): Promise<NamedStore> => {
  foundGroup(tx, shop)
  const id = newId(now)
  const row = { ...input, id, brandId: mainBrandId, active: 1, createdAt: now }
  if (!(await tx.insertNew('store', [row]))) throw refuse('store_code_taken', { code: input.code })
  return storeById(tx, id)
}

/** Changes what is given of a store. */
export const updateStore = async (
  tx: Tx,
  { storeId, ...input }: Parsed<'PATCH /admin/stores/:storeId'>,
): Promise<NamedStore> => {
  const store = await storeById(tx, storeId)
  const next = { ...store, ...input, active: input.active === undefined ? store.active : Number(input.active) }
  tx.write('UPDATE store SET name = ?, address = ?, hours = ?, phone = ?, active = ? WHERE id = ?', [
    next.name,
    next.address,
    next.hours,
    next.phone,
    next.active,
    storeId,
  ])
  return { ...next }
}
