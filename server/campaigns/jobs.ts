import type { Tick } from '../jobs/job'
import { dueCampaigns, fanOutOnce } from './fan-out'

/** Puts due campaigns into the outbox, batch by batch; each campaign's row keeps its own cursor. */
export const sendCampaigns = async (tick: Tick): Promise<void> => {
  let more = true
  while (more && !tick.stopping())
    await tick.step(async (tx, now) => {
      more = false
      for (const campaignId of await dueCampaigns(tx, now)) {
        const treated = await fanOutOnce(tx, tick.deps, campaignId, now)
        if (treated === null) continue
        more = true
        return { cursor: campaignId, processed: treated }
      }
      return { cursor: '', processed: 0 }
    })
}
