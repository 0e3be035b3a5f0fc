/** A cell of an export. */
export type Cell = string | number | null

/** Hands an Excel workbook of one sheet to the browser's downloads; the library is loaded when somebody first asks for it. */
export async function saveExcel(
  name: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const { default: writeExcelFile } = await import('write-excel-file/browser')
  const header = head.map((value) => ({ value, fontWeight: 'bold' as const }))
  const columns = head.map((title, column) => ({
    width: Math.min(
      40,
      Math.max(10, title.length * 2 + 2, ...rows.slice(0, 200).map((row) => String(row[column] ?? '').length + 2)),
    ),
  }))
  await writeExcelFile([header, ...rows.map((row) => [...row])], { columns, sheet: name.slice(0, 30) }).toFile(
    `${name}.xlsx`,
  )
}
