import { advanceRuns, dueRuns } from '../../server/journeys/advance'
import { enterMembers } from '../../server/journeys/enter'
import { enteringVersions, liveVersions } from '../../server/journeys/load'
import { journeyDefinition } from '../../shared/contract/journey-shapes'
import { benchNow, insertMembers, memberId } from './care-shop'
import type { BenchOptions } from './index'
import { createSystemDeps } from './journeys-deps'
import { type Figure, printTable, type Report } from './measure'
import { prepareGround } from './setup'

const batch = 500

/** Five nodes: a condition, a split, points, growth and a message. */
const definition = journeyDefinition.parse({
  trigger: { kind: 'manual' },
  start: 'ask',
  nodes: [
    {
      id: 'ask',
      kind: 'condition',
      test: { match: 'all', tests: [{ kind: 'field', field: 'tierLevel', op: 'gte', value: 0 }] },
      yes: 'split',
      no: null,
    },
    {
      id: 'split',
      kind: 'split',
      arms: [
        { key: 'a', name: '甲', weight: 1, next: 'points' },
        { key: 'b', name: '乙', weight: 1, next: 'points' },
      ],
    },
    { id: 'points', kind: 'points', points: 10, note: '压测', next: 'growth' },
    { id: 'growth', kind: 'growth', growth: 1, next: 'tell' },
    { id: 'tell', kind: 'message', templateId: 'benchtemplate', channels: ['inbox'], next: null },
  ],
  goal: null,
  reentry: { kind: 'once', days: 0 },
  holdout: { percent: 0, reason: '压测' },
})

/** How fast members walk through five nodes with their effects: entries, ledger, growth, outbox and steps, all rows counted after. */
export const run = async ({ databases, members = 100_000 }: BenchOptions): Promise<Report> => {
  const figures: Figure[] = []
  const table: string[][] = []
  let sound = true
  for (const database of databases) {
    const ground = await prepareGround(database)
    if (!ground) {
      console.log(`${database}: not on this machine, left out`)
      continue
    }
    try {
      const deps = await createSystemDeps(ground.server)
      await insertMembers(deps.db, members)
      await deps.db.tx(async (tx) => {
        const content = { inbox: { title: '你好', text: '{name}，谢谢你。', page: null } }
        const draft = JSON.stringify(definition)
        const journey = {
          id: 'bench',
          name: '压测',
          description: '',
          state: 'published',
          version: 1,
          draft,
          revision: 1,
        }
        tx.insert('message_template', [
          {
            id: 'benchtemplate',
            name: '你好',
            topic: 'service',
            content: JSON.stringify(content),
            version: 1,
            archived: 0,
            updatedAt: 0,
          },
        ])
        tx.insert('journey', [{ ...journey, createdAt: 0, updatedAt: 0, publishedAt: 0 }])
        tx.insert('journey_version', [{ journeyId: 'bench', version: 1, definition: draft, publishedAt: 0 }])
      })
      const began = performance.now()
      for (let from = 0; from < members; from += batch)
        await deps.db.tx(async (tx) => {
          const [live] = enteringVersions(await liveVersions(tx))
          const ids = Array.from({ length: Math.min(batch, members - from) }, (_, i) => memberId(from + i))
          const candidates = ids.map((id) => ({ memberId: id, entryKey: 'bench', vars: {} }))
          await enterMembers(tx, deps, live, candidates, benchNow)
        })
      const entered = performance.now()
      let steps = 0
      for (let runs = 1; runs; )
        await deps.db.tx(async (tx) => {
          const done = await advanceRuns(tx, deps, await dueRuns(tx, batch, benchNow), benchNow)
          runs = done.runs
          steps += done.steps
        })
      const seconds = (performance.now() - entered) / 1000
      const rows = async (text: string): Promise<number> => Number((await deps.db.read<{ n: number }>(text))[0].n)
      const effects = [
        await rows('SELECT COUNT(*) AS n FROM journey_step'),
        (await rows('SELECT COUNT(*) AS n FROM points_entry')) * 5,
        (await rows('SELECT COUNT(*) AS n FROM growth_entry')) * 5,
        (await rows('SELECT COUNT(*) AS n FROM message')) * 5,
      ]
      sound &&= steps === members * 5 && effects.every((n) => n === members * 5)
      await deps.db.close()
      const rate = steps / seconds
      const entering = members / ((entered - began) / 1000)
      table.push([
        database,
        String(members),
        Math.round(entering).toLocaleString('en'),
        Math.round(rate).toLocaleString('en'),
        seconds.toFixed(1),
        sound ? 'yes' : 'NO',
      ])
      const prefix = databases.length > 1 ? `${database}.` : ''
      figures.push(
        { name: `${prefix}steps-per-second`, value: Math.round(rate), unit: '/s', goal: null },
        { name: `${prefix}entries-per-second`, value: Math.round(entering), unit: '/s', goal: null },
      )
    } finally {
      await ground.drop()
    }
  }
  printTable(['database', 'members', 'entries/s', 'steps/s', 'seconds', 'every effect once'], table, 1)
  return { name: 'journeys', figures, sound }
}
