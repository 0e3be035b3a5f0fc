import type { Output } from '@shared/contract'
import { formatAmount } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { Tap } from './Tap'
import './GoodsGrid.scss'
import './Picture.scss'

export type Goods = Output<'GET /home'>['goods'][number]

/** The shop has no photographs: each kind of goods has a drawn picture, chosen by the words of its category and name. */
const PICTURES: ReadonlyArray<[picture: string, words: RegExp]> = [
  ['candle', /烛|香薰|香氛/],
  ['lamp', /灯/],
  ['clock', /钟|表/],
  ['flags', /挂旗|纸链|挂饰|节庆/],
  ['warm', /热水袋|暖|门垫/],
  ['coffee', /咖啡|手冲|壶套/],
  ['tea', /茶/],
  ['bake', /蛋糕|烘焙|甜品|点心|模/],
  ['bag', /袋|包/],
  ['jar', /罐|盒|篮|收纳/],
  ['plant', /植|花|园|盆|苗/],
  ['paper', /文具|笔|纸|卡|本|板/],
  ['cup', /杯|碗|盘|碟|餐|厨|壶|瓶/],
  ['jewel', /饰品|戒|链|首饰|发/],
  ['toy', /童|玩|毛毡|积木/],
  ['gift', /礼|圣诞|派对/],
  ['decor', /饰|挂|心|镜|框|摆件/],
]
export const pictureOf = ({ name, category }: Pick<Goods, 'name' | 'category'>): string =>
  (PICTURES.find(([, words]) => words.test(name)) ?? PICTURES.find(([, words]) => words.test(category)))?.[0] ?? 'decor'

interface Props {
  goods: Goods[]
  /** Id of a card's element by its position from 1, for whoever observes what is in view. */
  domId?: (position: number) => string
  onTap?: (index: number) => void
}

/** Two columns of goods; each says why it is here. */
export function GoodsGrid({ goods, domId, onTap }: Props) {
  const face = (item: Goods) => (
    <>
      <View className={`goods__pic goods__pic--${pictureOf(item)}`} />
      <View className='goods__text'>
        <View className='goods__name cut'>{item.name}</View>
        <View className='goods__price num'>
          <Text className='goods__unit'>¥</Text>
          <Text>{formatAmount(item.priceFen)}</Text>
        </View>
        <View className='goods__why'>{item.reason}</View>
      </View>
    </>
  )
  return (
    <View className='goods'>
      {goods.map((item, index) => (
        <View key={item.id} id={domId?.(index + 1)} className='card goods__card'>
          {onTap ? (
            <Tap target={`goods:${item.id}`} onTap={() => onTap(index)}>
              {face(item)}
            </Tap>
          ) : (
            face(item)
          )}
        </View>
      ))}
    </View>
  )
}
