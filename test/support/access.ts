import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds serious or critical by WCAG 2 A and AA on the page in front, one line each. */
export const axeProblems = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe: checker } = window as unknown as {
      axe: {
        run: (
          root: Document,
          options: object,
        ) => Promise<{
          violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[]
        }>
      }
    }
    const { violations } = await checker.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      resultTypes: ['violations'],
    })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes
          .slice(0, 4)
          .map((node) => `${id}: ${node.html.slice(0, 140)} ${node.failureSummary.split('\n')[1] ?? ''}`),
      )
  })
}

/**
 * What can be tapped and is smaller than 44 px either way, one line each. A pseudo element that reaches beyond its element counts: that is
 * how small pills get their room.
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const least = 44
    const roles = ['button', 'tab', 'checkbox', 'radio', 'switch', 'link'].map((role) => `[role="${role}"]`)
    const reach = (element: Element): { width: number; height: number } => {
      const { width, height } = element.getBoundingClientRect()
      const after = getComputedStyle(element, '::after')
      if (after.content === 'none' || after.position !== 'absolute') return { width, height }
      const beyond = (side: string): number => Math.max(0, -Number.parseFloat(side) || 0)
      return {
        width: width + beyond(after.left) + beyond(after.right),
        height: height + beyond(after.top) + beyond(after.bottom),
      }
    }
    return [...document.querySelectorAll([...roles, 'taro-button-core', 'input'].join(','))].flatMap((element) => {
      const { width, height } = reach(element)
      if (width === 0 || height === 0 || element.getAttribute('aria-disabled') === 'true') return []
      if (width >= least - 0.5 && height >= least - 0.5) return []
      // A field is as large as the line it stands in.
      if (element.tagName === 'INPUT' && height >= 40) return []
      return [`${element.className} ${Math.round(width)}×${Math.round(height)} ${element.textContent?.slice(0, 20)}`]
    })
  })

/** Texts that their box cuts off although they are not meant to be, and what reaches over the right edge; one line each. */
export const clippedTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.page *')].flatMap((element) => {
      const style = getComputedStyle(element)
      const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
      const { right, width, height } = element.getBoundingClientRect()
      if (width === 0 || height === 0) return []
      const says = `${element.className} “${element.textContent?.slice(0, 24)}”`
      if (element.closest('.chips, .levels, .ladder')) return []
      if (right > window.innerWidth + 1 && words) return [`over the edge: ${says}`]
      if (!words || element.closest('.cut')) return []
      const cut =
        (style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) ||
        (style.overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1)
      return cut ? [`cut: ${says}`] : []
    }),
  )
