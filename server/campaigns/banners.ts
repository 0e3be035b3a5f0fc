import type { Output, Parsed } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { keepOperatorPictures } from '../http/uploads'
import type { Member } from '../members/service'
import { holdSegment, isMember, releaseSegments } from '../segments/service'
import { bannerMoves, bannerNow, bannerPolicy, bannerStateNames, periodProblem } from './banner-rules'
import type { Banner } from './entity'
import { segmentNames } from './facts'

type View = Output<'GET /admin/banners'>['items'][number]
type Body = Parsed<'POST /admin/banners'>
type Card = Output<'GET /me/home'>['banners'][number]

const noFigures: View['figures'] = { exposures: 0, taps: 0, reached: 0, tapped: 0 }

const figuresOf = async (db: Reader, ids: readonly string[]): Promise<Map<string, View['figures']>> => {
  if (!ids.length) return new Map()
  const rows = await db.read<{ bannerId: string; kind: string; days: number; members: number }>(
    `SELECT bannerId, kind, COUNT(*) AS days, COUNT(DISTINCT memberId) AS members FROM banner_event
     WHERE bannerId IN ${marks(ids)} GROUP BY bannerId, kind`,
    [...ids],
  )
  const found = new Map(ids.map((id) => [id, { ...noFigures }]))
  for (const r of rows) {
    const figures = found.get(r.bannerId) as View['figures']
    if (r.kind === 'tap') Object.assign(figures, { taps: Number(r.days), tapped: Number(r.members) })
    else Object.assign(figures, { exposures: Number(r.days), reached: Number(r.members) })
  }
  return found
}

const viewAll = async (db: Reader, rows: readonly Banner[], now: number): Promise<View[]> => {
  const [names, figures] = await Promise.all([
    segmentNames(
      db,
      rows.flatMap((b) => (b.segmentId ? [b.segmentId] : [])),
    ),
    figuresOf(
      db,
      rows.map((b) => b.id),
    ),
  ])
  return rows.map((b) => ({
    id: b.id,
    title: b.title,
    text: b.text,
    picture: b.picture,
    link: b.link,
    segmentId: b.segmentId,
    segmentName: b.segmentId ? (names.get(b.segmentId) ?? null) : null,
    startsAt: b.startsAt,
    endsAt: b.endsAt,
    priority: b.priority,
    state: b.state as View['state'],
    version: b.version,
    now: bannerNow(b, now),
    createdAt: b.createdAt,
    figures: figures.get(b.id) ?? noFigures,
  }))
}
const viewOne = async (db: Reader, row: Banner, now: number): Promise<View> => (await viewAll(db, [row], now))[0]

/** Banners, newest first. */
export const listBanners = async (
  db: Reader,
  { state, cursor = '~', limit }: Parsed<'GET /admin/banners'>,
  now: number,
): Promise<Output<'GET /admin/banners'>> => {
  const rows = await db.read<Banner>(
    `SELECT * FROM banner WHERE id < ?${state ? ' AND state = ?' : ''} ORDER BY id DESC LIMIT ?`,
    [cursor, ...(state ? [state] : []), limit + 1],
  )
  const shown = rows.slice(0, limit)
  return { items: await viewAll(db, shown, now), nextCursor: rows.length > limit ? shown[shown.length - 1].id : null }
}

const load = async (db: Reader, bannerId: string, lock = ''): Promise<Banner> => {
  const [row] = await db.read<Banner>(`SELECT * FROM banner WHERE id = ?${lock}`, [bannerId])
  if (!row) throw refuse('banner_not_found')
  return row
}

/** One banner with who saw and tapped it day by day, oldest first. */
export const showBanner = async (
  db: Reader,
  bannerId: string,
  now: number,
): Promise<Output<'GET /admin/banners/:bannerId'>> => {
  const row = await load(db, bannerId)
  const days = await db.read<{ onDay: string; exposures: number; taps: number }>(
    `SELECT onDay, SUM(CASE WHEN kind = 'exposure' THEN 1 ELSE 0 END) AS exposures,
       SUM(CASE WHEN kind = 'tap' THEN 1 ELSE 0 END) AS taps
     FROM banner_event WHERE bannerId = ? GROUP BY onDay ORDER BY onDay DESC LIMIT 60`,
    [bannerId],
  )
  return {
    ...(await viewOne(db, row, now)),
    daily: days.reverse().map((d) => ({ on: d.onDay, exposures: Number(d.exposures), taps: Number(d.taps) })),
  }
}

const user = (bannerId: string, title: string) => ({ kind: 'banner', id: bannerId, name: title })

