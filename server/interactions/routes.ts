import { bind } from '../http/bind'
import { sift } from './rules'
import { recordEvents } from './service'

export const interactionsRoutes = [
  bind('POST /interactions', async ({ tx, actor, input, now }) => {
    const { kept, repeated, dropped } = sift(input.events, now)
    const fresh = kept.map(({ id, ...event }) => ({
      ...event,
      memberId: actor.memberId,
      eventId: id,
      origin: 'client' as const,
    }))
    const accepted = await recordEvents(tx, fresh, now)
    return { accepted, repeated: repeated + fresh.length - accepted, dropped }
  }),
]
