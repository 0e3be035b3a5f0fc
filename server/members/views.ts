import type { Output } from '../../shared/contract'
import type { Keys } from '../keys'
import { maskName } from '../mask'
import type { Member } from './entity'
import { phoneMaskedOf } from './lookup'

type Glance = Output<'GET /staff/scans/:scanId'>['member']

/** Who is standing at the counter; what identifies is masked, the rest comes from the modules that know it. */
export const glance = (
  keys: Keys,
  member: Member,
  stats: Pick<Glance, 'tierName' | 'points' | 'lastVisitOn' | 'birthdayToday' | 'purchases'>,
): Glance => ({
  memberId: member.id,
  nameMasked: maskName(member.name),
  phoneMasked: phoneMaskedOf(keys, member),
  tierLevel: member.tierLevel,
  ...stats,
})
