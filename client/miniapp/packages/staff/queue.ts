import type { Input, Output } from '@shared/contract'
import { useEffect, useState } from 'react'
import { call, serverNow } from '../../api'
import { newId, readStored, writeStored } from '../../platform'

type Sync = Input<'POST /staff/offline-syncs'>
/** A purchase that was recorded while the network was gone. */
export type Offline = Sync['items'][number] & { storeId: string }
export type Answered = Output<'POST /staff/offline-syncs'>['items'][number]
/** What became of an item that the server would not take as it stands. */
export interface Report {
  item: Offline
  answer: Answered
}

const WAITING = 'staff.queue'
const REPORTS = 'staff.reports'
/** The server takes so many at once. */
const BATCH = 50

const listeners = new Set<() => void>()
const read = <T>(name: string): T[] => readStored<T[]>(name) ?? []
function write(name: string, items: unknown[]): void {
  writeStored(name, items.length > 0 ? items : null)
  for (const listener of listeners) listener()
}

/** Keeps a purchase until the network is back. Its id is made here and never again, so that it is settled once. */
export function enqueue(item: Omit<Offline, 'clientId' | 'at' | 'lines' | 'confirmed'>): void {
  write(WAITING, [
    ...read<Offline>(WAITING),
    { ...item, lines: [], confirmed: false, clientId: newId(), at: serverNow() },
  ])
}

/** Takes an item out of the queue by hand: it was typed wrong and nothing has been sent. */
export function dropWaiting(clientId: string): void {
  write(
    WAITING,
    read<Offline>(WAITING).filter((item) => item.clientId !== clientId),
  )
}

/** Ends a report: it has been dealt with. */
export function dropReport(clientId: string): void {
  write(
    REPORTS,
    read<Report>(REPORTS).filter(({ item }) => item.clientId !== clientId),
  )
}

/** Sends a refused item again as it is, with the word that it really is another purchase. */
export function sendAnyway(clientId: string): void {
  const report = read<Report>(REPORTS).find(({ item }) => item.clientId === clientId)
  if (!report) return
  dropReport(clientId)
  write(WAITING, [...read<Offline>(WAITING), { ...report.item, confirmed: true }])
}

let running: Promise<{ done: number; conflicts: number }> | null = null

async function sendAll(): Promise<{ done: number; conflicts: number }> {
  let done = 0
  let conflicts = 0
  for (;;) {
    const waiting = read<Offline>(WAITING)
    const storeId = waiting[0]?.storeId
    if (!storeId) return { done, conflicts }
    const batch = waiting.filter((item) => item.storeId === storeId).slice(0, BATCH)
    const answer = await call('POST /staff/offline-syncs', {
      storeId,
      items: batch.map(({ storeId: _, ...item }) => item),
    })
    const byId = new Map(answer.items.map((one) => [one.clientId, one]))
    // Taken, known before, or refused with a reason: either way it has left the queue.
    write(
      WAITING,
      read<Offline>(WAITING).filter((item) => !byId.has(item.clientId)),
    )
    const refused = batch.flatMap((item): Report[] => {
      const one = byId.get(item.clientId)
      return one?.result === 'conflict' ? [{ item, answer: one }] : []
    })
    write(REPORTS, [...read<Report>(REPORTS), ...refused])
    done += answer.done + answer.repeated
    conflicts += refused.length
    if (byId.size === 0) return { done, conflicts }
  }
}

/** Sends what waits, oldest first, once however often it is asked for. Throws the Failure of a call that got no answer. */
export function syncQueue(): Promise<{ done: number; conflicts: number }> {
  running ??= sendAll().finally(() => {
    running = null
  })
  return running
}

/** What waits and what was refused, kept up to date while the page lives. */
export function useQueue(): { waiting: Offline[]; reports: Report[] } {
  const look = () => ({ waiting: read<Offline>(WAITING), reports: read<Report>(REPORTS) })
  const [state, setState] = useState(look)
  useEffect(() => {
    const listener = (): void => setState(look())
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  })
  return state
}
