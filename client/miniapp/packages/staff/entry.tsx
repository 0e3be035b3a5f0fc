import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { Chips } from '../../components/Chips'
import { Icon } from '../../components/Icon'
import { Page } from '../../components/Page'
import { padFen, StaffPad } from '../../components/StaffPad'
import { Empty } from '../../components/States'
import { goBack, toast } from '../../nav'
import { buzz } from '../../platform'
import { codeGroups } from '../../words'
import { lastPayKind, PAY_KINDS, rememberPayKind } from './pay'
import { enqueue } from './queue'
import './member.scss'
import './entry.scss'

/** Without a network: who, how much, how paid. Points follow when the network is back; coupons need it and wait. */
export default function StaffEntryPage() {
  const { storeId = '', code = '', phone = '' } = useRouter().params
  const [text, setText] = useState('')
  const [payKind, setPayKind] = useState(lastPayKind)
  const amountFen = padFen(text)
  const submit = (): void => {
    rememberPayKind(payKind)
    enqueue({ storeId, amountFen, payKind, ...(code ? { code } : { phone }) })
    buzz()
    toast('已记下，联网后自动上传')
    goBack()
  }
  return (
    <Page back title='断网记账' className='staff till__page'>
      {storeId && (code || phone) ? (
        <>
          <View className='body till entry'>
            <View className='card entry__who'>
              <Icon name='offline' size={22} />
              <View className='grow'>
                <View className='t16 m num'>{code ? codeGroups(code).join(' ') : phone}</View>
                <View className='t12 i3'>网络不给力，先把这一笔记下来；断网时不能用券</View>
              </View>
            </View>
            <View className='entry__pay'>
              <Chips options={PAY_KINDS} value={payKind} onChange={setPayKind} />
            </View>
          </View>
          <StaffPad
            text={text}
            onText={setText}
            payFen={amountFen}
            aside={null}
            note='联网后自动上传，可在“离线记录”里查看'
            busy={false}
            disabled={amountFen === 0}
            onConfirm={submit}
          />
        </>
      ) : (
        <Empty picture='offline' title='没有要记的会员' hint='回核销台扫会员码，或输入手机号' />
      )}
    </Page>
  )
}
