import { journeyDefinition } from '../../shared/contract/journey-shapes'
import type { JourneyDefinition } from '../../shared/journey'
import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import { ensureTemplates } from '../messages/service'
import { type BuiltIn, builtIns, type Node, type NodeDraft } from './built-in-journeys'
import { builtInTemplates } from './built-in-templates'
import type { Journey } from './entity'

/** Places the nodes of a list one below the other, as a canvas that nobody has arranged yet. */
const placed = (nodes: readonly NodeDraft[]): Node[] =>
  nodes.map((node, i) => ({ ...node, x: 0, y: 120 * (i + 1) })) as Node[]

/** A built-in's definition with the ids of its templates. */
export const definitionFor = (builtIn: BuiltIn, templateIds: ReadonlyMap<string, string>): JourneyDefinition => {
  const draft = builtIn.definition((key) => {
    const id = templateIds.get(key)
    if (!id) throw new Error(`There is no template ${key}`)
    return id
  })
  return journeyDefinition.parse({ ...draft, nodes: placed(draft.nodes) })
}

/**
 * Makes sure that the built-in journeys and their templates are there. One that exists is left as the shop has made it; two processes that
 * meet here meet at the unique key.
 */
export const ensureBuiltIns = async (tx: Tx, now: number): Promise<void> => {
  const known = await tx.read<{ builtIn: string }>('SELECT builtIn FROM journey WHERE builtIn IS NOT NULL')
  const missing = builtIns.filter((b) => !known.some((k) => k.builtIn === b.key))
  if (!missing.length) return
  const templateIds = await ensureTemplates(tx, builtInTemplates, now)
  for (const builtIn of missing) {
    const draft = JSON.stringify(definitionFor(builtIn, templateIds))
    const row: Journey = {
      id: newId(now),
      builtIn: builtIn.key,
      name: builtIn.name,
      description: builtIn.description,
      state: builtIn.published ? 'published' : 'draft',
      version: builtIn.published ? 1 : 0,
      draft,
      revision: 1,
      createdAt: now,
      updatedAt: now,
      publishedAt: builtIn.published ? now : null,
      endedAt: null,
      openSince: builtIn.published ? now : null,
    }
    const made = await tx.insertNew('journey', [{ ...row }])
    if (made && builtIn.published)
      tx.insert('journey_version', [{ journeyId: row.id, version: 1, definition: draft, publishedAt: now }])
  }
}
