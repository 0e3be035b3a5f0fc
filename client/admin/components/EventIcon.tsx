import { Icon, type IconName } from './Icon'
import './event-icon.css'

const icons: Record<string, { icon: IconName; tone: '' | 'gold' | 'grey' }> = {
  joined: { icon: 'staff', tone: '' },
  purchase: { icon: 'bag', tone: '' },
  refund: { icon: 'undo', tone: 'grey' },
  points: { icon: 'points', tone: '' },
  coupon: { icon: 'coupon', tone: '' },
  redeem: { icon: 'coupon', tone: '' },
  tier: { icon: 'crown', tone: 'gold' },
  message: { icon: 'send', tone: '' },
  gift: { icon: 'gift', tone: 'gold' },
  profile: { icon: 'edit', tone: 'grey' },
  scan: { icon: 'code', tone: '' },
}

/** The tile in front of an event. */
export function EventIcon({ kind }: { kind: string }) {
  const { icon, tone } = icons[kind] ?? { icon: 'info' as const, tone: 'grey' as const }
  return (
    <span className={`event-icon ${tone}`}>
      <Icon name={icon} />
    </span>
  )
}
