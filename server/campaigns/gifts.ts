import type { Output } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { recordEvents } from '../interactions/service'
import type { CareGift } from './entity'
import { type CareKind, giftTitle } from './rules'

type GiftView = Output<'GET /me/gifts'>['items'][number]

/** Gifts that one answer may hold: ten years of both kinds. */
const shownGifts = 20

const giftView = (gift: CareGift): GiftView => ({
  id: gift.id,
  kind: gift.kind as CareKind,
  title: giftTitle(gift.kind as CareKind, gift.years),
  until: gift.until,
  gifts: JSON.parse(gift.contents) as GiftView['gifts'],
  opened: gift.openedAt !== null,
  years: gift.kind === 'anniversary' ? gift.years : null,
})

/** Gifts for the home page: not opened yet and still good today. */
export const giftsOf = async (db: Reader, memberId: string, now: number): Promise<GiftView[]> =>
  (
    await db.read<CareGift>(
      'SELECT * FROM care_gift WHERE memberId = ? AND openedAt IS NULL AND until >= ? ORDER BY id DESC LIMIT ?',
      [memberId, civilDay(now), shownGifts],
    )
  ).map(giftView)

/** The latest gifts of a member, opened or not, newest first. */
export const allGiftsOf = async (db: Reader, memberId: string): Promise<GiftView[]> =>
  (
    await db.read<CareGift>('SELECT * FROM care_gift WHERE memberId = ? ORDER BY id DESC LIMIT ?', [
      memberId,
      shownGifts,
    ])
  ).map(giftView)

/** Notes that the member has unwrapped a gift. What was in it is theirs since it was given. */
export const openGift = async (tx: Tx, memberId: string, giftId: string, now: number): Promise<GiftView> => {
  const [gift] = await tx.read<CareGift>(`SELECT * FROM care_gift WHERE id = ? AND memberId = ?${tx.lock}`, [
    giftId,
    memberId,
  ])
  if (!gift) throw refuse('not_found')
  if (gift.openedAt === null) {
    tx.write('UPDATE care_gift SET openedAt = ? WHERE id = ?', [now, giftId])
    const opened = { memberId, eventId: `gift-opened:${giftId}`, type: 'gift_opened', at: now, target: gift.kind }
    await recordEvents(tx, [{ ...opened, origin: 'server' }], now)
  }
  return giftView({ ...gift, openedAt: now })
}
