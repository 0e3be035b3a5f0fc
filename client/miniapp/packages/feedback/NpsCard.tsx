import { npsReasons } from '@shared/feedback-words'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { LongText } from '../../components/LongText'
import { Picks } from '../../components/Picks'
import { spoken } from '../../components/spoken'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { toast } from '../../nav'
import { buzz, isWeapp } from '../../platform'
import './feedback.scss'

type Reason = keyof typeof npsReasons
type Kind = 'promoter' | 'passive' | 'detractor'

const SCORES = Array.from({ length: 11 }, (_, score) => score)
const ASKED: Record<Kind, string> = {
  promoter: '太好了！最喜欢哪一点？',
  passive: '谢谢！哪里再好一点就更愿意推荐？',
  detractor: '抱歉让你失望了，问题主要在哪？',
}

/** NPS in two taps: the first is the score, which counts at once; the second is a reason, and what comes after is a gift. */
export function NpsCard({ onDone }: { onDone: () => void }) {
  const [given, setGiven] = useState<{ npsId: string; kind: Kind; score: number } | null>(null)
  const [reasons, setReasons] = useState<Reason[]>([])
  const [comment, setComment] = useState('')
  const give = useAction('POST /me/nps')
  const explain = useAction('PUT /me/nps/:npsId')
  const score = async (value: number): Promise<void> => {
    try {
      const answer = await give.run({ score: value, channel: isWeapp ? 'weapp' : 'h5' })
      if (!answer) return
      buzz()
      setGiven({ ...answer, score: value })
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const say = async (chosen: Reason[], words: string): Promise<boolean> => {
    if (!given) return false
    try {
      await explain.run({ npsId: given.npsId, reasons: chosen, ...(words.trim() ? { comment: words.trim() } : {}) })
      return true
    } catch (thrown) {
      toast(sayFailure(thrown))
      return false
    }
  }
  const finish = async (): Promise<void> => {
    if (!(await say(reasons, comment))) return
    toast('谢谢你的意见')
    onDone()
  }
  if (!given)
    return (
      <View className='card fb__card'>
        <View className='fb__title'>你愿意把我们推荐给朋友吗</View>
        <View className='nps' {...spoken({ role: 'radiogroup', label: '0 到 10 分' })}>
          {SCORES.map((value) => (
            <Tap
              key={value}
              className={`nps__one ${value >= 9 ? 'high' : value >= 7 ? 'mid' : ''}`}
              role='radio'
              label={`${value} 分`}
              target='nps:score'
              disabled={give.busy}
              onTap={() => void score(value)}
            >
              <Text className='num'>{value}</Text>
            </Tap>
          ))}
        </View>
        <View className='row between fb__sub'>
          <Text>不愿意</Text>
          <Text>非常愿意</Text>
        </View>
      </View>
    )
  return (
    <View className='card fb__card'>
      <View className='row g2 cb'>
        <Icon name='check' size={18} />
        <Text className='t13'>已记下 {given.score} 分</Text>
      </View>
      <View className='fb__title'>{ASKED[given.kind]}</View>
      <View className='fb__more'>
        <Picks
          options={npsReasons}
          value={reasons}
          onChange={(next) => {
            setReasons(next)
            void say(next, comment)
          }}
        />
        <LongText
          name='想说的话'
          value={comment}
          placeholder='再多说一句？（可不填）'
          max={300}
          onChange={setComment}
        />
        <Button large busy={explain.busy} target='nps:done' onTap={() => void finish()}>
          完成
        </Button>
      </View>
    </View>
  )
}
