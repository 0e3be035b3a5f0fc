import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError } from '../errors'
import { execute } from '../http/command'
import { externalKeyOf, type ImportedMember, importMembers, membersByExternalId } from '../members/service'
import { foundGroup, storeByCode } from '../operators/service'
import {
  type KnownProduct,
  knownRefunds,
  learnProducts,
  type RefundableLine,
  type RefundRequest,
  refundableLines,
  refundPurchases,
  type Settlement,
  settlePurchases,
} from '../purchases/service'
import type { Mapping } from './mapping'
import { type FilePurchase, matchCancellation, type RejectedRow } from './rules'
import type { Cancellation, Chunk, Outcome, Target } from './service'

/** What is known of a customer beyond the file; the demo has names, phones and birthdays. */
export type People = ReadonlyMap<string, Pick<ImportedMember, 'name' | 'phone' | 'birthday'> & { storeCode?: string }>

const refusedRows = (purchase: FilePurchase, error: AppError): RejectedRow[] =>
  purchase.rows.map((row) => ({
    kind: 'rejected',
    line: row.line,
    reason: error.code === 'purchase_duplicate' ? 'already_imported_differently' : 'refused',
    detail: `${purchase.invoice} ${error.code}`,
  }))

const unknownStore = (purchase: FilePurchase): RejectedRow[] =>
  purchase.rows.map((row) => ({
    kind: 'rejected',
    line: row.line,
    reason: 'unknown_store',
    detail: purchase.storeCode ?? '',
  }))

/**
 * The database as the target of an import: members, purchases and refunds go through the commands of the API, a chunk in one
 * transaction. Everything is named by the mapping and the file's own numbers, so a second run finds it all and changes nothing.
 */
