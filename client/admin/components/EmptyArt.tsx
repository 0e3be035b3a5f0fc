import type { ReactNode } from 'react'

const scenes = {
  /** A shelf with nothing on it yet. */
  shelf: (
    <>
      <rect
        x='22'
        y='30'
        width='76'
        height='46'
        rx='8'
        fill='var(--card)'
        stroke='var(--brand-tint-2)'
        strokeWidth='2'
      />
      <path d='M34 44h34M34 55h52M34 66h22' stroke='var(--brand-tint-2)' strokeWidth='4' strokeLinecap='round' />
      <g transform='translate(92 40) scale(.34) rotate(14)'>
        <path
          d='M0 0C-5-14-26-20-47-27-56-46-42-66-22-68-12-71-4-62-1-50L0-45 1-50C4-62 12-71 22-68 42-66 56-46 47-27 26-20 5-14 0 0Z'
          fill='var(--gold)'
        />
        <path d='M0-2C2 12 5 24 13 35' fill='none' stroke='var(--gold)' strokeWidth='4' strokeLinecap='round' />
      </g>
    </>
  ),
  /** A glass over a list in which nothing matched. */
  search: (
    <>
      <rect
        x='24'
        y='26'
        width='62'
        height='54'
        rx='8'
        fill='var(--card)'
        stroke='var(--brand-tint-2)'
        strokeWidth='2'
      />
      <path d='M36 42h30M36 54h20' stroke='var(--brand-tint-2)' strokeWidth='4' strokeLinecap='round' />
      <circle cx='76' cy='60' r='15' fill='var(--card)' stroke='var(--brand)' strokeWidth='4' />
      <path d='m87 71 12 12' stroke='var(--brand)' strokeWidth='5' strokeLinecap='round' />
    </>
  ),
  /** A thread that broke. */
  broken: (
    <>
      <path d='M14 60c14 0 14-20 28-20h8' fill='none' stroke='var(--disabled)' strokeWidth='4' strokeLinecap='round' />
      <path
        d='M106 40c-14 0-14 20-28 20h-8'
        fill='none'
        stroke='var(--disabled)'
        strokeWidth='4'
        strokeLinecap='round'
      />
      <rect x='46' y='30' width='12' height='20' rx='4' fill='var(--danger)' />
      <rect x='62' y='50' width='12' height='20' rx='4' fill='var(--danger)' />
      <path d='m56 22 2-8M66 78l-2 8M46 70l-6 6M76 30l6-6' stroke='var(--gold)' strokeWidth='3' strokeLinecap='round' />
    </>
  ),
  /** A closed door. */
  door: (
    <>
      <rect
        x='38'
        y='16'
        width='44'
        height='66'
        rx='6'
        fill='var(--card)'
        stroke='var(--brand-tint-2)'
        strokeWidth='3'
      />
      <circle cx='72' cy='50' r='3.5' fill='var(--gold)' />
      <path d='M26 83h68' stroke='var(--brand-tint-2)' strokeWidth='4' strokeLinecap='round' />
    </>
  ),
} satisfies Record<string, ReactNode>

/** The small picture of an empty, failed or closed place. */
export function EmptyArt({ kind }: { kind: keyof typeof scenes }) {
  return (
    <svg width='120' height='96' viewBox='0 0 120 96' aria-hidden='true'>
      <ellipse cx='60' cy='84' rx='46' ry='5' fill='var(--line-2)' />
      {scenes[kind]}
    </svg>
  )
}