/** The columns of a draft, checked; its picture is kept from now on and its segment cannot be deleted any more. */
const settle = async (tx: Tx, bannerId: string, body: Body, now: number): Promise<Body> => {
  const problem = periodProblem(body)
  if (problem) throw refuse('banner_invalid', { reason: problem })
  await keepOperatorPictures(tx, [body.picture], now)
  releaseSegments(tx, user(bannerId, ''))
  if (body.segmentId) await holdSegment(tx, body.segmentId, user(bannerId, body.title))
  return body
}

/** Makes a draft. */
export const createBanner = async (tx: Tx, body: Body, now: number): Promise<View> => {
  const id = newId(now)
  const row: Banner = { id, state: 'draft', version: 1, ...(await settle(tx, id, body, now)), createdAt: now }
  tx.insert('banner', [{ ...row }])
  return viewOne(tx, row, now)
}

/** Changes a banner that has not ended; members see the change at their next look. */
export const updateBanner = async (
  tx: Tx,
  { bannerId, version, ...body }: Parsed<'PUT /admin/banners/:bannerId'>,
  now: number,
): Promise<View> => {
  const row = await load(tx, bannerId, tx.lock)
  if (row.state === 'ended') throw refuse('banner_bad_state', { state: bannerStateNames[row.state] })
  if (row.version !== version) throw refuse('banner_conflict')
  const changed: Banner = { ...row, ...(await settle(tx, bannerId, body, now)), version: version + 1 }
  tx.upsert('banner', ['id'], [...Object.keys(body), 'version'], [{ ...changed }])
  return viewOne(tx, changed, now)
}

/** Puts a banner on the air or takes it off for good. */
export const moveBanner = async (
  tx: Tx,
  { bannerId, version, to }: Parsed<'POST /admin/banners/:bannerId/state'>,
  now: number,
): Promise<View> => {
  const row = await load(tx, bannerId, tx.lock)
  if (row.version !== version) throw refuse('banner_conflict')
  if (!bannerMoves[row.state].includes(to)) throw refuse('banner_bad_state', { state: bannerStateNames[row.state] })
  if (to === 'published' && row.endsAt <= now) throw refuse('banner_invalid', { reason: '结束时间已经过了' })
  const changed: Banner = { ...row, state: to, version: version + 1 }
  tx.write('UPDATE banner SET state = ?, version = ? WHERE id = ?', [to, version + 1, bannerId])
  if (to === 'ended') releaseSegments(tx, user(bannerId, ''))
  return viewOne(tx, changed, now)
}

/** Deletes a draft. */
export const deleteBanner = async (tx: Tx, bannerId: string): Promise<{ ok: true }> => {
  const row = await load(tx, bannerId, tx.lock)
  if (row.state !== 'draft') throw refuse('banner_bad_state', { state: bannerStateNames[row.state] })
  releaseSegments(tx, user(bannerId, ''))
  tx.write('DELETE FROM banner WHERE id = ?', [bannerId])
  return { ok: true }
}

/**
 * The banners of somebody's home page, the weightiest first. One for a group of people is shown to those inside it at its last refresh, and
 * like every message for a group not to members who switched personalisation off; a visitor (null) sees what is for everybody.
 */
export const bannersFor = async (
  db: Reader,
  member: Pick<Member, 'id' | 'personalised'> | null,
  now: number,
): Promise<Card[]> => {
  const rows = await db.read<Banner>(
    "SELECT * FROM banner WHERE state = 'published' AND endsAt > ? AND startsAt <= ? ORDER BY priority DESC, id DESC LIMIT ?",
    [now, now, bannerPolicy.considered],
  )
  const fits = await Promise.all(
    rows.map((b) =>
      b.segmentId ? member?.personalised === 1 && isMember(db, b.segmentId, member.id) : Promise.resolve(true),
    ),
  )
  return rows
    .filter((_, i) => fits[i])
    .slice(0, bannerPolicy.shown)
    .map(({ id, title, text, picture, link }) => ({ id, title, text, picture, link }))
}

/** Notes what a member saw and tapped; once a day and kind, and only of banners there are. Answers how many were new. */
export const recordBannerEvents = async (
  tx: Tx,
  memberId: string,
  events: Parsed<'POST /me/banners/events'>['events'],
  now: number,
): Promise<{ accepted: number }> => {
  const ids = [...new Set(events.map((e) => e.bannerId))]
  const rows = await tx.read<{ id: string }>(
    `SELECT id FROM banner WHERE id IN ${marks(ids)} AND state <> 'draft'`,
    ids,
  )
  const known = new Set(rows.map((r) => r.id))
  const onDay = civilDay(now)
  const named = new Map(events.filter((e) => known.has(e.bannerId)).map((e) => [`${e.bannerId}/${e.kind}`, e]))
  const accepted = await tx.insertNew(
    'banner_event',
    [...named.values()].map(({ bannerId, kind }) => ({ bannerId, onDay, kind, memberId, at: now })),
  )
  return { accepted }
}
