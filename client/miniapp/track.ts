import type { Input } from '@shared/contract'
import { call, isOffline, serverNow } from './api'
import { newId, readStored, writeStored } from './platform'
import { onSession, sessionOf } from './session'

type Event = Input<'POST /interactions'>['events'][number]

const STORED = 'events'
const FLUSH_AT = 20
const FLUSH_AFTER_MS = 8_000
/** More than this is not kept while the network is gone: the oldest go. */
const MAX_WAITING = 200
const MAX_BATCH = 100

let waiting: Event[] | null = null
let timer: ReturnType<typeof setTimeout> | null = null
let flushing = false

/** Notes what the member did. Kept through a restart, sent in batches, deduplicated by the server through its id. */
export function track(event: Omit<Event, 'id' | 'at'>): void {
  if (!sessionOf('member') || !event.page) return
  waiting ??= readStored<Event[]>(STORED) ?? []
  // The router begins paths with a slash, the app's own names do not; one page has one name in the log.
  const page = event.page.replace(/^\//, '')
  waiting = [...waiting, { ...event, page, id: newId(), at: serverNow() }].slice(-MAX_WAITING)
  writeStored(STORED, waiting)
  if (waiting.length >= FLUSH_AT) void flushTracked()
  else timer ??= setTimeout(() => void flushTracked(), FLUSH_AFTER_MS)
}

/** Sends what is waiting; called also when the app goes to the background. */
export async function flushTracked(): Promise<void> {
  if (timer) clearTimeout(timer)
  timer = null
  waiting ??= readStored<Event[]>(STORED) ?? []
  if (flushing || waiting.length === 0 || !sessionOf('member')) return
  flushing = true
  const batch = waiting.slice(0, MAX_BATCH)
  try {
    await call('POST /interactions', { events: batch })
    drop(batch)
  } catch (thrown) {
    // Without a network they wait; refused by the server they would be refused again.
    if (!isOffline(thrown)) drop(batch)
  } finally {
    flushing = false
  }
}

function drop(batch: Event[]): void {
  const sent = new Set(batch.map((event) => event.id))
  waiting = (waiting ?? []).filter((event) => !sent.has(event.id))
  writeStored(STORED, waiting.length > 0 ? waiting : null)
}

// What one member did is never sent in the name of the next.
onSession(() => {
  if (sessionOf('member')) return
  waiting = []
  writeStored(STORED, null)
})
