import { isContention, isDuplicate } from '../db/dialect'
import type { Db } from '../db/transaction'
import { AppError } from '../errors'
import type { Command } from './command'
import { type Answer, type Claim, type Remembered, recall, refusalAnswer, remember, replay } from './idempotency'

/**
 * Gathers concurrent requests for one command into batches: whatever came in during one turn of the event loop, at most `maxBatch`, with
 * at most `maxInFlight` batches under way. A lone request does not wait. A batch that fails as a whole (a key claimed by another replica
 * meanwhile, a row the database refuses) is run again from its rows, and at last one request at a time, so that one poisoned request
 * cannot fail its neighbours.
 */
export interface Batcher<Request> {
  submit(claim: Claim, request: Request): Promise<Answer>
}
interface Waiting<Request> {
  claim: Claim
  request: Request
  done(answer: Answer): void
  fail(error: unknown): void
}
const maxBatch = 128
const maxInFlight = 2
/**
 * How many must wait for a batch to leave while another is under way. MySQL works on two at once; SQLite commits one after the other, and
 * at 32 callers two half batches redeemed a quarter fewer than whole ones.
 */
const worthASecond = { mysql: 1, sqlite: maxBatch / 2 }
const maxWaiting = 20_000
const reruns = 4
const plain = (text: string): string => text

export const createBatcher = <Request, State, Success>(
  db: Db,
  command: Command<Request, State, Success>,
  now: () => number,
  present: (success: Success) => unknown,
): Batcher<Request> => {
  const queue: Waiting<Request>[] = []
  let inFlight = 0
  let scheduled = false

  const runOnce = async (batch: Waiting<Request>[]): Promise<void> => {
    const settled = await db.tx(async (tx) => {
      const at = now()
      const out: { waiting: Waiting<Request>; answer?: Answer; refusal?: unknown }[] = []
      // The remembered answers are read after the locks: a replica that held them before us has committed its own by then.
      const recalled = tx.alongside(recall(batch.map((w) => w.claim))) as Promise<unknown> as Promise<Remembered[]>
      const [state, stored] = await Promise.all([
        command.load(
          tx,
          batch.map((w) => w.request),
          at,
        ),
        recalled,
      ])
      const known = new Map(stored.map((s) => [s.id, s]))
      const first = new Map<string, Waiting<Request>>()
      const fresh: Waiting<Request>[] = []
      const repeats: Waiting<Request>[] = []
      for (const waiting of batch) {
        const hit = known.get(waiting.claim.id)
        if (hit) {
          try {
            out.push({ waiting, answer: replay(waiting.claim, hit, plain) })
          } catch (refusal) {
            out.push({ waiting, refusal })
          }
        } else if (first.has(waiting.claim.id)) repeats.push(waiting)
        else {
          first.set(waiting.claim.id, waiting)
          fresh.push(waiting)
        }
      }
      const results = command.decide(
        state,
        fresh.map((w) => w.request),
        at,
      )
      command.write(tx, state)
      const made = fresh.map((waiting, i) => {
        const result = results[i]
        const answer = result instanceof AppError ? refusalAnswer(result) : { status: 200, body: present(result) }
        return { waiting, claim: waiting.claim, answer }
      })
      remember(tx, made, at, plain)
      out.push(...made)
      const answers = new Map(made.map((m) => [m.claim.id, m]))
      for (const waiting of repeats) {
        const twin = answers.get(waiting.claim.id)
        if (twin && twin.claim.requestHash === waiting.claim.requestHash) out.push({ waiting, answer: twin.answer })
        else out.push({ waiting, refusal: new AppError('idempotency_key_reused') })
      }
      return out
    })
    for (const { waiting, answer, refusal } of settled) {
      if (answer) waiting.done(answer)
      else waiting.fail(refusal)
    }
  }
  const run = async (batch: Waiting<Request>[]): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runOnce(batch)
      } catch (error) {
        // A duplicate key is usually a claim another replica committed meanwhile: the rerun finds its answer.
        if (isDuplicate(error) && attempt <= reruns) continue
        if (batch.length === 1 || isContention(error)) {
          for (const waiting of batch) waiting.fail(error)
          return
        }
        for (const waiting of batch) await run([waiting])
        return
      }
    }
  }
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    // One turn of the event loop, also after a batch: what came in while it was under way goes into the next one together.
    setImmediate(pump)
  }
  const pump = (): void => {
    scheduled = false
    while (queue.length && (inFlight === 0 || (inFlight < maxInFlight && queue.length >= worthASecond[db.kind]))) {
      inFlight++
      void run(queue.splice(0, maxBatch)).finally(() => {
        inFlight--
        if (queue.length) schedule()
      })
    }
  }
  return {
    submit: (claim, request) =>
      new Promise((done, fail) => {
        if (queue.length >= maxWaiting) return fail(new AppError('overloaded'))
        queue.push({ claim, request, done, fail })
        schedule()
      }),
  }
}
