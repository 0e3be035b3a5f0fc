import type { Output, Parsed } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { believable, recordEvents } from '../interactions/service'
import { readTrace } from './trace'

type Reported = Parsed<'POST /me/recommendations/events'>

/**
 * Records what a member saw and tapped of one list. The trace, which only this member's list can have, says slot, group and model; trace,
 * kind and position name the event, so a report sent again adds nothing. The interactions get one event for the list and one for each tap.
 */
export const recordShown = async (
  tx: Tx,
  deps: Deps,
  memberId: string,
  { traceId, events }: Reported,
  now: number,
): Promise<Output<'POST /me/recommendations/events'>> => {
  const trace = readTrace(deps.keys, memberId, traceId)
  if (!trace) throw refuse('recommendation_trace_invalid')
  const timely = events.filter((e) => believable(e.at, now)).map((e) => ({ ...e, at: Math.min(e.at, now) }))
  const named = new Map(timely.map((e) => [`${e.kind[0]}${e.position}.${traceId}`, e]))
  const rows = [...named].map(([eventId, e]) => ({
    memberId,
    eventId,
    traceId,
    kind: e.kind,
    slot: trace.slot,
    itemKind: e.itemKind,
    itemId: e.itemId,
    position: e.position,
    modelVersion: trace.modelVersion,
    arm: trace.arm,
    at: e.at,
    onDay: civilDay(e.at),
  }))
  rows.sort((a, b) => (a.eventId < b.eventId ? -1 : 1))
  const accepted = await tx.insertNew('recommendation_event', rows)
  const list = timely.find((e) => e.kind === 'exposure')
  const page = `recommendation/${trace.slot}`
  await recordEvents(
    tx,
    [
      ...(list
        ? [
            {
              memberId,
              eventId: `seen.${traceId}`,
              type: 'recommendation_exposure',
              at: list.at,
              page,
              target: `${traceId} v${trace.modelVersion}`,
              origin: 'client' as const,
            },
          ]
        : []),
      ...timely
        .filter((e) => e.kind === 'click')
        .map((e) => ({
          memberId,
          eventId: `tap${e.position}.${traceId}`,
          type: 'recommendation_click',
          at: e.at,
          page,
          target: `${e.itemKind}:${e.itemId} #${e.position} v${trace.modelVersion}`,
          origin: 'client' as const,
        })),
    ],
    now,
  )
  return { accepted, repeated: timely.length - accepted, dropped: events.length - timely.length }
}
