import { Image, Text, View } from '@tarojs/components'
import { useState } from 'react'
import { sayFailure } from '../api'
import { toast } from '../nav'
import { serverAddress } from '../platform'
import { choosePhotos, type Photo, uploadPhoto } from '../upload'
import { Icon } from './Icon'
import { Tap } from './Tap'
import './PhotoPicker.scss'

const MOST = 9

/** Up to nine photos, sent as soon as they are chosen; each can be taken away again. */
export function PhotoPicker({ photos, onChange }: { photos: Photo[]; onChange: (photos: Photo[]) => void }) {
  const [sending, setSending] = useState(0)
  const add = async (): Promise<void> => {
    const paths = (await choosePhotos(MOST - photos.length)).slice(0, MOST - photos.length)
    let sent = photos
    setSending(paths.length)
    for (const path of paths) {
      try {
        sent = [...sent, await uploadPhoto(path)]
        onChange(sent)
      } catch (thrown) {
        toast(sayFailure(thrown))
      }
      setSending((left) => left - 1)
    }
    setSending(0)
  }
  return (
    <View className='photos'>
      {photos.map((photo, index) => (
        <View key={photo.name} className='photos__one'>
          <Image className='photos__pic' src={serverAddress(photo.url)} mode='aspectFill' />
          <Tap
            className='photos__off'
            label={`删掉第 ${index + 1} 张照片`}
            onTap={() => onChange(photos.filter((other) => other !== photo))}
          >
            <View className='photos__cross'>
              <Icon name='close' size={14} />
            </View>
          </Tap>
        </View>
      ))}
      {Array.from({ length: sending }, (_, index) => `sending${index}`).map((key) => (
        <View key={key} className='photos__one bone' />
      ))}
      {photos.length + sending < MOST && (
        <Tap
          className='photos__one photos__add'
          label={`添加照片 ${photos.length}/${MOST}`}
          target='photo:add'
          onTap={() => void add()}
        >
          <Icon name='camera' />
          <Text className='photos__count num'>
            {photos.length}/{MOST}
          </Text>
        </Tap>
      )}
    </View>
  )
}
