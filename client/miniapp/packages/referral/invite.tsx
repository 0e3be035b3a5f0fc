import { formatYuanShort } from '@shared/money'
import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Page } from '../../components/Page'
import { ErrorState, Skeleton } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { go, replace, tabPath, toast } from '../../nav'
import { useSignedIn } from '../../session'
import { keepInvite } from '../../signin'
import './index.scss'

function Offer({ code }: { code: string }) {
  const query = useQuery('GET /invites/:code', { code })
  const signedIn = useSignedIn('member')
  const bind = useAction('POST /me/referrals/bindings')
  const { data } = query
  const accept = async (): Promise<void> => {
    if (!signedIn) {
      // Joining comes first; the code is entered as soon as the member is there.
      keepInvite(code)
      replace('/packages/login/index')
      return
    }
    try {
      const done = await bind.run({ code })
      if (done) toast(`收下了 ${done.inviterNameMasked} 的邀请`)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    go(tabPath('home'))
  }
  if (query.loading) return <Skeleton block={240} rows={0} />
  if (!data)
    return <View className='card'>{query.error && <ErrorState error={query.error} onRetry={query.reload} />}</View>
  return (
    <View className='card landing__card'>
      <View className='landing__who'>
        {data.nameMasked} 邀请你来 {data.shop}
      </View>
      <View className='landing__points'>
        {data.active && data.friendPoints > 0 ? `送你 ${data.friendPoints} 积分` : '一起来当会员'}
      </View>
      <View className='landing__text'>
        {data.active
          ? `第一次消费${data.minSpendFen > 0 ? `满 ${formatYuanShort(data.minSpendFen)} ` : ''}后到账，积分能换好物和券`
          : '这次的邀请奖励已经结束，入会礼还在'}
      </View>
      <Button large busy={bind.busy} target='invite:accept' onTap={() => void accept()}>
        {signedIn ? '收下邀请' : '去入会'}
      </Button>
    </View>
  )
}

/** Where a friend's link leads: who invites, what it brings, one step to join. */
export default function InvitePage() {
  const params = useRouter().params
  // A mini-program code carries its words in `scene`.
  const code = (params.code ?? decodeURIComponent(params.scene ?? '').replace(/^(code|i)=/, '')).toUpperCase()
  return (
    <Page back tone='light' title='好友邀请'>
      <View className='referral__ground' />
      <View className='body landing__body'>
        <View className='referral__title'>有朋友想到了你</View>
        <Offer code={code} />
      </View>
    </Page>
  )
}
