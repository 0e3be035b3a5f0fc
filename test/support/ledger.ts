import type { Db } from '../../server/db/transaction'
import { civilDay } from '../../shared/time'

/** A repeatable stream of numbers in [0, 1): mulberry32. */
export const seeded = (seed: number): (() => number) => {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Members written straight into the table, for tests of what members own rather than of how they join. */
export const insertMembers = (db: Db, ids: readonly string[], now: number, tierLevel = 0): Promise<void> =>
  db.tx(async (tx) =>
    tx.insert(
      'member',
      ids.map((id, i) => ({
        id,
        groupId: 'group',
        cardNo: `88${String(i).padStart(6, '0')}${id}`.slice(0, 30),
        name: `会员${i}`,
        avatar: null,
        gender: 'unknown',
        phoneHash: null,
        phoneSealed: null,
        birthdaySealed: null,
        birthdayKey: null,
        birthdayChangedOn: null,
        joinedAt: now,
        joinedOn: civilDay(now),
        joinedMonthDay: civilDay(now).slice(5),
        joinedStoreId: null,
        joinedBy: 'import',
        status: 'active',
        tierLevel,
        personalised: 1,
      })),
    ),
  )

/** One store of one brand, and a small table of tiers. */
export const insertShop = (db: Db, now: number): Promise<void> =>
  db.tx(async (tx) => {
    tx.insert('brand_group', [{ id: 'group', name: '集团' }])
    tx.insert('brand', [{ id: 'brand', groupId: 'group', name: '拾光生活馆' }])
    tx.insert('store', [
      {
        id: 'store1',
        brandId: 'brand',
        code: 'one',
        name: '静安寺店',
        address: '',
        hours: '',
        phone: '',
        active: 1,
        createdAt: now,
      },
    ])
    tx.insert('tier', [
      { trackId: 'group', level: 0, name: '新叶会员', threshold: 0, multiplierBp: 10_000, benefits: '[]' },
      { trackId: 'group', level: 1, name: '银叶会员', threshold: 1000, multiplierBp: 12_000, benefits: '[]' },
      { trackId: 'group', level: 2, name: '金叶会员', threshold: 3000, multiplierBp: 15_000, benefits: '[]' },
    ])
  })
