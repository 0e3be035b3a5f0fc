import type { ReactNode } from 'react'

/** One figure of a definition list: what it is, its value, and a line about it. */
export function Figure({ label, value, note }: { label: string; value: ReactNode; note: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className='num'>{value}</dd>
      <dd className='num note'>{note}</dd>
    </div>
  )
}
