export { allGiftsOf, giftsOf, openGift } from './gifts'
export { type Celebrant, giveGifts } from './give'
export { carePolicy } from './rules'
