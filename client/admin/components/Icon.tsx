import type { ReactNode } from 'react'

const p = (...d: string[]): ReactNode => d.map((one) => <path key={one} d={one} />)

/** The icon set: a 24 grid, stroke 1.75, round ends, one drawing for both clients. */
const drawings = {
  home: p('M4 11.2 12 4.5l8 6.7V19a1.2 1.2 0 0 1-1.2 1.2H5.2A1.2 1.2 0 0 1 4 19z', 'M9.5 20v-5.2h5V20'),
  members: (
    <>
      <circle cx='9' cy='8.5' r='3.4' />
      {p(
        'M2.8 19.5c.5-3.5 3-5.2 6.2-5.2s5.7 1.7 6.2 5.2',
        'M15.5 5.4a3.3 3.3 0 0 1 0 6.2M17.5 14.7c2 .6 3.3 2.2 3.7 4.8',
      )}
    </>
  ),
  crown: p('m4 8 4 3.5L12 5l4 6.5L20 8l-1.5 10h-13z'),
  coupon: p(
    'M3.5 7.2c0-.7.5-1.2 1.2-1.2h14.6c.7 0 1.2.5 1.2 1.2v2.5a2.3 2.3 0 0 0 0 4.6v2.5c0 .7-.5 1.2-1.2 1.2H4.7c-.7 0-1.2-.5-1.2-1.2v-2.5a2.3 2.3 0 0 0 0-4.6z',
    'M14.5 9.2v1.2M14.5 13.6v1.2',
  ),
  store: p(
    'M5 9.5V19a1.2 1.2 0 0 0 1.2 1.2h11.6A1.2 1.2 0 0 0 19 19V9.5',
    'M3.8 8.6 5.4 4h13.2l1.6 4.6a2.7 2.7 0 0 1-5.4.4 2.8 2.8 0 0 1-5.6 0 2.7 2.7 0 0 1-5.4-.4z',
  ),
  staff: (
    <>
      <circle cx='12' cy='8' r='3.8' />
      {p('M4.5 20.2c.6-4 3.7-6 7.5-6s6.9 2 7.5 6')}
    </>
  ),
  clock: (
    <>
      <circle cx='12' cy='12' r='8.2' />
      {p('M12 7.5V12l3 2')}
    </>
  ),
  document: p('M6 4h8l4 4v12H6z', 'M14 4v4h4M9 12.5h6M9 16h4'),
  shield: p('M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6z', 'm9 12 2.2 2.2L15.2 10'),
  search: (
    <>
      <circle cx='11' cy='11' r='6.5' />
      {p('m16 16 4.5 4.5')}
    </>
  ),
  bell: p('M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.8h-15z', 'M10 20.5h4'),
  close: p('M6 6l12 12M18 6 6 18'),
  down: p('m6 9.5 6 6 6-6'),
  right: p('m9.5 6 6 6-6 6'),
  left: p('m14.5 5-7 7 7 7'),
  check: p('m5.5 12.5 4.3 4.3L18.5 8'),
  calendar: (
    <>
      <rect x='4' y='5.5' width='16' height='14.7' rx='2' />
      {p('M4 10h16M8.5 3.5v4M15.5 3.5v4')}
    </>
  ),
  info: (
    <>
      <circle cx='12' cy='12' r='8.2' />
      {p('M12 11v5M12 7.8v.4')}
    </>
  ),
  warning: p('M12 4.5 3.5 19.5h17z', 'M12 10v4.5M12 17v.3'),
  cake: p(
    'M5 20v-7.2c0-.7.5-1.2 1.2-1.2h11.6c.7 0 1.2.5 1.2 1.2V20M3.5 20.2h17M5 15.5c1.2 1.3 2.3 1.3 3.5 0 1.2 1.3 2.3 1.3 3.5 0 1.2 1.3 2.3 1.3 3.5 0 1.2 1.3 2.3 1.3 3.5 0M12 11.5V8.2M12 5.8c.8-.7.8-1.6 0-2.6-.8 1-.8 1.9 0 2.6z',
  ),
  eye: (
    <>
      {p('M3 12c2.5-4.2 5.5-6.2 9-6.2s6.5 2 9 6.2c-2.5 4.2-5.5 6.2-9 6.2S5.5 16.2 3 12z')}
      <circle cx='12' cy='12' r='2.6' />
    </>
  ),
  link: p(
    'M10 14a3.7 3.7 0 0 0 5.3 0l3-3A3.7 3.7 0 0 0 13 5.7l-1 1M14 10a3.7 3.7 0 0 0-5.3 0l-3 3a3.7 3.7 0 0 0 5.3 5.3l1-1',
  ),
  points: (
    <>
      <circle cx='12' cy='12' r='8.2' />
      <path d='m12 7.9 1.3 2.7 2.9.4-2.1 2 .5 2.9-2.6-1.4-2.6 1.4.5-2.9-2.1-2 2.9-.4z' strokeWidth='1.4' />
    </>
  ),
  send: p('M20 4 3.8 10.3l6.2 3 3 6.2z', 'm10 13.3 4-4'),
  gift: (
    <>
      <rect x='4' y='10.5' width='16' height='9.7' rx='1.2' />
      {p(
        'M3 7.3h18v3.2H3zM12 7.3v12.9M12 7.3C9.5 7.3 7.3 6.5 7.3 4.8c0-1.3 1-1.9 2-1.6C11 3.7 12 7.3 12 7.3zM12 7.3c2.5 0 4.7-.8 4.7-2.5 0-1.3-1-1.9-2-1.6C13 3.7 12 7.3 12 7.3z',
      )}
    </>
  ),
  more: <path d='M6 12h.01M12 12h.01M18 12h.01' strokeWidth='2.6' />,
  code: (
    <>
      <rect x='4' y='4' width='6.2' height='6.2' rx='1' />
      <rect x='13.8' y='4' width='6.2' height='6.2' rx='1' />
      <rect x='4' y='13.8' width='6.2' height='6.2' rx='1' />
      {p('M13.8 13.8h2.6v2.6M20 13.8v2.4M13.8 20h2.4M19.2 19.2h.8v.8')}
    </>
  ),
  bag: p('M5.5 8h13l1 11.2a1 1 0 0 1-1 1.1h-13a1 1 0 0 1-1-1.1z', 'M8.7 10.5V7.4a3.3 3.3 0 0 1 6.6 0v3.1'),
  undo: p('M8.5 5 4.5 9l4 4', 'M4.5 9H14a5.5 5.5 0 0 1 0 11H9'),
  refresh: p('M19.5 12a7.5 7.5 0 1 1-2.3-5.4', 'M19.8 3.8v3.7H16'),
  place: (
    <>
      {p('M12 21s6.8-6.1 6.8-11.2A6.8 6.8 0 0 0 5.2 9.8C5.2 14.9 12 21 12 21z')}
      <circle cx='12' cy='9.8' r='2.5' />
    </>
  ),
  edit: p('M5 19l.8-3.8L15.5 5.5l3 3L8.8 18.2z', 'm13.5 7.5 3 3'),
  message: p(
    'M4 6.2C4 5.5 4.5 5 5.2 5h13.6c.7 0 1.2.5 1.2 1.2v9.6c0 .7-.5 1.2-1.2 1.2H11l-4 3.2V17H5.2c-.7 0-1.2-.5-1.2-1.2z',
    'M8 9.5h8M8 12.7h5',
  ),
  plus: p('M12 5v14M5 12h14'),
  download: p('M12 4v10.5M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15'),
  play: p('M8 5.5v13l10.5-6.5z'),
  pause: p('M8.5 5.5v13M15.5 5.5v13'),
  stop: p('M6.5 6.5h11v11h-11z'),
  moon: p('M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z'),
  sun: (
    <>
      <circle cx='12' cy='12' r='3.8' />
      {p(
        'M12 3v2.2M12 18.8V21M3 12h2.2M18.8 12H21M5.6 5.6l1.6 1.6M16.8 16.8l1.6 1.6M5.6 18.4l1.6-1.6M16.8 7.2l1.6-1.6',
      )}
    </>
  ),
  exit: p('M14 5H6.2C5.5 5 5 5.5 5 6.2v11.6c0 .7.5 1.2 1.2 1.2H14', 'M10.5 12H20M16.5 8.5 20 12l-3.5 3.5'),
  trend: p('m4 16 5-5.5 4 3.5 7-8', 'M15.5 6H20v4.5'),
  panel: p('M4.5 5h15v14h-15zM9.5 5v14'),
} as const

/** The name of an icon. */
export type IconName = keyof typeof drawings

/** One icon; decorative, so hidden from screen readers: the text beside it speaks. */
export function Icon({ name, size = 16, weight = 1.75 }: { name: IconName; size?: number; weight?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox='0 0 24 24'
      fill='none'
      stroke='currentColor'
      strokeWidth={weight}
      strokeLinecap='round'
      strokeLinejoin='round'
      aria-hidden='true'
    >
      {drawings[name]}
    </svg>
  )
}
