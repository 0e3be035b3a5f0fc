import { bind } from '../http/bind'
import {
  createCampaign,
  deleteCampaign,
  forecastCampaign,
  listCampaigns,
  moveCampaign,
  showCampaign,
  updateCampaign,
} from './campaigns'
import { allGiftsOf, openGift } from './service'

export const campaignsRoutes = [
  bind('GET /me/gifts', async ({ tx, actor }) => ({ items: await allGiftsOf(tx, actor.memberId) })),
  bind('POST /me/gifts/:giftId/open', ({ tx, actor, input, now }) => openGift(tx, actor.memberId, input.giftId, now)),
  bind('GET /admin/campaigns', ({ tx, input }) => listCampaigns(tx, input)),
  bind('GET /admin/campaigns/:campaignId', ({ tx, input }) => showCampaign(tx, input.campaignId)),
  bind('POST /admin/campaigns', ({ tx, input, now }) => createCampaign(tx, input, now)),
  bind('PUT /admin/campaigns/:campaignId', ({ tx, input }) => updateCampaign(tx, input)),
  bind('DELETE /admin/campaigns/:campaignId', ({ tx, input }) => deleteCampaign(tx, input.campaignId)),
  bind('POST /admin/campaigns/:campaignId/state', ({ tx, input, now }) => moveCampaign(tx, input, now)),
  bind('POST /admin/campaigns/forecast', ({ tx, deps, input, now }) => forecastCampaign(tx, deps, input, now)),
]
