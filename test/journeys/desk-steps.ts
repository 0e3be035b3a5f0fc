import { readFileSync } from 'node:fs'
import type { Locator } from 'playwright-core'
import { readCsv, readWorkbook } from '../support/workbook'
import type { Visitor } from './browser'

/** The drawer or dialog in front. */
export const inFront = (desk: Visitor): Locator => desk.page.getByRole('dialog').filter({ visible: true }).last()

/** Opens a page of the admin by its address. */
export const openPage = async (desk: Visitor, path: string): Promise<void> => {
  await desk.page.goto(`/admin${path}`)
  await desk.page.getByRole('navigation', { name: '主菜单' }).waitFor()
}

/** Chooses from a list that drops down from the field of that label. `words` are typed first where the list is looked up. */
export const choose = async (
  desk: Visitor,
  where: Locator,
  label: string,
  option: string | RegExp,
  words?: string,
): Promise<void> => {
  const field = where.getByRole('combobox', { name: label, exact: true })
  await field.click()
  if (words) await field.fill(words)
  const shown = desk.page.locator('.ant-select-dropdown:visible .ant-select-item-option')
  await shown.filter({ hasText: option }).first().click()
}

/** What the export menu of a figure saves, both as CSV and as Excel, opened. */
export const exported = async (
  desk: Visitor,
  where: Locator,
  name: string | RegExp,
): Promise<{ csv: string[][]; excel: string[][]; files: string[] }> => {
  const save = async (kind: 'CSV' | 'Excel'): Promise<{ file: Buffer; name: string }> => {
    await where.getByRole('button', { name }).click()
    const coming = desk.page.waitForEvent('download')
    await desk.page
      .getByRole('menuitem', { name: `导出 ${kind}` })
      .filter({ visible: true })
      .last()
      .click()
    const download = await coming
    return { file: readFileSync(await download.path()), name: download.suggestedFilename() }
  }
  const csv = await save('CSV')
  const excel = await save('Excel')
  return { csv: readCsv(csv.file.toString('utf8')), excel: readWorkbook(excel.file), files: [csv.name, excel.name] }
}
