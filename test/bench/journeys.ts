import { marks, type Row } from '../../server/db/statement'
import type { Db } from '../../server/db/transaction'
import { advanceRuns, dueRuns } from '../../server/journeys/advance'
import { enterMembers } from '../../server/journeys/enter'
import { enteringVersions, liveVersions } from '../../server/journeys/load'
import { journeyDefinition } from '../../shared/contract/journey-shapes'
import { benchNow, insertMany, insertMembers, memberId, openShop } from './care-shop'
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

/** Every table that the walking writes, and how the rows of a stretch of members are found. */
const written = [
  'SELECT * FROM points_account WHERE memberId >= ? AND memberId <= ?',
  'SELECT * FROM points_entry WHERE memberId >= ? AND memberId <= ?',
  'SELECT * FROM points_lot WHERE memberId >= ? AND memberId <= ?',
  'SELECT * FROM growth_account WHERE memberId >= ? AND memberId <= ?',
  'SELECT * FROM growth_entry WHERE memberId >= ? AND memberId <= ?',
  'SELECT * FROM message WHERE memberId >= ? AND memberId <= ?',
  'SELECT s.* FROM journey_step s JOIN journey_run r ON r.id = s.runId WHERE r.memberId >= ? AND r.memberId <= ? ORDER BY s.runId',
].map((text) => ({ table: /FROM (\w+)/.exec(text)?.[1] ?? '', text }))

/**
 * Writes the rows that came out a second time, elsewhere, by nothing but multi-row INSERTs and one UPDATE of the runs, as many members a
 * commit: what the database itself asks for. Only the writing is timed; answers the seconds.
 */
const writePlainly = async (from: Db, to: Db, members: number): Promise<number> => {
  await insertMany(to, 'journey_run', members, (i) => ({
    id: `r${memberId(i)}`,
    journeyId: 'bench',
    version: 1,
    memberId: memberId(i),
    entryKey: 'once',
    state: 'active',
    nodeId: 'ask',
    dueAt: benchNow,
    waitMet: 0,
    vars: '{}',
    enteredAt: benchNow,
  }))
  let ms = 0
  for (let first = 0; first < members; first += batch) {
    const count = Math.min(batch, members - first)
    const stretch = [memberId(first), memberId(first + count - 1)]
    const pages = await Promise.all(written.map(({ text }) => from.read<Row>(text, stretch)))
    const runs = Array.from({ length: count }, (_, i) => `r${memberId(first + i)}`)
    const began = performance.now()
    await to.tx(async (tx) => {
      for (const [i, { table }] of written.entries()) tx.insert(table, pages[i])
      tx.write(
        `UPDATE journey_run SET state = 'done', nodeId = NULL, dueAt = NULL, endedAt = ? WHERE id IN ${marks(runs)}`,
        [benchNow, ...runs],
      )
    })
    ms += performance.now() - began
  }
  return ms / 1000
}

/**
 * How fast members walk through five nodes with their effects: entries, ledger, growth, outbox and steps, all rows counted after; and beside
 * it what it costs to write the very same rows without deciding anything.
 */
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
      const reference = await openShop(ground.reference)
      const plainly = await writePlainly(deps.db, reference.db, members)
      await reference.db.close()
      await deps.db.close()
      const rate = steps / seconds
      const entering = members / ((entered - began) / 1000)
      table.push([
        database,
        String(members),
        Math.round(entering).toLocaleString('en'),
        Math.round(rate).toLocaleString('en'),
        seconds.toFixed(1),
        Math.round(steps / plainly).toLocaleString('en'),
        (plainly / seconds).toFixed(2),
        sound ? 'yes' : 'NO',
      ])
      const prefix = databases.length > 1 ? `${database}.` : ''
      figures.push(
        { name: `${prefix}steps-per-second`, value: Math.round(rate), unit: '/s', goal: 5000 },
        { name: `${prefix}ratio`, value: Number((plainly / seconds).toFixed(3)), unit: 'x', goal: null },
        { name: `${prefix}entries-per-second`, value: Math.round(entering), unit: '/s', goal: null },
      )
    } finally {
      await ground.drop()
    }
  }
  printTable(
    ['database', 'members', 'entries/s', 'steps/s', 'seconds', 'plainly written steps/s', 'ratio', 'every effect once'],
    table,
    1,
  )
  return { name: 'journeys', figures, sound }
}
