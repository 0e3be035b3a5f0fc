import type { Tx } from '../db/transaction'

/** Goods as a file or a purchase line knows them. */
export interface KnownProduct {
  id: string
  name: string
  category: string
  priceFen: number
}

/** Adds goods to the list of products; those that are known stay as they are. */
export const learnProducts = (tx: Tx, products: readonly KnownProduct[]): void =>
  tx.insert(
    'product',
    products.map((p) => ({ ...p, active: 1 })),
    { ignore: true },
  )
