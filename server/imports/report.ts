import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Progress, Summary } from './service'

/** What each reason means, for the summary. */
const meanings: Record<string, string> = {
  unreadable: 'line is no record: open quote or wrong number of columns',
  no_customer: 'no customer',
  no_invoice: 'no invoice number',
  bad_date: 'date unreadable or in the future',
  bad_quantity: 'quantity unreadable, zero, or of the wrong sign',
  bad_price: 'price unreadable, negative, or out of range',
  no_price: 'no price, or a price of zero',
  bad_product: 'no stock code, or a code that is too long',
  unknown_store: 'no store with this code',
  mixed_customers: 'another customer than the invoice’s first row',
  already_imported_differently: 'the invoice was imported before with other content',
  refused: 'refused by the settlement',
}
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')
const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The file that lists, line by line, everything an import left out: line, reason, detail. */
export const problemFile = (
  path: string,
): { add(line: number, reason: string, detail: string): void; close(): Promise<void> } => {
  mkdirSync(dirname(path), { recursive: true })
  const out = createWriteStream(path)
  out.write('line,reason,detail\n')
  let buffer = ''
  const flush = (): void => {
    out.write(buffer)
    buffer = ''
  }
  return {
    add: (line, reason, detail) => {
      buffer += `${line},${reason},${cell(detail)}\n`
      if (buffer.length > 65_536) flush()
    },
    close: () => {
      flush()
      return new Promise((done, fail) => {
        out.once('error', fail)
        out.end(() => done())
      })
    },
  }
}

/** A line that rewrites itself on a terminal, and appears every few seconds elsewhere. */
export const progressLine = (
  out: NodeJS.WriteStream,
  now: () => number = () => performance.now(),
): { show(p: Progress): void; end(): void } => {
  const started = now()
  let last = Number.NEGATIVE_INFINITY
  return {
    show: (p) => {
      const at = now()
      if (at - last < (out.isTTY ? 200 : 5000)) return
      last = at
      const rate = Math.round(p.rows / Math.max(0.001, (at - started) / 1000))
      const text = `  ${String(Math.round(p.progress * 100)).padStart(3)} %  ${grouped(p.rows)} rows, ${grouped(rate)} rows/s, ${grouped(p.purchases)} purchases, ${grouped(p.refunds)} refunds`
      out.write(out.isTTY ? `\r${text.padEnd(90)}` : `${text}\n`)
    },
    end: () => {
      if (out.isTTY) out.write(`\r${' '.repeat(90)}\r`)
    },
  }
}

/** The summary a person reads. */
export const describeSummary = (s: Summary): string => {
  const rejected = Object.entries(s.rejected).sort((a, b) => b[1] - a[1])
  const lost = rejected.reduce((sum, [, n]) => sum + n, 0)
  const row = (label: string, value: number | string, note = ''): string =>
    `  ${label.padEnd(22)} ${(typeof value === 'number' ? grouped(value) : value).padStart(14)}  ${note}`.trimEnd()
  return [
    `${s.dryRun ? 'Dry run, nothing was written: ' : ''}${s.mapping}`,
    row('rows read', s.rows),
    row('accepted', s.accepted, `${grouped(s.soldRows)} sold, ${grouped(s.refunds)} cancelled`),
    row('left out', lost),
    ...rejected.map(([reason, n]) => row(`  ${reason}`, n, meanings[reason] ?? '')),
    row('members', s.members, `${grouped(s.created.members)} new`),
    row('purchases', s.purchases, `${grouped(s.created.purchases)} new`),
    row(
      'refunds matched',
      s.refundsMatched,
      `of ${grouped(s.refunds)} cancelled rows, ${grouped(s.created.refunds)} new`,
    ),
    row('revenue', (s.revenueMinor / 100).toFixed(2), 'before refunds'),
    row('time', `${s.seconds} s`, `${grouped(s.rowsPerSecond)} rows/s`),
  ].join('\n')
}
