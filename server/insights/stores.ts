import type { Output, Parsed } from '../../shared/contract'
import { addDays, civilDay } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { createStore, type NamedStore, storePage, updateStore, withStaff } from '../operators/service'
import { salesOfStores } from './store-facts'

type Page = Output<'GET /admin/stores'>
const figureDays = 30

/** Stores with the accounts that work in them and what they sold in the last 30 days, today included. */
const viewStores = async (
  db: Reader,
  stores: (NamedStore & { staff: number })[],
  now: number,
): Promise<Page['items']> => {
  const today = civilDay(now)
  const sales = await salesOfStores(
    db,
    stores.map((s) => s.id),
    addDays(today, 1 - figureDays),
    today,
  )
  return stores.map((s) => {
    const sold = sales.find((f) => f.storeId === s.id)
    return { ...s, active: s.active === 1, purchases30d: sold?.purchases ?? 0, amount30dFen: sold?.amountFen ?? 0 }
  })
}

/** One page of the stores. */
export const listStores = async (db: Reader, input: Parsed<'GET /admin/stores'>, now: number): Promise<Page> => {
  const { items, nextCursor } = await storePage(db, input)
  return { items: await viewStores(db, items, now), nextCursor }
}

const viewStore = async (db: Reader, store: NamedStore, now: number): Promise<Page['items'][number]> =>
  (await viewStores(db, await withStaff(db, [store]), now))[0]

/** Opens a store. */
export const addStore = async (
  tx: Tx,
  deps: Pick<Deps, 'env'>,
  input: Parsed<'POST /admin/stores'>,
  now: number,
): Promise<Page['items'][number]> => viewStore(tx, await createStore(tx, input, { now, shop: deps.env.SHOP_NAME }), now)

/** Changes a store. */
export const changeStore = async (
  tx: Tx,
  input: Parsed<'PATCH /admin/stores/:storeId'>,
  now: number,
): Promise<Page['items'][number]> => viewStore(tx, await updateStore(tx, input), now)
