import { bind } from '../http/bind'
import { allGiftsOf, openGift } from './service'

export const campaignsRoutes = [
  bind('GET /me/gifts', async ({ tx, actor }) => ({ items: await allGiftsOf(tx, actor.memberId) })),
  bind('POST /me/gifts/:giftId/open', ({ tx, actor, input, now }) => openGift(tx, actor.memberId, input.giftId, now)),
]
