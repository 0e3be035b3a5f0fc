import { bind } from '../http/bind'
import {
  createBanner,
  deleteBanner,
  listBanners,
  moveBanner,
  recordBannerEvents,
  showBanner,
  updateBanner,
} from './banners'
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
  bind('POST /me/banners/events', ({ tx, actor, input, now }) =>
    recordBannerEvents(tx, actor.memberId, input.events, now),
  ),
  bind('GET /admin/banners', ({ tx, input, now }) => listBanners(tx, input, now)),
  bind('GET /admin/banners/:bannerId', ({ tx, input, now }) => showBanner(tx, input.bannerId, now)),
  bind('POST /admin/banners', ({ tx, input, now }) => createBanner(tx, input, now)),
  bind('PUT /admin/banners/:bannerId', ({ tx, input, now }) => updateBanner(tx, input, now)),
  bind('POST /admin/banners/:bannerId/state', ({ tx, input, now }) => moveBanner(tx, input, now)),
  bind('DELETE /admin/banners/:bannerId', ({ tx, input }) => deleteBanner(tx, input.bannerId)),
  bind('GET /admin/campaigns', ({ tx, input }) => listCampaigns(tx, input)),
  bind('GET /admin/campaigns/:campaignId', ({ tx, input }) => showCampaign(tx, input.campaignId)),
  bind('POST /admin/campaigns', ({ tx, input, now }) => createCampaign(tx, input, now)),
  bind('PUT /admin/campaigns/:campaignId', ({ tx, input }) => updateCampaign(tx, input)),
  bind('DELETE /admin/campaigns/:campaignId', ({ tx, input }) => deleteCampaign(tx, input.campaignId)),
  bind('POST /admin/campaigns/:campaignId/state', ({ tx, input, now }) => moveCampaign(tx, input, now)),
  bind('POST /admin/campaigns/forecast', ({ tx, deps, input, now }) => forecastCampaign(tx, deps, input, now)),
]
