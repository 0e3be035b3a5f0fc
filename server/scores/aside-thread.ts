import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { Env } from '../../config/env'
import { openDialect } from '../db/dialect'
import { createDb, type Db } from '../db/transaction'
import type { Lease } from '../jobs/job'
import { stepUnder } from '../jobs/runs'
import type { Answer, Order } from './aside'
import { type Calculation, calculate, type RequestOf } from './calculations'
import { applyStep, type Result, type Step, type Work } from './work'

/** After a batch on SQLite the thread rests for this share of its time, so that the till's own writes find their turn. */
const restShare = 0.5
/** Nice value of the thread: requests come first where the processors do not suffice. */
const niceness = 10

interface Given {
  env: Env
  lease: Lease
  /** The process's clock when the thread began (epoch ms): a test's clock stands still. */
  now: number
}

/** Writes the steps of a calculation under the lease, while the calculation goes on where it may. Answers null when told to stop. */
const drive = async (db: Db, { lease, now }: Given, work: Work, told: () => boolean): Promise<Result | null> => {
  const began = performance.now()
  const clock = { now: () => now + Math.floor(performance.now() - began) }
  const write = async (step: Step): Promise<void> => {
    const from = performance.now()
    await stepUnder(db, lease, clock, async (tx) => {
      applyStep(tx, step)
      return { cursor: '', processed: step.processed }
    })
    if (db.inProcess) await new Promise((rested) => setTimeout(rested, restShare * (performance.now() - from)))
  }
  let writing: Promise<void> = Promise.resolve()
  for (;;) {
    const { value, done } = await work.next()
    await writing
    if (done) return value
    if (told()) return null
    writing = write(value)
    // Whoever waits for it next hears of a failure; until then it is not unhandled.
    writing.catch(() => undefined)
    if (!value.ahead) await writing
  }
}

/**
 * The body of a worker thread: calculations one after the other, with connections of its own for reading and for writing. It knows no
 * entities, which would take longer to load than a small calculation takes.
 */
const serve = async (): Promise<void> => {
  const port = parentPort
  if (!port) throw new Error('This file is the body of a worker thread')
  const given = workerData as Given
  // Only Linux lowers one thread; elsewhere the whole process would wait for others.
  if (process.platform === 'linux') setPriority(niceness)
  let told = false
  const orders: Exclude<Order, 'stop'>[] = []
  let wake: () => void = () => undefined
  port.on('message', (order: Order) => {
    if (order === 'stop') told = true
    else orders.push(order)
    wake()
  })
  const answer = (message: Answer): void => port.postMessage(message)
  const db = createDb(await openDialect(given.env, { entities: [], migrations: [] }))
  for (;;) {
    const order = orders.shift()
    if (!order) {
      await new Promise<void>((woken) => {
        wake = woken
      })
      continue
    }
    try {
      const work = calculate(order.name, db, order.request as RequestOf<Calculation>)
      const result = await drive(db, given, work, () => told)
      answer(result ? { kind: 'done', result } : { kind: 'stopped' })
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
      answer({ kind: 'failed', error: { name, message, stack } })
    }
  }
}

void serve()
