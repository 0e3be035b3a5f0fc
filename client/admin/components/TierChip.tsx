import { Icon } from './Icon'
import './tier-chip.css'

/** A tier's name; the higher the tier the more festive, from a plain tag to gold on night green. */
export function TierChip({ name, level }: { name: string; level: number }) {
  if (level >= 2)
    return (
      <span className={level >= 3 ? 'tier-chip top' : 'tier-chip'}>
        <Icon name='crown' size={14} weight={2} />
        {name}
      </span>
    )
  return <span className={`tag ${level === 1 ? 'brand' : ''}`}>{name}</span>
}
