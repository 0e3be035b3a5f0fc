import { parentPort, workerData } from 'node:worker_threads'
import { openDb } from '../db/data-source'
import { calculate } from './calculations'

/**
 * The body of a worker thread: one calculation with a connection of its own, so that neither its reading nor its reckoning holds up
 * requests. What is to be written goes to the main thread, which owns all writing, and the thread waits until it is committed.
 */
const run = async (): Promise<void> => {
  const port = parentPort
  if (!port) throw new Error('This file is the body of a worker thread')
  const { env, name, request } = workerData
  const db = await openDb(env)
  let go: (() => void) | null = null
  port.on('message', () => go?.())
  try {
    const work = calculate(name, db, request)
    for (;;) {
      const { value, done } = await work.next()
      if (done) {
        port.postMessage({ kind: 'done', result: value })
        break
      }
      const committed = new Promise<void>((resolve) => {
        go = resolve
      })
      port.postMessage({ kind: 'step', step: value })
      await committed
    }
  } finally {
    await db.close()
    port.close()
  }
}

void run()
