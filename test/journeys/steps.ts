import type { Visitor } from './browser'

/**
 * One test per step of a journey. Each goes on from where the last one left the pages, so after one that fails the rest only say so.
 * A failure carries what everybody saw and, with HUIYUAN_JOURNEY_PICTURES, a picture of each page.
 */
export const stepsOf =
  (name: string, visitors: () => readonly (Visitor | undefined)[]) =>
  (title: string, walk: () => Promise<void>): void => {
    test(title, async () => {
      if (broken.has(name)) throw new Error(`Not walked: “${broken.get(name)}” failed`)
      try {
        await walk()
      } catch (error) {
        broken.set(name, title)
        const seen = await Promise.all(
          visitors().map(async (visitor, i) => {
            await visitor?.picture(`${name}-failed-${i}`).catch(() => undefined)
            return `--- page ${i}\n${await visitor?.text().catch(String)}\n${visitor?.problems.join('\n')}`
          }),
        )
        throw new Error(`${error instanceof Error ? error.message : error}\n${seen.join('\n')}`, { cause: error })
      }
    })
  }
const broken = new Map<string, string>()
