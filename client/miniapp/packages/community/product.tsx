import type { Output } from '@shared/contract'
import { reviewTags } from '@shared/feedback-words'
import { formatYuan } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { Chips, Tag } from '../../components/Chips'
import { pictureOf } from '../../components/GoodsGrid'
import { Page } from '../../components/Page'
import { Stars } from '../../components/Stars'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { useList } from '../../hooks/useList'
import { go } from '../../nav'
import { PostCard } from './PostCard'

type Reviews = Output<'GET /community/products/:productId/reviews'>
const FILTERS = [
  { value: '', text: '全部' },
  { value: '5', text: '5 星' },
  { value: '4', text: '4 星' },
  { value: '3', text: '3 星' },
  { value: '2', text: '2 星' },
  { value: '1', text: '1 星' },
] as const

function Score({ summary }: { summary: Reviews['summary'] }) {
  if (summary.average === null) return null
  return (
    <View className='card score'>
      <View>
        <View className='score__value num'>{summary.average.toFixed(1)}</View>
        <Stars value={summary.average} size={14} />
        <View className='post__time num'>{summary.count} 条评价</View>
      </View>
      <View className='score__bars'>
        {[5, 4, 3, 2, 1].map((star) => (
          <View key={star} className='score__bar'>
            <Text className='num'>{star}</Text>
            <View className='score__track'>
              <View
                className='score__fill'
                style={`width:${((summary.stars[star - 1] ?? 0) * 100) / Math.max(1, summary.count)}%`}
              />
            </View>
            <Text className='num'>{summary.stars[star - 1] ?? 0}</Text>
          </View>
        ))}
      </View>
    </View>
  )
}

/** What members say of one product. */
export default function ProductPage() {
  const productId = decodeURIComponent(useRouter().params.id ?? '')
  const [stars, setStars] = useState('')
  const input = useMemo(
    () => ({ productId, limit: 10, ...(stars ? { stars: Number(stars) } : {}) }),
    [productId, stars],
  )
  const list = useList('GET /community/products/:productId/reviews', input)
  const { data } = list
  return (
    <Page back title='商品评价' staleSince={list.staleSince}>
      <View className='body community'>
        {list.loading && <Skeleton block={120} rows={4} />}
        {list.error && !data && <ErrorState error={list.error} onRetry={list.reload} />}
        {data && (
          <>
            <View className='row g3'>
              <View className={`productpic goods__pic--${pictureOf(data.product)}`} />
              <View className='grow'>
                <View className='t16 m'>{data.product.name}</View>
                <View className='row g2'>
                  <Text className='t16 b num'>{formatYuan(data.product.priceFen)}</Text>
                  <Tag>{data.product.category}</Tag>
                </View>
              </View>
            </View>
            <View className='write__name' />
            <Score summary={data.summary} />
            {data.summary.tags.length > 0 && (
              <View className='post__tags'>
                {data.summary.tags.map(({ tag, count }) => (
                  <Tag key={tag} tone='brand'>{`${reviewTags[tag]} ${count}`}</Tag>
                ))}
              </View>
            )}
            {data.summary.count > 0 && (
              <View className='community'>
                <Chips options={FILTERS} value={stars as ''} onChange={setStars} />
              </View>
            )}
            {list.items.length === 0 && (
              <Empty picture='posts' title='还没有评价' hint='买过的会员可以在“待评价”里写第一条' />
            )}
          </>
        )}
        <View className='community__list'>
          {list.items.map((post) => (
            <PostCard key={post.id} post={post} onTap={() => go(`/packages/community/detail?id=${post.id}`)} />
          ))}
        </View>
        <ListEnd list={list} />
      </View>
    </Page>
  )
}
