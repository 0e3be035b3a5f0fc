import { readFileSync } from 'node:fs'

/** What one stretch of load gave. */
export interface Stretch {
  requests: number
  seconds: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Answers that were not 200, with the first few of them. */
  errors: number
  samples: string[]
}

/** Sums up the latencies of a stretch, in milliseconds. */
export const summarise = (latencies: number[], seconds: number, errors: number, samples: string[]): Stretch => {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { requests: latencies.length, seconds, p50: at(0.5), p99: at(0.99), errors, samples }
}

/** Processor time a process has used, in microseconds; null where /proc does not tell. */
export const cpuMicros = (pid: number): number | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; the fields are counted behind it. Linux counts 100 ticks a second.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch {
    return null
  }
}

export const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/** Prints rows under headings, columns aligned to the right but the first `left`. */
export const printTable = (heads: string[], rows: string[][], left: number): void => {
  const widths = heads.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i].length)))
  const line = (cells: string[]): string =>
    cells.map((c, i) => (i < left ? c.padEnd(widths[i]) : c.padStart(widths[i]))).join('  ')
  console.log(line(heads))
  console.log(widths.map((w) => '-'.repeat(w)).join('  '))
  for (const row of rows) console.log(line(row))
}

/** One figure of the JSON report; `goal` is null where none was set. */
export interface Figure {
  name: string
  value: number
  unit: string
  goal: number | null
}
export interface Report {
  name: string
  figures: Figure[]
  /** Whether everything that must hold held; goals missed are reported, not failed. */
  sound: boolean
}
