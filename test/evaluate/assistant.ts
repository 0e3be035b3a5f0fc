/**
 * The assistant on a set of questions in everyday Chinese: known ones in other words, tricky ones, and ones nobody could know. Each is
 * asked over HTTP of a server with a member whose data are known here, so that every figure in an answer can be held against them. The
 * set has two halves: one was looked at while the rules were written, the other was not.
 */
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { figuresIn } from '../../server/assistant/rules'
import { loadDefaults } from '../../server/assistant/service'
import { executeOne } from '../../server/http/command'
import { awardPoints, earningRules } from '../../server/points/service'
import { defaultTiers, defineTiers } from '../../server/tiers/service'
import { civilDay, MINUTE_MS } from '../../shared/time'
import { buy } from '../community/setup'
import { addMembers, tokenOf } from '../jobs/people'
import { openStore } from '../support/people'
import { startServer, type TestServer } from '../support/server'
import type { Flags } from './index'
import type { Figure, Report } from './report'

export const usage = '  --data <file>   tab-separated: half, expected topics (comma between several), question'
export const flags: string[] = []

interface Asked {
  half: string
  expected: string[]
  question: string
}
interface Judged extends Asked {
  got: string
  verdict: 'right' | 'honest' | 'wrong'
  strangeFigures: string[]
  text: string
}

const readQuestions = (file: string): Asked[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => {
      const [half, expected, question] = line.split('\t')
      return { half, expected: expected.split(','), question }
    })

const points = 500
/** Makes a member with known points, purchases and level, and another one whose figures must never appear. */
const makeShop = async (server: TestServer): Promise<void> => {
  const now = server.clock.now()
  await server.deps.db.tx(async (tx) => {
    defineTiers(tx, defaultTiers)
    await loadDefaults(tx, now)
  })
  const store = await openStore(server)
  await addMembers(server, [{ id: 'lin', birthday: { calendar: 'solar', month: 5, day: 3 } }, { id: 'other' }])
  await buy(server, 'lin', store, { no: 'A1', at: now - 86_400_000 })
  await server.deps.db.tx(async (tx) => {
    const source = { type: 'operator', id: null, note: '活动' }
    await executeOne(tx, awardPoints, { memberId: 'lin', points, source }, now)
    await executeOne(tx, awardPoints, { memberId: 'other', points: 7_654_321, source }, now)
  })
}

/** Every figure that is true for this member: from the API's own pages, which do not pass through the assistant. */
const truths = async (server: TestServer, as: string): Promise<Set<string>> => {
  const known = [
    await server.call('GET /me/points', {}, { as }),
    await server.call('GET /me/points/entries', {}, { as }),
    await server.call('GET /me/tier', {}, { as }),
    await server.call('GET /me/purchases', {}, { as }),
    await server.call('GET /me', {}, { as }),
    await server.call('GET /stores', {}),
    await server.call('GET /tiers', {}),
    await server.call('GET /faqs', {}),
  ].map((answer) => answer.body)
  const plain = figuresIn(`${JSON.stringify(known)}${JSON.stringify(earningRules)}`)
  const all = new Set(plain)
  // Money is told in yuan, moments as days and hours.
  for (const figure of plain) {
    const n = Number(figure)
    all.add((n / 100).toFixed(2))
    if (n > 1e12) {
      const [year, month, day] = civilDay(n).split('-')
      for (const part of [year, month, day]) all.add(String(Number(part)))
      const clock = new Date(n + 8 * 3_600_000).toISOString().slice(11, 16)
      for (const part of clock.split(':')) all.add(part)
    }
    all.add(String(n))
  }
  return all
}

const topicOf = (topic: string | null, questions: Map<string, string>): string => {
  if (!topic) return 'unknown'
  if (topic.startsWith('faq:')) return `faq:${questions.get(topic.slice(4))}`
  return topic.replace(/^(refused|chat)\..*/, '$1')
}

const judge = (asked: Asked, got: string): Judged['verdict'] => {
  if (asked.expected.includes(got)) return 'right'
  // What nobody knows is answered right by saying so, or by passing it to a person.
  if (asked.expected.includes('unknown') && got === 'handover') return 'right'
  if (asked.expected.includes('refused') && got === 'unknown') return 'right'
  return got === 'unknown' || got === 'handover' ? 'honest' : 'wrong'
}

const figuresOf = (judged: readonly Judged[], prefix: string, goal: boolean): Figure[] => {
  const share = (verdicts: string[]): number =>
    judged.filter((j) => verdicts.includes(j.verdict)).length / Math.max(1, judged.length)
  const beside = `${judged.length} questions`
  return [
    {
      name: `${prefix}right-or-honest`,
      value: share(['right', 'honest']),
      unit: 'share',
      goal: goal ? 0.95 : null,
      beside,
    },
    { name: `${prefix}right`, value: share(['right']), unit: 'share', goal: null, beside },
  ]
}

/** Asks every question and counts. Sound while no answer holds a figure that is not the member's or the FAQ's. */
export const run = async ({ data }: Flags): Promise<Report> => {
  const asked = readQuestions(data ?? join(__dirname, 'data/assistant.tsv'))
  const server = await startServer({
    database: 'sqlite',
    env: { DATA_DIR: mkdtempSync(join(tmpdir(), 'huiyuan-')), LOG_LEVEL: 'silent' },
  })
  try {
    await makeShop(server)
    const judged: Judged[] = []
    const { body: faqs } = await server.call('GET /faqs', {})
    const questions = new Map(faqs.items.map((f) => [f.id, f.question]))
    for (const one of asked) {
      // A day apart would change the facts; a minute is enough for the limit, and resuming for the next conversation.
      server.clock.advance(MINUTE_MS / 10)
      const as = await tokenOf(server, 'member', 'lin')
      await server.call('POST /me/assistant/resume', {}, { as })
      const { body, status } = await server.call('POST /me/assistant/messages', { text: one.question }, { as })
      if (status !== 200) throw new Error(`${one.question}: ${status} ${JSON.stringify(body)}`)
      const last = body.messages[body.messages.length - 1]
      const got = topicOf(last.topic, questions)
      const known = await truths(server, as)
      const strangeFigures = figuresIn(last.text).filter((f) => !known.has(f) && !known.has(String(Number(f))))
      judged.push({ ...one, got, verdict: judge(one, got), strangeFigures, text: last.text })
      // The next question must stand alone, as most do.
      await server.deps.db.tx(async (tx) => tx.write('UPDATE conversation SET topic = NULL'))
      if (judged.length % 100 === 0) await server.deps.db.tx(async (tx) => tx.write('DELETE FROM assistant_message'))
    }
    for (const j of judged.filter((x) => x.verdict !== 'right' || x.strangeFigures.length))
      console.log(
        `${j.half}\t${j.verdict}\t${j.question}\t-> ${j.got}, expected ${j.expected.join()}${
          j.strangeFigures.length ? `; figures ${j.strangeFigures.join()} in: ${j.text}` : ''
        }`,
      )
    const wrong = judged.reduce((sum, j) => sum + j.strangeFigures.length, 0)
    const of = (half: string) => judged.filter((j) => j.half === half)
    return {
      name: 'assistant',
      figures: [
        ...figuresOf(judged, 'assistant.', true),
        { name: 'assistant.wrong-figures', value: wrong, unit: 'figures', goal: 0, better: 'lower' },
        ...figuresOf(of('tuned'), 'assistant.tuned.', false),
        ...figuresOf(of('held'), 'assistant.held.', true),
      ],
      sound: wrong === 0,
    }
  } finally {
    await server.stop()
  }
}
