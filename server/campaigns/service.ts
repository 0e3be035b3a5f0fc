export { allGiftsOf, giftsOf, openGift } from './gifts'
export { type Celebrant, giveGifts } from './give'
export { rememberGift } from './memory'
export { carePolicy } from './rules'
