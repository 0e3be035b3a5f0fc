import type { Output, Parsed } from '../../shared/contract'
import { documents } from '../../shared/documents'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { setPersonalised } from '../members/service'
import type { Consent } from './entity'
import { type Said, subjectTitle } from './rules'

type Listed = Output<'GET /me/consents'>['items'][number]

/** The latest word of a member on each subject. */
export const latestConsents = (db: Reader, memberId: string): Promise<Said[]> =>
  db.read<Said>(
    `SELECT c.subject, c.version, c.given, c.at FROM consent c
       JOIN (SELECT subject, MAX(id) AS id FROM consent WHERE memberId = ? GROUP BY subject) l ON l.id = c.id`,
    [memberId],
  )

const note = (
  tx: Tx,
  { memberId, channel }: { memberId: string; channel: string },
  said: { subject: string; version: number; given: number },
  now: number,
): void => tx.insert('consent', [{ id: newId(now), memberId, ...said, at: now, channel }])

/** Holds the member's row, so that two equal answers at once leave one row in the ledger. */
const lock = (tx: Tx, memberId: string) => tx.read(`SELECT id FROM member WHERE id = ?${tx.lock}`, [memberId])

/**
 * Records that a member agrees to the wordings in force. One that has been agreed to already is not recorded again; one that is no longer
 * in force is refused, because nobody agrees to what they were not shown.
 */
export const giveConsent = async (
  tx: Tx,
  memberId: string,
  { documents: agreed, channel }: Parsed<'POST /me/consents'>,
  now: number,
): Promise<{ ok: true }> => {
  if (agreed.some(({ name, version }) => documents[name].version !== version)) throw refuse('consent_outdated')
  await lock(tx, memberId)
  const latest = await latestConsents(tx, memberId)
  for (const { name, version } of agreed) {
    const before = latest.find((row) => row.subject === name)
    if (before?.given === 1 && before.version === version) continue
    note(tx, { memberId, channel }, { subject: name, version, given: 1 }, now)
  }
  return { ok: true }
}

/** Switches personal recommendations for a member and writes it into the ledger; a repeat writes nothing. */
export const switchPersonalisation = async (
  tx: Tx,
  memberId: string,
  { on, channel }: Parsed<'PUT /me/personalisation'>,
  now: number,
): Promise<{ personalised: boolean }> => {
  if (await setPersonalised(tx, memberId, on))
    note(tx, { memberId, channel }, { subject: 'personalisation', version: 1, given: Number(on) }, now)
  return { personalised: on }
}

/** One page of a member's ledger, newest first; the cursor is the id of the last row shown. */
export const consentsOf = async (
  db: Reader,
  memberId: string,
  { cursor, limit }: Parsed<'GET /me/consents'>,
): Promise<Output<'GET /me/consents'>> => {
  const rows = await db.read<Consent>('SELECT * FROM consent WHERE memberId = ? AND id < ? ORDER BY id DESC LIMIT ?', [
    memberId,
    cursor ?? '~',
    limit + 1,
  ])
  const items = rows.slice(0, limit)
  return {
    items: items.map((c) => ({
      id: c.id,
      subject: c.subject as Listed['subject'],
      title: subjectTitle(c.subject),
      version: c.version,
      given: c.given === 1,
      at: c.at,
      channel: c.channel,
    })),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
  }
}
