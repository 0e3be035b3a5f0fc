import type { Output } from '@shared/contract'
import { View } from '@tarojs/components'
import { useDidHide, useUnload } from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, type Failure, isOffline, learnServerTime, serverNow } from '../../api'
import { keepAnswer, lastAnswer } from '../../cache'
import { Avatar } from '../../components/Avatar'
import { CodePass } from '../../components/CodePass'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { ErrorState } from '../../components/States'
import { spoken } from '../../components/spoken'
import { HeldTicket } from '../../components/Ticket'
import { TierChip } from '../../components/TierChip'
import { useQuery } from '../../hooks/useQuery'
import { useShown } from '../../hooks/useShown'
import { go, tabPath, toast } from '../../nav'
import { onScreenshot, raiseBrightness } from '../../platform'
import { useSignedIn } from '../../session'
import { track } from '../../track'
import { groupDigits } from '../../words'
import './index.scss'

type Codes = Output<'GET /me/code'>
const KEPT = 'code'

type Step = Codes['codes'][number] & { earnOnly: boolean }

/** The code of this moment among those fetched; when they have ended, the one of this half hour, which only earns. */
function currentOf(codes: Codes | null): Step | null {
  if (!codes) return null
  const now = serverNow()
  const fresh = codes.codes.find((one) => one.from <= now && now < one.until)
  if (fresh) return { ...fresh, earnOnly: false }
  // An answer kept by an older version of the app has none.
  if (!codes.offline) return null
  const { from, stepSeconds, codes: kept } = codes.offline
  const at = Math.floor((now - from) / (stepSeconds * 1000))
  const code = at >= 0 ? kept[at] : undefined
  if (!code) return null
  const begins = from + at * stepSeconds * 1000
  return { code, from: begins, until: begins + stepSeconds * 1000, earnOnly: true }
}

/**
 * The codes of the next minutes: fetched anew whenever the page comes to the front, after a screenshot and when the last
 * one ends; kept, so that the pass also opens without a network.
 */
function useCodes() {
  const [codes, setCodes] = useState<Codes | null>(() => lastAnswer<Codes>(KEPT)?.data ?? null)
  const [error, setError] = useState<Failure | null>(null)
  const [, turn] = useState(0)
  const fetchCodes = useCallback(async (anew: boolean) => {
    try {
      const answer = await call('GET /me/code', anew ? { refresh: '1' } : {})
      learnServerTime(answer.serverTime)
      keepAnswer(KEPT, answer, Date.now())
      setCodes(answer)
      setError(null)
    } catch (thrown) {
      setError(thrown as Failure)
    }
  }, [])
  const next = useCallback(() => {
    // The following step is usually here already; the server is asked in any case, to learn of a used code.
    turn((count) => count + 1)
    void fetchCodes(false)
  }, [fetchCodes])
  return { codes, current: currentOf(codes), error, fetchCodes, next }
}

/** The paper of the pass with grey shapes where its codes will stand. */
function PassSkeleton() {
  return (
    <View className='card passbone' {...spoken({ role: 'status', label: '正在加载' })}>
      <View className='row g3'>
        <View className='bone passbone__face' />
        <View className='grow'>
          <View className='bone passbone__line' />
          <View className='bone passbone__line short' />
        </View>
      </View>
      <View className='bone passbone__bars' />
      <View className='bone passbone__qr' />
      <View className='bone passbone__line' />
    </View>
  )
}

function Pass() {
  const { codes, current, error, fetchCodes, next } = useCodes()
  const home = useQuery('GET /me/home', {}, { keep: true })
  const [bright, setBright] = useState(false)
  const dim = useRef<(() => void) | null>(null)
  const unwatch = useRef<(() => void) | null>(null)

  const leave = useCallback(() => {
    dim.current?.()
    unwatch.current?.()
    dim.current = unwatch.current = null
    setBright(false)
  }, [])
  useShown(() => {
    track({ type: 'code_view', page: 'pages/code/index' })
    void fetchCodes(false)
    void raiseBrightness().then((restore) => {
      dim.current = restore
      setBright(restore !== null)
    })
    unwatch.current?.()
    unwatch.current = onScreenshot(() => {
      void fetchCodes(true)
      toast('截图里的码已作废，这是新的')
    })
  })
  useDidHide(leave)
  useUnload(leave)
  useEffect(() => leave, [leave])

  const { data } = home
  const coupons = data?.usableCoupons ?? []
  return (
    <>
      <View className='code__ground' />
      <View className='body code__body'>
        {codes && current ? (
          <CodePass
            code={current.code}
            until={current.until}
            stepSeconds={current.earnOnly ? codes.offline.stepSeconds : codes.stepSeconds}
            offlineUntil={isOffline(error) ? (codes.codes[codes.codes.length - 1]?.until ?? current.until) : null}
            earnOnly={current.earnOnly}
            bright={bright}
            onOver={next}
            onRefresh={() => void fetchCodes(true)}
            head={
              <View className='pass__head'>
                <Avatar src={data?.member.avatar ?? null} gender={data?.member.gender ?? 'unknown'} size={40} />
                <View className='grow'>
                  <View className='row g2'>
                    <View className='t16 m cut'>{data?.member.name ?? '会员'}</View>
                    {data && <TierChip name={data.tier.name} />}
                  </View>
                  {data && <View className='t12 i3 num'>积分 {groupDigits(data.points.balance)}</View>}
                </View>
              </View>
            }
          />
        ) : error ? (
          <View className='card'>
            <ErrorState error={error} onRetry={() => void fetchCodes(false)} />
          </View>
        ) : (
          <PassSkeleton />
        )}
        {coupons.length > 0 && data && (
          <>
            <Section
              title='结账时可用'
              more={`全部 ${data.usableCouponCount} 张`}
              onMore={() => go(tabPath('coupons'))}
            />
            <View className='stack'>
              {coupons.map((coupon) => (
                <HeldTicket
                  key={coupon.id}
                  coupon={coupon}
                  onTap={() => go(`/packages/coupon/index?couponId=${coupon.id}`)}
                />
              ))}
            </View>
          </>
        )}
      </View>
    </>
  )
}

/** The member code, one tap from everywhere. */
export default function CodePage() {
  const signedIn = useSignedIn('member')
  return (
    <Page tab='code' title='会员码' tone={signedIn ? 'light' : 'dark'}>
      {signedIn ? <Pass /> : <JoinFirst title='还没有会员码' hint='入会后，结账出示会员码就能积分、用券' />}
    </Page>
  )
}
