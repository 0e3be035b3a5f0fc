import type { Tick } from '../jobs/job'
import { startThread } from '../thread'
import { type Calculation, calculate, type RequestOf } from './calculations'
import { applyStep, breathe, type Result } from './work'

/** What a thread is told, and what it answers. */
export type Order = { name: Calculation; request: unknown } | 'stop'
export type Answer =
  | { kind: 'done'; result: Result }
  | { kind: 'stopped' }
  | { kind: 'failed'; error: { name: string; message: string; stack?: string } }

/** Where the calculations of one run are made and their rows are written. */
export interface Bench {
  /** Answers null when the process wants to stop before the calculation is done. */
  run<K extends Calculation>(name: K, request: RequestOf<K>): Promise<Result | null>
  close(): Promise<void>
}

/** Makes calculations on the event loop, one step after the other: for small shops, where a thread would take longer to start. */
export const benchHere = (tick: Tick): Bench => ({
  run: async (name, request) => {
    const work = calculate(name, tick.deps.db, request)
    for (;;) {
      const { value, done } = await work.next()
      if (done) return value
      if (tick.stopping()) {
        await work.return({ members: 0, written: 0, moved: 0, facts: {} })
        return null
      }
      await tick.step(async (tx) => {
        applyStep(tx, value)
        return { cursor: '', processed: value.processed }
      })
      await breathe()
    }
  },
  close: async () => undefined,
})

/** How often the thread is asked to stop when the process wants to. */
const listenEveryMs = 200

/**
 * Makes calculations in a thread of its own with connections of its own: neither reading nor reckoning nor writing holds up a request. The
 * thread makes its batches under the run's lease, so that a run that was taken over writes nothing more.
 */
export const benchAside = ({ deps, lease, stopping }: Pick<Tick, 'deps' | 'lease' | 'stopping'>): Bench => {
  const worker = startThread('./aside-thread', __filename, { env: deps.env, lease, now: deps.clock.now() })
  let settle: { done(answer: Answer): void; fail(error: unknown): void } | null = null
  let failure: unknown
  const fail = (error: unknown): void => {
    failure ??= error
    settle?.fail(failure)
  }
  worker.on('message', (answer: Answer) => settle?.done(answer))
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('The thread of the scores ended in the middle of its work')))
  return {
    run: async (name, request) => {
      const answered = new Promise<Answer>((done, failed) => {
        settle = { done, fail: failed }
      })
      if (failure !== undefined) throw failure
      worker.postMessage({ name, request } satisfies Order)
      const watch = setInterval(() => {
        if (stopping()) worker.postMessage('stop' satisfies Order)
      }, listenEveryMs)
      try {
        const answer = await answered
        if (answer.kind === 'failed') throw Object.assign(new Error(answer.error.message), answer.error)
        return answer.kind === 'done' ? answer.result : null
      } finally {
        clearInterval(watch)
        settle = null
      }
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