export const databaseTarget = (deps: Deps, mapping: Mapping, people: People = new Map()): Target => {
  const stores = new Map<string, string>()
  /** Customer -> member, for customers that a committed chunk made or found. */
  const members = new Map<string, string>()
  /** Goods as they were last sold, added to the list of products at the end. */
  const goods = new Map<string, KnownProduct>()

  const storeOf = async (tx: Tx, code: string): Promise<string | null> => {
    const known = stores.get(code)
    if (known) return known
    const found = await storeByCode(tx, code)
    if (found) return found.id
    if (code !== mapping.store.code) return null
    const now = deps.clock.now()
    const { name, address } = mapping.store
    foundGroup(tx, deps.env.SHOP_NAME)
    const row = {
      id: newId(now),
      brandId: 'main',
      code,
      name,
      address,
      hours: '',
      phone: '',
      active: 1,
      createdAt: now,
    }
    await tx.insertNew('store', [row])
    return (await storeByCode(tx, code))?.id ?? null
  }

  /** Members of the chunk's buyers, made where they do not exist; joined when they first bought. */
  const buyersOf = async (
    tx: Tx,
    purchases: readonly FilePurchase[],
    storeIds: ReadonlyMap<string, string | null>,
  ): Promise<{ found: Map<string, string>; made: number }> => {
    const first = new Map<string, FilePurchase>()
    for (const p of purchases) {
      const earlier = first.get(p.customer)
      if (!members.has(p.customer) && (!earlier || p.at < earlier.at)) first.set(p.customer, p)
    }
    if (!first.size) return { found: new Map(), made: 0 }
    const known = await membersByExternalId(tx, deps.keys, mapping.name, [...first.keys()])
    const rows = [...first].flatMap(([value, p]): ImportedMember[] => {
      if (known.has(value)) return []
      const person = people.get(value)
      const storeCode = person?.storeCode ?? p.storeCode ?? mapping.store.code
      return [
        {
          externalId: { kind: mapping.name, value },
          name: person?.name,
          phone: person?.phone,
          birthday: person?.birthday,
          storeId: storeIds.get(storeCode) ?? null,
          at: p.at,
        },
      ]
    })
    const made = await importMembers(tx, deps, rows)
    const found = new Map(known)
    for (const row of rows) found.set(row.externalId.value, made.get(externalKeyOf(row.externalId)) as string)
    return { found, made: rows.length }
  }

  const refund = async (
    tx: Tx,
    cancellations: readonly Cancellation[],
    memberOf: (customer: string) => string | undefined,
    now: number,
  ): Promise<Pick<Outcome, 'refunds' | 'unmatched'>> => {
    const done = await knownRefunds(
      tx,
      mapping.name,
      cancellations.map((c) => c.externalNo),
    )
    const fresh = cancellations.filter((c) => !done.has(c.externalNo))
    const unmatched: Cancellation[] = []
    const buyers = [...new Set(fresh.flatMap((c) => memberOf(c.customer) ?? []))]
    const lines = buyers.length
      ? await refundableLines(tx, {
          source: mapping.name,
          memberIds: buyers,
          productIds: [...new Set(fresh.map((c) => c.sku))],
          until: fresh.reduce((latest, c) => Math.max(latest, c.at), 0),
        })
      : []
    const byGoods = new Map<string, RefundableLine[]>()
    for (const line of lines) {
      const key = `${line.memberId}\t${line.productId}`
      const list = byGoods.get(key)
      if (list) list.push(line)
      else byGoods.set(key, [line])
    }
    const matched: { cancellation: Cancellation; request: RefundRequest }[] = []
    for (const cancellation of fresh) {
      const match = matchCancellation(
        byGoods.get(`${memberOf(cancellation.customer)}\t${cancellation.sku}`) ?? [],
        cancellation,
      )
      if (!match) unmatched.push(cancellation)
      else
        matched.push({
          cancellation,
          request: {
            source: mapping.name,
            externalNo: cancellation.externalNo,
            purchaseId: match.purchaseId,
            lines: match.lines,
            reason: `导入退款 ${cancellation.invoice}`,
            at: cancellation.at,
            operatorId: null,
            storeIds: null,
          },
        })
    }
    const results = await execute(
      tx,
      refundPurchases,
      matched.map((m) => m.request),
      now,
    )
    results.forEach((result, i) => {
      if (result instanceof AppError) unmatched.push(matched[i].cancellation)
    })
    const created = results.filter((r) => !(r instanceof AppError)).length
    return { refunds: { created, known: done.size }, unmatched }
  }

  const settleChunk = async (
    tx: Tx,
    chunk: Chunk,
  ): Promise<{ outcome: Outcome; found: Map<string, string>; storeIds: Map<string, string | null> }> => {
    const now = deps.clock.now()
    const storeIds = new Map<string, string | null>()
    const codeOf = (p: FilePurchase): string => p.storeCode ?? mapping.store.code
    for (const code of new Set([mapping.store.code, ...chunk.purchases.map(codeOf)]))
      storeIds.set(code, await storeOf(tx, code))
    const placed = chunk.purchases.filter((p) => storeIds.get(codeOf(p)))
    const { found, made } = await buyersOf(tx, placed, storeIds)
    const memberOf = (customer: string): string | undefined => members.get(customer) ?? found.get(customer)
    const settlements = placed.map(
      (p): Settlement => ({
        source: mapping.name,
        externalNo: p.invoice,
        memberId: memberOf(p.customer) as string,
        storeId: storeIds.get(codeOf(p)) as string,
        operatorId: null,
        at: p.at,
        amountFen: p.rows.reduce((sum, row) => sum + row.amountFen, 0),
        lines: p.rows.map((row) => ({
          productId: row.sku,
          name: row.product,
          category: row.category,
          quantity: row.quantity,
          unitFen: row.unitFen,
          amountFen: row.amountFen,
        })),
        couponIds: [],
        birthdayKeys: [],
        payKind: p.payKind,
      }),
    )
    const results = await execute(tx, settlePurchases, settlements, now)
    const outcome: Outcome = {
      purchases: { created: [], known: [] },
      refunds: { created: 0, known: 0 },
      newMembers: made,
      unmatched: [],
      rejected: chunk.purchases.filter((p) => !storeIds.get(codeOf(p))).flatMap(unknownStore),
    }
    results.forEach((result, i) => {
      if (result instanceof AppError) outcome.rejected.push(...refusedRows(placed[i], result))
      else outcome.purchases[result.repeated ? 'known' : 'created'].push(placed[i])
    })
    if (chunk.cancellations.length) {
      const strangers = [...new Set(chunk.cancellations.map((c) => c.customer))].filter((c) => !memberOf(c))
      for (const [customer, id] of await membersByExternalId(tx, deps.keys, mapping.name, strangers))
        found.set(customer, id)
      Object.assign(outcome, await refund(tx, chunk.cancellations, memberOf, now))
    }
    return { outcome, found, storeIds }
  }

  return {
    settle: async (chunk) => {
      const { outcome, found, storeIds } = await deps.db.tx((tx) => settleChunk(tx, chunk))
      for (const [customer, id] of found) members.set(customer, id)
      for (const [code, id] of storeIds) if (id) stores.set(code, id)
      for (const p of outcome.purchases.created)
        for (const row of p.rows)
          goods.set(row.sku, { id: row.sku, name: row.product, category: row.category, priceFen: row.unitFen })
      return outcome
    },
    finish: () => deps.db.tx(async (tx) => learnProducts(tx, [...goods.values()])),
  }
}
