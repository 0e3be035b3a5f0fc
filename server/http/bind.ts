import { config, locales } from 'zod'
import { type Contract, contract, type Key, type Output, type Parsed } from '../../shared/contract'
import type { Endpoint } from '../../shared/contract/define'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError, refuse } from '../errors'
import { recordAudit } from '../operators/audit'
import { type Actor, type ActorFor, admit } from './actor'
import { createBatcher } from './batcher'
import type { Command } from './command'
import { type Answer, claimOf, type Remembered, recall, refusalAnswer, replay, storage } from './idempotency'

// What is wrong with an input is told in the language of whoever reads it.
config(locales.zhCN())

/** What a handler is given besides its transaction. `now` is one instant for the whole request. */
export interface Context<K extends Key> {
  deps: Deps
  actor: ActorFor<Contract[K]['allow']>
  input: Parsed<K>
  now: number
  ip: string
  requestId: string
  /** The caller's own name for this request; undefined where the contract asks for none. */
  idempotencyKey: string | undefined
}
/** A GET reads; everything else has a transaction that the frame opens, commits and undoes. */
type Store<K extends Key> = K extends `GET ${string}` ? Reader : Tx
type Handler<K extends Key, Fetched> = (
  c: Context<K> & { tx: Store<K>; fetched: Fetched },
) => Promise<Output<K> | AppError>

/** One request as the router hands it over, before anything about it is believed. */
export interface Incoming {
  actor: Actor
  input: Record<string, unknown>
  idempotencyKey: string | undefined
  ip: string
  requestId: string
}
/** A contract key with what serves it. */
export interface Route {
  key: Key
  endpoint: Endpoint
  serve(deps: Deps): (incoming: Incoming) => Promise<Answer>
}

const parseInput = (endpoint: Endpoint, input: unknown): unknown => {
  const parsed = endpoint.input.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue.path.join('.')
  const reason =
    issue.code === 'unrecognized_keys'
      ? `不认识的字段 ${issue.keys.join('、')}`
      : `${field ? `${field}：` : ''}${issue.message}`
  throw refuse('invalid_input', {
    reason,
    field,
    issues: parsed.error.issues.slice(0, 10).map((i) => ({ field: i.path.join('.'), message: i.message })),
  })
}

/** What an endpoint may show is what its contract says: fields beyond it are dropped here, a missing one is a fault of ours. */
const present = (endpoint: Endpoint, key: Key, output: unknown): unknown => {
  const parsed = endpoint.output.safeParse(output)
  if (parsed.success) return parsed.data
  throw new Error(`${key} answered outside its contract: ${JSON.stringify(parsed.error.issues.slice(0, 3))}`)
}

/**
 * Binds a contract key to its handler.
 * @param before runs outside the transaction, for what must go over the network first; its answer arrives as `fetched`
 */
export const bind = <K extends Key, Fetched = undefined>(
  key: K,
  run: Handler<K, Fetched>,
  before?: (c: Context<K>) => Promise<Fetched>,
): Route => {
  const endpoint: Endpoint = contract[key]
  const reads = key.startsWith('GET ')
  return {
    key,
    endpoint,
    serve: (deps) => async (incoming) => {
      admit(incoming.actor, endpoint.allow)
      const input = parseInput(endpoint, incoming.input)
      const context = {
        deps,
        actor: incoming.actor,
        input,
        now: deps.clock.now(),
        ip: incoming.ip,
        requestId: incoming.requestId,
        idempotencyKey: incoming.idempotencyKey,
      } as Context<K>
      const call = async (tx: Reader | Tx, fetched: Fetched): Promise<Answer> => {
        const result = await run({ ...context, tx: tx as Store<K>, fetched })
        return result instanceof AppError
          ? refusalAnswer(result)
          : { status: 200, body: present(endpoint, key, result) }
      }
      if (reads) {
        const answer = await call(deps.db, (await before?.(context)) as Fetched)
        return answer
      }
      const claim =
        endpoint.idempotency === 'natural'
          ? null
          : claimOf(incoming.actor.id, incoming.idempotencyKey, key, input, (text) => deps.keys.blind('request', text))
      const { open, close } = storage(deps.keys, endpoint.idempotency === 'sealed')
      const recalled = async (store: Reader): Promise<Answer | null> => {
        if (!claim) return null
        const statement = recall([claim])
        const [stored] = statement.kind === 'sql' ? await store.read<Remembered>(statement.sql, statement.params) : []
        return stored ? replay(claim, stored, open) : null
      }
      // A repeat must not ask WeChat again (its code is spent), so look before going out.
      const early = before ? await recalled(deps.db) : null
      if (early) return early
      const fetched = (await before?.(context)) as Fetched
      return deps.db.tx(async (tx) => {
        if (claim) {
          // The claim row is the lock: a second request with the same key waits here for the first one's commit.
          const fresh = await tx.insertNew('idempotency', [
            {
              id: claim.id,
              endpoint: claim.endpoint,
              requestHash: claim.requestHash,
              status: 0,
              response: '',
              createdAt: context.now,
            },
          ])
          if (!fresh) {
            const again = await recalled(tx)
            if (again) return again
          }
        }
        const answer = await call(tx, fetched)
        // What changes nothing, such as the live preview of a coupon, is no act to remember.
        if (incoming.actor.kind === 'operator' && key.includes(' /admin/') && endpoint.idempotency !== 'natural')
          recordAudit(tx, newId(context.now), context, key)
        if (claim)
          tx.write('UPDATE idempotency SET status = ?, response = ? WHERE id = ?', [
            answer.status,
            close(JSON.stringify(answer.body)),
            claim.id,
          ])
        return answer
      })
    },
  }
}

/**
 * Binds a contract key to a command that moves value; concurrent requests for it are settled together (batcher.ts).
 * @param request turns a validated request into the command's own
 */
export const bindCommand = <K extends Key, Request, State, Success>(
  key: K,
  command: Command<Request, State, Success> | ((deps: Deps) => Command<Request, State, Success>),
  request: (c: Context<K>) => Request,
  view: (success: Success) => Output<K>,
): Route => {
  const endpoint: Endpoint = contract[key]
  return {
    key,
    endpoint,
    serve: (deps) => {
      const made = typeof command === 'function' ? command(deps) : command
      const batcher = createBatcher(
        deps.db,
        made,
        () => deps.clock.now(),
        (success: Success) => present(endpoint, key, view(success)),
      )
      return async (incoming) => {
        admit(incoming.actor, endpoint.allow)
        const input = parseInput(endpoint, incoming.input)
        const claim = claimOf(incoming.actor.id, incoming.idempotencyKey, key, input)
        const context = {
          deps,
          actor: incoming.actor,
          input,
          now: deps.clock.now(),
          ip: incoming.ip,
          requestId: incoming.requestId,
          idempotencyKey: incoming.idempotencyKey,
        } as Context<K>
        return batcher.submit(claim, request(context))
      }
    },
  }
}
