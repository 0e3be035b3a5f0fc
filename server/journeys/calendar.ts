import type { Output, Parsed } from '../../shared/contract'
import { describeTrigger } from '../../shared/journey'
import { birthdayKeysOn } from '../../shared/lunar'
import { addDays, civilDay, clockTime, DAY_MS, startOfDay } from '../../shared/time'
import { anniversariesOn, campaignsBetween } from '../campaigns/service'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { birthdayKeyOf } from '../members/service'
import { countByKey, messagesByDay, runsByDay } from './facts'
import { enteringVersions, type Live, liveVersions } from './load'
import { isSearch, slotsBetween } from './rules'

type Calendar = Output<'GET /admin/journey-calendar'>
type Entry = Calendar['days'][number]['entries'][number]

/** Members a date journey will take in on each of some days. */
const celebrants = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  { field, days: lead }: { field: 'birthday' | 'anniversary'; days: number },
  treated: readonly string[],
): Promise<Map<string, number>> => {
  const keysOf = (day: string): string[] =>
    field === 'birthday'
      ? birthdayKeysOn(addDays(day, -lead)).map((b) => birthdayKeyOf(deps.keys, b))
      : anniversariesOn(addDays(day, -lead))
  const byDay = treated.map((day) => [day, keysOf(day)] as const)
  const counts = await countByKey(db, field === 'birthday' ? 'birthdayKey' : 'joinedMonthDay', [
    ...new Set(byDay.flatMap(([, keys]) => keys)),
  ])
  return new Map(byDay.map(([day, keys]) => [day, keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0)]))
}

/**
 * What goes out to whom, day by day: journeys that start by the calendar (with how many members, where that is known beforehand), people
 * whose waiting ends, campaigns, and messages that are held until then.
 */
export const calendar = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  { from, days }: Parsed<'GET /admin/journey-calendar'>,
  now: number,
): Promise<Calendar> => {
  const list = Array.from({ length: days }, (_, i) => addDays(from, i))
  const [start, end] = [startOfDay(from), startOfDay(addDays(from, days))]
  const entries = new Map<string, Entry[]>(list.map((day) => [day, []]))
  const add = (day: string, entry: Entry): void => void entries.get(day)?.push(entry)
  const names = new Map(
    (await db.read<{ id: string; name: string }>('SELECT id, name FROM journey')).map((j) => [j.id, j.name]),
  )
  const nameOf = (live: Live): string => names.get(live.journeyId) ?? ''
  for (const live of enteringVersions(await liveVersions(db))) {
    const { trigger } = live.definition
    if (!isSearch(trigger)) continue
    const slots = slotsBetween(trigger, from, days).filter((slot) => slot >= now)
    const counts =
      trigger.kind === 'date'
        ? await celebrants(
            db,
            deps,
            trigger,
            slots.map((slot) => civilDay(slot)),
          )
        : null
    for (const slot of slots) {
      const members = counts?.get(civilDay(slot)) ?? 0
      // A day without a birthday is no entry; searches whose outcome nobody knows yet are shown once, without a number.
      if (counts && !members) continue
      const text = `${clockTime(slot)} ${describeTrigger(trigger)}`
      add(civilDay(slot), { kind: 'journey', id: live.journeyId, name: nameOf(live), members, text })
    }
  }
  const dayOf = (bucket: number): string => list[Number(bucket)] ?? ''
  for (const r of await runsByDay(db, Math.max(start, now), end)) {
    const day = civilDay(Math.max(start, now) + Number(r.bucket) * DAY_MS)
    add(day, {
      kind: 'queued',
      id: r.journeyId,
      name: names.get(r.journeyId) ?? '',
      members: Number(r.n),
      text: '等待到期，继续旅程',
    })
  }
  for (const c of await campaignsBetween(db, start, end))
    add(civilDay(c.sendAt), {
      kind: c.state === 'sent' ? 'sent' : 'campaign',
      id: c.id,
      name: c.name,
      members: c.audience,
      text: `${clockTime(c.sendAt)} 群发`,
    })
  for (const m of await messagesByDay(db, start, end)) {
    const [kind, id = ''] = (m.source ?? '').split(':')
    const name = kind === 'journey' ? (names.get(id) ?? '') : kind === 'campaign' ? '群发活动' : '服务通知'
    add(dayOf(m.bucket), { kind: 'queued', id: id || 'service', name, members: Number(m.n), text: '待发消息' })
  }
  return { days: list.map((day) => ({ day, entries: entries.get(day) ?? [] })) }
}
