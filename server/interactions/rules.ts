import type { Parsed } from '../../shared/contract'
import { civilDay, DAY_MS, MINUTE_MS } from '../../shared/time'

export const interactionPolicy = {
  /** A phone's clock may run ahead of ours by this much; anything later is not believed. */
  maxAheadMs: 10 * MINUTE_MS,
  /** What a phone kept offline for longer says nothing about today any more. */
  maxAgeMs: 7 * DAY_MS,
  /** Version of the events' shape. */
  version: 1,
} as const

type ClientEvent = Parsed<'POST /interactions'>['events'][number]

/** Something a member did. `eventId` is made by whoever saw it; `at` in epoch ms, x and y in CSS pixels of the page. */
export interface NewEvent {
  memberId: string
  eventId: string
  type: string
  at: number
  page?: string
  target?: string
  x?: number
  y?: number
  /** Width of the window in CSS pixels. */
  width?: number
  origin: 'client' | 'server'
}

/** The row of an event, all but its id. */
export const rowOf = (event: NewEvent, now: number) => ({
  memberId: event.memberId,
  eventId: event.eventId,
  type: event.type,
  version: interactionPolicy.version,
  at: event.at,
  onDay: civilDay(event.at),
  receivedAt: now,
  page: event.page ?? null,
  target: event.target ?? null,
  x: event.x ?? null,
  y: event.y ?? null,
  width: event.width ?? null,
  origin: event.origin,
})

/** Whether a phone's time of an event can be true: not ahead of ours by more than a phone's clock may be, and not too old. */
export const believable = (at: number, now: number): boolean =>
  at <= now + interactionPolicy.maxAheadMs && at >= now - interactionPolicy.maxAgeMs

/** Splits a client's batch: events to keep, each id once, how many repeat an id of the same batch, and how many have an unbelievable time. */
export const sift = (
  events: readonly ClientEvent[],
  now: number,
): { kept: ClientEvent[]; repeated: number; dropped: number } => {
  const timely = events.filter((e) => believable(e.at, now))
  const kept = [...new Map(timely.map((e) => [e.id, e])).values()]
  return { kept, repeated: timely.length - kept.length, dropped: events.length - timely.length }
}
