const veins = [
  'M0-3Q-13.2-16.5-40.9-28.5',
  'M0-3Q-11.7-29.7-36.3-51.3',
  'M0-3Q-5.4-35.2-16.7-60.8',
  'M0-3Q5.4-35.2 16.7-60.8',
  'M0-3Q11.7-29.7 36.3-51.3',
  'M0-3Q13.2-16.5 40.9-28.5',
]

/** The ginkgo leaf of the brand on its green tile. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox='0 0 24 24' aria-hidden='true'>
      <rect width='24' height='24' rx='7' fill='#0B6E4F' />
      <g transform='translate(12 18) scale(.19)'>
        <path
          d='M0 0C-5-14-26-20-47-27-56-46-42-66-22-68-12-71-4-62-1-50L0-45 1-50C4-62 12-71 22-68 42-66 56-46 47-27 26-20 5-14 0 0Z'
          fill='#F0DDB0'
        />
        <path d='M0-2C2 12 5 24 13 35' fill='none' stroke='#F0DDB0' strokeWidth='3' strokeLinecap='round' />
        <g stroke='#0B6E4F' strokeOpacity='.6' strokeWidth='.8' fill='none'>
          {veins.map((d) => (
            <path key={d} d={d} />
          ))}
        </g>
      </g>
    </svg>
  )
}
