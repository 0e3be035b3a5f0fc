import { demoTiers } from '../../server/demo/shop'
import { defineTiers } from '../../server/tiers/service'
import type { Input } from '../../shared/contract'
import type { DatabaseName } from '../support/databases'
import { openStore, signInOperator } from '../support/people'
import { startServer, type TestServer } from '../support/server'

/** A small shop over a real server: one store, four tiers, an owner, a cashier with a telephone, one coupon to claim. */
export interface Shop {
  server: TestServer
  storeId: string
  /** Access token of the owner. */
  owner: string
  /** Login name of the owner; the password is testPassword. */
  ownerName: string
  /** Access token of the cashier. */
  cashier: string
  cashierPhone: string
  cashierName: string
  /** Draws up a coupon and publishes it; answers the template's id. */
  publish(draft: Input<'POST /admin/coupon-templates'>): Promise<string>
}

/** ¥30 off from ¥200, for thirty days. */
export const scentCoupon: Input<'POST /admin/coupon-templates'> = {
  name: '家居香氛满减券',
  description: '烛台、蜡烛、香氛可用',
  rule: { kind: 'amount', amountFen: 3000, minSpendFen: 20_000, validity: { kind: 'relative', days: 30 } },
  issue: { stock: 100, perMember: 1 },
}

/** Opens the shop. Stop its server in afterAll. `env` holds settings beyond those of every test. */
export const openShop = async (database: DatabaseName, env?: Record<string, string>): Promise<Shop> => {
  const server = await startServer({ database, env })
  try {
    const storeId = await openStore(server)
    await server.deps.db.tx(async (tx) => defineTiers(tx, demoTiers))
    const owner = await signInOperator(server, { role: 'owner' })
    const cashierPhone = '13900000001'
    const cashier = await signInOperator(server, { role: 'cashier', storeIds: [storeId], phone: cashierPhone })
    const publish: Shop['publish'] = async (draft) => {
      const made = await server.call('POST /admin/coupon-templates', draft, { as: owner.token })
      const { id: templateId, version } = made.body
      const step = { templateId, version, to: 'published' } as const
      const moved = await server.call('POST /admin/coupon-templates/:templateId/state', step, { as: owner.token })
      if (moved.status !== 200) throw new Error(`Publishing answered ${JSON.stringify(moved.body)}`)
      return templateId
    }
    await publish(scentCoupon)
    return {
      server,
      storeId,
      owner: owner.token,
      ownerName: owner.username,
      cashier: cashier.token,
      cashierPhone,
      cashierName: cashier.username,
      publish,
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}
