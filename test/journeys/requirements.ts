import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../support/chromium'

/** Where the builds lie: node config/build.mjs h5 admin weapp. */
export const distRoot = join(process.cwd(), 'dist')

const proofs = { h5: 'h5/index.html', admin: 'admin/index.html', weapp: 'weapp/app.json' } as const
/** What a journey cannot be walked without. */
export type Need = keyof typeof proofs | 'chromium'

const missing = (need: Need): string | null => {
  if (need === 'chromium') return findChromium() ? null : 'Chromium was not found; install it or set HUIYUAN_CHROMIUM'
  return existsSync(join(distRoot, proofs[need]))
    ? null
    : `dist/${need} is not built; run node config/build.mjs ${need}`
}

/** A suite that needs a browser or builds. Without them one skipped test says what is missing; HUIYUAN_REQUIRE_ALL=1 makes it fail. */
export const describeWith = (needs: readonly Need[], name: string, suite: () => void): void => {
  const lacks = needs.flatMap((need) => missing(need) ?? [])
  describe(name, () => {
    if (lacks.length === 0) return suite()
    if (process.env.HUIYUAN_REQUIRE_ALL === '1')
      return test(`needs ${needs.join(', ')}`, () => {
        throw new Error(`HUIYUAN_REQUIRE_ALL=1 and ${lacks.join('; ')}`)
      })
    // Jest does not name the skipped tests of a suite that is skipped whole.
    process.stderr.write(`SKIPPED: ${name}: ${lacks.join('; ')}\n`)
    test.skip(`SKIPPED: ${lacks.join('; ')}`, () => undefined)
  })
}
