import type { Tx } from '../db/transaction'
import { AppError } from '../errors'

/**
 * A command that moves value, in its three steps. `load` takes the locks first, ids sorted, and reads what the whole batch touches;
 * `decide` is pure apart from the state it is given, takes the requests one after the other, and answers a success or a refusal for
 * each; `write` hands the changes to the transaction, one statement per table.
 */
export interface Command<Request, State, Success> {
  load(tx: Tx, requests: readonly Request[], now: number): Promise<State>
  decide(state: State, requests: readonly Request[], now: number): (Success | AppError)[]
  write(tx: Tx, state: State): void
}

/** Runs a command inside a transaction for callers that keep their own ids: other commands, imports, jobs. */
export const execute = async <Request, State, Success>(
  tx: Tx,
  command: Command<Request, State, Success>,
  requests: readonly Request[],
  now: number,
): Promise<(Success | AppError)[]> => {
  if (!requests.length) return []
  const state = await command.load(tx, requests, now)
  const results = command.decide(state, requests, now)
  command.write(tx, state)
  return results
}

/** The result of a single request, its refusal thrown. */
export const executeOne = async <Request, State, Success>(
  tx: Tx,
  command: Command<Request, State, Success>,
  request: Request,
  now: number,
): Promise<Success> => {
  const [result] = await execute(tx, command, [request], now)
  if (result instanceof AppError) throw result
  return result
}
