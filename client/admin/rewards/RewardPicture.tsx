import bag from '../../miniapp/assets/goods-bag.svg'
import bake from '../../miniapp/assets/goods-bake.svg'
import candle from '../../miniapp/assets/goods-candle.svg'
import clock from '../../miniapp/assets/goods-clock.svg'
import coffee from '../../miniapp/assets/goods-coffee.svg'
import cup from '../../miniapp/assets/goods-cup.svg'
import decor from '../../miniapp/assets/goods-decor.svg'
import flags from '../../miniapp/assets/goods-flags.svg'
import gift from '../../miniapp/assets/goods-gift.svg'
import jar from '../../miniapp/assets/goods-jar.svg'
import jewel from '../../miniapp/assets/goods-jewel.svg'
import lamp from '../../miniapp/assets/goods-lamp.svg'
import paper from '../../miniapp/assets/goods-paper.svg'
import plant from '../../miniapp/assets/goods-plant.svg'
import tea from '../../miniapp/assets/goods-tea.svg'
import toy from '../../miniapp/assets/goods-toy.svg'
import warm from '../../miniapp/assets/goods-warm.svg'

/** The drawings that come with the app, under the names the server keeps them by. */
export const art: Record<string, string> = {
  bag,
  bake,
  candle,
  clock,
  coffee,
  cup,
  decor,
  flags,
  gift,
  jar,
  jewel,
  lamp,
  paper,
  plant,
  tea,
  toy,
  warm,
}

/** A reward's picture: a drawing of ours, or whatever address was typed. */
export function RewardPicture({ picture, size }: { picture: string; size: number | string }) {
  const drawn = picture.startsWith('art:') ? (art[picture.slice(4)] ?? gift) : picture
  return <img className='reward-picture' src={drawn} alt='' style={{ width: size, height: size }} />
}
