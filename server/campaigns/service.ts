export { allGiftsOf, giftsOf, openGift } from './gifts'
export { type Celebrant, giveGifts } from './give'
export { rememberGift } from './memory'
export { anniversariesOn, carePolicy, daysToTreat, yearsOn } from './rules'
