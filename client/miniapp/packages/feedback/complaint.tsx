import { complaintCategories } from '@shared/feedback-words'
import { formatYuanShort } from '@shared/money'
import { civilDay, describeDay } from '@shared/time'
import { View } from '@tarojs/components'
import { useMemo, useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { BottomBar } from '../../components/BottomBar'
import { Button } from '../../components/Button'
import { FormField } from '../../components/FormField'
import { JoinFirst } from '../../components/JoinFirst'
import { LongText } from '../../components/LongText'
import { Page } from '../../components/Page'
import { PhotoPicker } from '../../components/PhotoPicker'
import { Picks } from '../../components/Picks'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { replace, toast } from '../../nav'
import { useSignedIn } from '../../session'
import type { Photo } from '../../upload'
import './feedback.scss'

type Category = keyof typeof complaintCategories

/** Purchases that are offered to name. */
const OFFERED = 4

function Form() {
  const [category, setCategory] = useState<Category>('service')
  const [text, setText] = useState('')
  const [photos, setPhotos] = useState<Photo[]>([])
  const [contact, setContact] = useState('')
  const [purchase, setPurchase] = useState<string[]>([])
  const bought = useQuery(
    'GET /me/purchases',
    useMemo(() => ({ limit: OFFERED }), []),
  )
  const send = useAction('POST /me/complaints')
  const purchases = Object.fromEntries(
    (bought.data?.items ?? []).map((p) => [
      p.id,
      `${describeDay(civilDay(p.at), civilDay(serverNow()))} ${p.storeName} ${formatYuanShort(p.paidFen)}`,
    ]),
  )
  const submit = async (): Promise<void> => {
    try {
      const made = await send.run({
        category,
        text: text.trim(),
        photos: photos.map((photo) => photo.name),
        ...(contact.trim() ? { contact: contact.trim() } : {}),
        ...(purchase[0] ? { purchaseId: purchase[0] } : {}),
      })
      if (!made) return
      toast('已提交，24 小时内回复')
      replace(`/packages/feedback/case?id=${made.id}`)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const short = [...text.trim()].length < 5
  return (
    <View className='body fb'>
      <View className='card fb__card'>
        <View className='fb__title'>是哪方面的问题</View>
        <View className='fb__more'>
          <Picks
            options={complaintCategories}
            value={[category]}
            onChange={([one]) => one && setCategory(one)}
            single
          />
          <LongText
            name='说明'
            value={text}
            placeholder='发生了什么、在哪家店、希望怎么解决？'
            max={1000}
            onChange={setText}
          />
          <PhotoPicker photos={photos} onChange={setPhotos} />
        </View>
      </View>
      {Object.keys(purchases).length > 0 && (
        <View className='card fb__card'>
          <View className='fb__title'>和哪笔消费有关（可选）</View>
          <View className='fb__more'>
            <Picks
              options={purchases}
              value={purchase}
              onChange={(next) => setPurchase(next.filter((id) => !purchase.includes(id)))}
            />
          </View>
        </View>
      )}
      <View className='card fb__field'>
        <FormField name='联系方式' value={contact} placeholder='手机号或微信，加密保存（可选）' onChange={setContact} />
      </View>
      <BottomBar>
        <Button large busy={send.busy} disabled={short} target='complaint:send' onTap={() => void submit()}>
          {short ? '至少写 5 个字' : '提交'}
        </Button>
      </BottomBar>
    </View>
  )
}

/** A complaint: what it is about, what happened, photos, how to reach the member. */
export default function ComplaintPage() {
  return (
    <Page back title='投诉与建议'>
      {useSignedIn('member') ? <Form /> : <JoinFirst title='登录后提交' hint='24 小时内会有店员回复' />}
    </Page>
  )
}
