import { requireJob, runnerOf } from '../../server/jobs/service'
import type { Input, Output } from '../../shared/contract'
import type { TestServer } from '../support/server'
import type { Visitor } from './browser'
import type { Shop } from './shop'

type Sale = Partial<Pick<Input<'POST /staff/purchases'>, 'lines' | 'payKind'>>

/** Sells to a member found by telephone, over HTTP: what has happened before a journey begins. */
export const sellTo = async (
  { server, storeId, cashier }: Shop,
  phone: string,
  amountFen: number,
  more: Sale = {},
): Promise<Output<'POST /staff/purchases'>> => {
  const { scanId } = (await server.call('POST /staff/lookups', { storeId, phone }, { as: cashier })).body
  const sold = await server.call('POST /staff/purchases', { scanId, amountFen, ...more }, { as: cashier })
  if (sold.status !== 200) throw new Error(`The purchase answered ${JSON.stringify(sold.body)}`)
  return sold.body
}

/** Runs a job of the clock now, to its end; fails unless it ended well. */
export const runJob = async ({ deps, clock }: TestServer, name: string): Promise<void> => {
  const started = await runnerOf(deps).runNow(requireJob(name), `journey-${clock.now()}-${name}`)
  await started?.ended
  const [run] = await deps.db.read<{ state: string; failed: number }>(
    'SELECT state, failed FROM job_run WHERE name = ? ORDER BY startedAt DESC LIMIT 1',
    [name],
  )
  if (run?.state !== 'done' || run.failed > 0) throw new Error(`${name} ended as ${JSON.stringify(run)}`)
}

/** Taps a button that shares and gives the address that would have been sent to the friend. */
export const shareBy = async ({ page, tap }: Visitor, button: string): Promise<string> => {
  await page.evaluate(() => {
    const share = async ({ url }: { url: string }): Promise<void> => {
      document.body.dataset.shared = url
    }
    Object.defineProperty(navigator, 'share', { value: share, configurable: true })
  })
  await tap(button)
  await page.waitForFunction(() => document.body.dataset.shared !== undefined)
  return page.evaluate(() => document.body.dataset.shared ?? '')
}

/** Opens a page of the member app by its address, as from a bookmark: nothing of what was open before remains. */
export const openPage = async ({ page }: Visitor, path: string): Promise<void> => {
  await page.goto('about:blank')
  await page.goto(`/m/#/${path}`)
}

/** Takes out the refusals a person was meant to meet, which the browser reports by itself, and gives what else went wrong. */
export const problemsBeside = ({ problems }: Visitor, expected: readonly RegExp[]): string[] =>
  problems.filter((problem) => !expected.some((one) => one.test(problem)))
