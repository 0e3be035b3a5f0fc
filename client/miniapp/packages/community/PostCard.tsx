import type { Output } from '@shared/contract'
import { reviewTags } from '@shared/feedback-words'
import { formatYuanShort } from '@shared/money'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { call, sayFailure, serverNow } from '../../api'
import { Avatar } from '../../components/Avatar'
import { Tag } from '../../components/Chips'
import { pictureOf } from '../../components/GoodsGrid'
import { Icon } from '../../components/Icon'
import { PhotoWall } from '../../components/PhotoWall'
import { Stars } from '../../components/Stars'
import { Tap } from '../../components/Tap'
import { go, toast } from '../../nav'
import { buzz } from '../../platform'
import { sessionOf } from '../../session'
import './post.scss'

export type Post = Output<'GET /community/posts/:postId'>

/** The heart with its count: answers the finger at once and puts itself right when the server says otherwise. */
export function Like({ post }: { post: Post }) {
  const [state, setState] = useState({ liked: post.liked, likes: post.likes })
  const turn = async (): Promise<void> => {
    if (!sessionOf('member')) return go('/packages/login/index')
    const before = state
    const liked = !before.liked
    setState({ liked, likes: before.likes + (liked ? 1 : -1) })
    if (liked) buzz()
    try {
      setState(await call('PUT /me/posts/:postId/like', { postId: post.id, liked }))
    } catch (thrown) {
      setState(before)
      toast(sayFailure(thrown))
    }
  }
  return (
    <Tap
      className={`like ${state.liked ? 'on' : ''}`}
      role='switch'
      checked={state.liked}
      label={`点赞，${state.likes} 人赞过`}
      target='post:like'
      onTap={() => void turn()}
    >
      <Icon name='heart' size={20} />
      <Text className='num'>{state.likes || '赞'}</Text>
    </Tap>
  )
}

/** A product that a post is about. */
export function ProductLink({ product }: { product: Post['products'][number] }) {
  return (
    <Tap
      className='postgoods'
      target='post:product'
      label={`${product.name}，看评价`}
      onTap={() => go(`/packages/community/product?id=${encodeURIComponent(product.id)}`)}
    >
      <View className={`postgoods__pic goods__pic--${pictureOf(product)}`} />
      <Text className='postgoods__name cut'>{product.name}</Text>
      <Text className='postgoods__price num'>{formatYuanShort(product.priceFen)}</Text>
      <Icon name='chevron-right' size={14} />
    </Tap>
  )
}

/** A review or a shared post. `whole` shows all of its words; `foot` stands instead of the like. */
export function PostCard({
  post,
  whole,
  foot,
  onTap,
}: {
  post: Post
  whole?: boolean
  foot?: ReactNode
  onTap?: () => void
}) {
  const words = (
    <>
      {post.text && <View className={`post__text ${whole ? '' : 'clamped'}`}>{post.text}</View>}
      {post.tags.length > 0 && (
        <View className='post__tags'>
          {post.tags.map((tag) => (
            <Tag key={tag} tone='brand'>
              {reviewTags[tag]}
            </Tag>
          ))}
        </View>
      )}
    </>
  )
  return (
    <View className='card post'>
      <View className='row g3'>
        <Avatar src={post.author.avatar} gender={post.author.gender as 'female' | 'male' | 'unknown'} size={40} />
        <View className='grow'>
          <View className='row g2'>
            <Text className='post__name cut'>{post.author.name}</Text>
            {post.author.tierName && <Text className='post__tier'>{post.author.tierName}</Text>}
          </View>
          <View className='row g2'>
            {post.stars !== null && <Stars value={post.stars} size={14} />}
            <Text className='post__time num'>{describeMoment(post.at, serverNow())}</Text>
          </View>
        </View>
        {post.rewarded && <Text className='post__paid'>奖励内容</Text>}
      </View>
      {onTap ? (
        <Tap
          className='post__words texttap'
          onTap={onTap}
          target='post:open'
          label={`${post.author.name}：${post.text.slice(0, 40)}`}
        >
          {words}
        </Tap>
      ) : (
        words
      )}
      <PhotoWall photos={post.photos} of={post.author.name} />
      {post.products.slice(0, whole ? 5 : 1).map((product) => (
        <ProductLink key={product.id} product={product} />
      ))}
      {foot ?? (
        <View className='post__foot'>
          <Like key={`${post.liked}${post.likes}`} post={post} />
        </View>
      )}
    </View>
  )
}
