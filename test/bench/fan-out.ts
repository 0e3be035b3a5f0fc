import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Row } from '../../server/db/statement'
import type { Db } from '../../server/db/transaction'
import { campaignId, insertCampaigns, insertMembers, insertToldToday, openShop } from './care-shop'
import type { BenchOptions } from './index'
import { type Figure, printTable, type Report } from './measure'
import { prepareGround } from './setup'

interface Worked {
  members: number
  seconds?: number
  memoryMb?: number
}

/** Runs a worker to its end, or kills it without warning once it has treated `killAt` members. */
const work = (
  url: string,
  campaign: string,
  killAt = Number.POSITIVE_INFINITY,
): Promise<{ last: Worked; killed: boolean }> =>
  new Promise((done, fail) => {
    const worker = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'fan-out-worker.ts'), url, campaign], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let last: Worked = { members: 0 }
    createInterface({ input: worker.stdout }).on('line', (line) => {
      last = JSON.parse(line) as Worked
      if (last.members >= killAt) worker.kill('SIGKILL')
    })
    worker.once('error', fail)
    worker.once('exit', (code, signal) =>
      code === 0 || signal === 'SIGKILL'
        ? done({ last, killed: signal === 'SIGKILL' })
        : fail(new Error(`The worker ended with ${code}`)),
    )
  })

const pageOf = 2000

/** Copies the rows of a campaign into an empty outbox by nothing but multi-row INSERTs, as many a commit; only the inserting is timed. */
const insertPlainly = async (from: Db, to: Db, source: string): Promise<{ rows: number; seconds: number }> => {
  let rows = 0
  let ms = 0
  for (let cursor = ''; ; ) {
    // By the primary key alone: asked for the source as well, SQLite sorts all the rows of the campaign again for every page.
    const read = await from.read<Row & { id: string }>('SELECT * FROM message WHERE id > ? ORDER BY id LIMIT ?', [
      cursor,
      pageOf,
    ])
    if (!read.length) return { rows, seconds: ms / 1000 }
    cursor = read[read.length - 1].id
    const page = read.filter((row) => row.source === source)
    rows += page.length
    const began = performance.now()
    await to.tx(async (tx) => tx.insert('message', page))
    ms += performance.now() - began
  }
}

const count = async (db: Db, text: string, params: string[]): Promise<number> =>
  Number((await db.read<{ n: number }>(text, params))[0].n)

/**
 * One campaign to everybody: selection, caps, control group and outbox, beside a plain multi-row INSERT of the very rows that came out; and
 * a second one whose process is killed on the way and goes on in another.
 */
export const run = async ({ databases, members = 200_000 }: BenchOptions): Promise<Report> => {
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
      const shop = await openShop(ground.server)
      await insertMembers(shop.db, members)
      await insertToldToday(shop.db, members)
      await insertCampaigns(shop.db, 2)
      const measured = await work(ground.server, campaignId(0))
      const { seconds = 0, memoryMb = 0 } = measured.last
      const reference = await openShop(ground.reference)
      const plain = await insertPlainly(shop.db, reference.db, `campaign:${campaignId(0)}`)
      await reference.db.close()
      const first = await work(ground.server, campaignId(1), members / 3)
      await work(ground.server, campaignId(1))
      const source = [`campaign:${campaignId(1)}`]
      const rows = await count(shop.db, 'SELECT COUNT(*) AS n FROM message WHERE source = ?', source)
      const people = await count(shop.db, 'SELECT COUNT(DISTINCT memberId) AS n FROM message WHERE source = ?', source)
      const [told] = await shop.db.read<Record<string, number>>(
        'SELECT audience, held, queued, unsent FROM campaign WHERE id = ?',
        [campaignId(0)],
      )
      await shop.db.close()
      const [ours, theirs] = [plain.rows / seconds, plain.rows / plain.seconds]
      const duplicates = rows - people
      const lost = members - people
      sound &&= first.killed && duplicates === 0 && lost === 0 && Number(told.audience) === members
      table.push([
        database,
        String(members),
        Math.round(ours).toLocaleString('en'),
        Math.round(theirs).toLocaleString('en'),
        (ours / theirs).toFixed(2),
        memoryMb.toFixed(0),
        `${told.held} / ${told.unsent}`,
        String(duplicates),
        String(lost),
      ])
      const prefix = databases.length > 1 ? `${database}.` : ''
      figures.push(
        { name: `${prefix}ratio`, value: Number((ours / theirs).toFixed(3)), unit: 'x', goal: 0.5 },
        { name: `${prefix}rows-per-second`, value: Math.round(ours), unit: '/s', goal: null },
        { name: `${prefix}memory.MB`, value: Math.round(memoryMb), unit: 'MB', goal: 500 },
        { name: `${prefix}duplicates`, value: duplicates + lost, unit: '', goal: 0 },
      )
    } finally {
      await ground.drop()
    }
  }
  printTable(
    ['database', 'members', 'rows/s', 'plain INSERT rows/s', 'ratio', 'MB', 'held / capped', 'duplicates', 'lost'],
    table,
    1,
  )
  return { name: 'fan-out', figures, sound }
}
