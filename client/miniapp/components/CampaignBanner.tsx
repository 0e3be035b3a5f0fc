import type { Output } from '@shared/contract'
import { Image, ScrollView, View } from '@tarojs/components'
import { call } from '../api'
import { useSeen } from '../hooks/useSeen'
import { go } from '../nav'
import { serverAddress } from '../platform'
import { decoration } from './spoken'
import { Tap } from './Tap'
import './CampaignBanner.scss'

const domId = (id: string): string => `banner-${id}`

type Banner = Output<'GET /me/home'>['banners'][number]

/** A drawing of the app, or whatever photo the shop has uploaded, behind the words. */
function Art({ picture }: { picture: string }) {
  if (picture.startsWith('art:')) return <View className={`campaign__art campaign__art--${picture.slice(4)}`} />
  return <Image className='campaign__art' src={serverAddress(picture)} mode='aspectFill' lazyLoad {...decoration} />
}

function One({ banner, onTap }: { banner: Banner; onTap: () => void }) {
  return (
    <Tap
      className='campaign'
      role={banner.link ? 'link' : 'img'}
      label={[banner.title, banner.text].filter(Boolean).join('，')}
      target={`banner:${banner.id}`}
      onTap={onTap}
    >
      <View className='campaign__mark' id={domId(banner.id)} />
      <Art picture={banner.picture} />
      <View className='campaign__shade' />
      <View className='campaign__words'>
        <View className='campaign__title'>{banner.title}</View>
        {banner.text && <View className='campaign__text'>{banner.text}</View>}
        {banner.link && <View className='campaign__go'>去看看</View>}
      </View>
    </Tap>
  )
}

/**
 * What the shop is doing just now: one card, or several that slide sideways. Says that they were shown and which was tapped; what cannot be
 * sent is lost, since the server counts a member once a day.
 * @param tell false for a visitor, of whom nothing is noted
 */
export function CampaignBanners({ banners, tell }: { banners: readonly Banner[]; tell: boolean }) {
  const ids = banners.map((banner) => banner.id).join()
  const note = (bannerId: string, kind: 'exposure' | 'tap'): void => {
    if (tell) call('POST /me/banners/events', { events: [{ bannerId, kind }] }).catch(() => undefined)
  }
  useSeen(ids, domId, (bannerId) => note(bannerId, 'exposure'))
  const open = (banner: Banner): void => {
    note(banner.id, 'tap')
    if (banner.link) go(`/${banner.link}`)
  }
  if (banners.length === 0) return null
  const cards = banners.map((banner) => <One key={banner.id} banner={banner} onTap={() => open(banner)} />)
  if (banners.length === 1) return <View className='campaigns'>{cards}</View>
  return (
    <ScrollView scrollX className='campaigns' showScrollbar={false} enhanced>
      <View className='campaigns__in'>{cards}</View>
    </ScrollView>
  )
}
