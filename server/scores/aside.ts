import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Deps } from '../deps'
import { type Calculation, calculate, type RequestOf } from './calculations'
import type { Result, Step, Work } from './work'

type Message = { kind: 'step'; step: Step } | { kind: 'done'; result: Result }

/**
 * The thread's program. In dist the file runs as it is; from source a thread cannot read TypeScript, so tsx is asked for first, from where
 * this file finds it.
 */
const program = (): string => {
  const file = join(__dirname, 'aside-thread')
  const need = `const need = require('node:module').createRequire(${JSON.stringify(__filename)})`
  return `${need}\n${__filename.endsWith('.ts') ? "need('tsx/cjs')\n" : ''}need(${JSON.stringify(file)})`
}

/**
 * Runs a calculation in a worker thread of its own, as if it ran here: each step is yielded, and the thread goes on when the consumer asks
 * for the next one. A consumer that leaves early ends the thread.
 */
export const runAside = async function* <K extends Calculation>(deps: Deps, name: K, request: RequestOf<K>): Work {
  const worker = new Worker(program(), { eval: true, execArgv: [], workerData: { env: deps.env, name, request } })
  const inbox: Message[] = []
  let failure: unknown
  let ended = false
  let wake: () => void = () => undefined
  worker.on('message', (message: Message) => {
    inbox.push(message)
    wake()
  })
  worker.on('error', (error) => {
    failure = error
    wake()
  })
  worker.on('exit', () => {
    ended = true
    wake()
  })
  try {
    for (;;) {
      while (!inbox.length && !ended && failure === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      const message = inbox.shift()
      if (!message) throw failure ?? new Error(`The thread of ${name} ended without a result`)
      if (message.kind === 'done') return message.result
      yield message.step
      worker.postMessage('go on')
    }
  } finally {
    await worker.terminate()
  }
}

/** Members from which on a calculation gets a thread: below, starting one takes longer than the work. Models take seconds to learn. */
const asideFrom: Record<Calculation, number> = { stages: 20_000, past: 20_000, gate: 20_000, forecasts: 500 }

/** Runs a calculation here when it is small and in a thread of its own when it is large. */
export const runWhereItFits = <K extends Calculation>(
  deps: Deps,
  members: number,
  name: K,
  request: RequestOf<K>,
): Work => (members < asideFrom[name] ? calculate(name, deps.db, request) : runAside(deps, name, request))
