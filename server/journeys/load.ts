import { journeyDefinition } from '../../shared/contract/journey-shapes'
import type { JourneyDefinition } from '../../shared/journey'
import type { Reader } from '../db/transaction'
import type { JourneyVersion } from './entity'

/** A published version of a journey. */
export interface Live {
  journeyId: string
  state: string
  version: number
  /** Whether it is the version that new members enter. */
  current: boolean
  publishedAt: number
  /** What happened before lets nobody in: it was not published yet, or paused. */
  openSince: number
  definition: JourneyDefinition
}

/** Definitions by their stored text: they never change, so each is parsed once in the life of a process. */
const parsed = new Map<string, JourneyDefinition>()
const keptDefinitions = 500

/** A stored definition. */
export const definitionOf = (text: string): JourneyDefinition => {
  const known = parsed.get(text)
  if (known) return known
  if (parsed.size >= keptDefinitions) parsed.clear()
  const definition = journeyDefinition.parse(JSON.parse(text))
  parsed.set(text, definition)
  return definition
}

/** Every published version of journeys that have not ended, newest last. */
export const liveVersions = async (db: Reader): Promise<Live[]> => {
  const rows = await db.read<JourneyVersion & { state: string; currentVersion: number; openSince: number | null }>(
    `SELECT v.journeyId, v.version, v.definition, v.publishedAt, j.state, j.version AS currentVersion, j.openSince FROM journey_version v
     JOIN journey j ON j.id = v.journeyId WHERE j.state IN ('published', 'paused') ORDER BY v.journeyId, v.version`,
  )
  return rows.map((r) => ({
    journeyId: r.journeyId,
    state: r.state,
    version: r.version,
    current: r.version === r.currentVersion,
    publishedAt: r.publishedAt,
    openSince: r.openSince ?? r.publishedAt,
    definition: definitionOf(r.definition),
  }))
}

/** The versions that take in new members now. */
export const enteringVersions = (live: readonly Live[]): Live[] =>
  live.filter((l) => l.current && l.state === 'published')
