import type { Output } from '@shared/contract'
import { describeMoment } from '@shared/time'
import { ScrollView, Text, View } from '@tarojs/components'
import { useState } from 'react'
import { serverNow } from '../../api'
import { BenefitList } from '../../components/BenefitList'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { ListRow } from '../../components/ListRow'
import { artOf } from '../../components/MemberCard'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { ErrorState, Skeleton } from '../../components/States'
import { spoken } from '../../components/spoken'
import { Tap } from '../../components/Tap'
import { useQuery } from '../../hooks/useQuery'
import { go } from '../../nav'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import './index.scss'

type Standing = Output<'GET /me/tier'>
/** What the comparison needs; a visitor has no level of their own. */
interface Ladder {
  tiers: Standing['tiers']
  own: number | null
  growth: number
}
const DIRECTIONS: Record<Standing['history'][number]['direction'], string> = {
  join: '入会',
  up: '升级',
  down: '降级',
  keep: '保级',
}

/** A card and the gap after it; and how far from the left edge the chosen one comes to rest, in px. */
const CARD_STEP = 216
const CARD_LEAD = 76

/** How far this person is from a level. */
function stateOf(tier: Ladder['tiers'][number], { own, growth }: Ladder): string {
  if (own === null) return tier.threshold > 0 ? '入会后可升级' : '入会就有'
  if (tier.level === own) return '当前等级'
  return tier.level < own ? '已达成' : `还差 ${groupDigits(Math.max(0, tier.threshold - growth))}`
}

/** All levels side by side; the member's own one is marked, the chosen one's benefits stand below. */
function Levels({ ladder, chosen, onChoose }: { ladder: Ladder; chosen: number; onChoose: (level: number) => void }) {
  const at = ladder.tiers.findIndex((tier) => tier.level === chosen)
  return (
    <ScrollView
      scrollX
      className='levels'
      showScrollbar={false}
      enhanced
      scrollLeft={Math.max(0, at * CARD_STEP - CARD_LEAD)}
    >
      <View className='levels__in' {...spoken({ role: 'tablist', label: '等级' })}>
        {ladder.tiers.map((tier) => (
          <Tap
            key={tier.level}
            role='tab'
            checked={tier.level === chosen}
            className={`mcard mcard--${artOf(tier.level)} level ${tier.level === chosen ? 'on' : ''}`}
            target={`tier:${tier.level}`}
            onTap={() => onChoose(tier.level)}
          >
            <View className='level__name'>{tier.name}</View>
            <View className='level__need'>
              {tier.threshold > 0 ? `成长值 ${groupDigits(tier.threshold)} 起` : '入会即享'}
            </View>
            <View className='level__state'>{stateOf(tier, ladder)}</View>
          </Tap>
        ))}
      </View>
    </ScrollView>
  )
}

/** Rows are kinds of benefit, columns levels: what each one adds, at a glance. */
function Comparison({ ladder }: { ladder: Ladder }) {
  const titles = [...new Set(ladder.tiers.flatMap((tier) => tier.benefits.map((benefit) => benefit.kind)))]
  const names: Record<(typeof titles)[number], string> = {
    multiplier: '积分倍数',
    birthday: '生日礼',
    anniversary: '周年礼',
    coupon: '专享券',
    service: '服务',
  }
  return (
    <View className='card compare'>
      <View className='compare__row head'>
        <Text className='compare__cell name' />
        {ladder.tiers.map((tier) => (
          <Text key={tier.level} className={`compare__cell ${tier.level === ladder.own ? 'mine' : ''}`}>
            {tier.name.replace('会员', '')}
          </Text>
        ))}
      </View>
      {titles.map((kind) => (
        <View key={kind} className='compare__row'>
          <Text className='compare__cell name'>{names[kind]}</Text>
          {ladder.tiers.map((tier) => {
            const found = tier.benefits.find((benefit) => benefit.kind === kind)
            const figure = found && /¥\s?\d+|\d+(\.\d+)?\s?(倍|折)/.exec(found.title + found.detail)?.[0]
            return (
              <View key={tier.level} className={`compare__cell ${tier.level === ladder.own ? 'mine' : ''}`}>
                {figure ? (
                  <Text className='num'>{figure}</Text>
                ) : found ? (
                  <Icon name='check' size={16} />
                ) : (
                  <Text>—</Text>
                )}
              </View>
            )
          })}
        </View>
      ))}
    </View>
  )
}

const ladderOf = ({ tiers, progress }: Standing): Ladder => ({ tiers, own: progress.level, growth: progress.growth })

function Mine() {
  const query = useQuery('GET /me/tier', {}, { keep: true })
  const standing = query.data
  const [picked, setPicked] = useState<number | null>(null)
  const chosen = picked ?? standing?.progress.level ?? 0
  const tier = standing?.tiers.find((one) => one.level === chosen)
  const progress = standing?.progress
  return (
    <Page back title='会员等级' staleSince={query.staleSince}>
      <View className='body tier'>
        {query.loading && <Skeleton block={132} rows={4} />}
        {query.error && !standing && <ErrorState error={query.error} onRetry={query.reload} />}
        {standing && progress && (
          <>
            <Levels ladder={ladderOf(standing)} chosen={chosen} onChoose={setPicked} />
            <View className='tier__gap'>
              {progress.nextThreshold === null
                ? '你已是最高等级'
                : `再得 ${groupDigits(progress.gap)} 成长值升级${progress.nextName}`}
              {progress.keepGap > 0 && progress.validUntil
                ? `；${progress.validUntil} 前再得 ${groupDigits(progress.keepGap)} 可保级`
                : ''}
            </View>
            {tier && (
              <>
                <Section title={`${tier.name}权益`} more={`${tier.benefits.length} 项`} />
                <BenefitList benefits={tier.benefits} />
              </>
            )}
            <Section title='各级对比' />
            <Comparison ladder={ladderOf(standing)} />
            <Section title='怎么得成长值' />
            <View className='card'>
              {standing.growthRules.map((rule) => (
                <ListRow key={rule.title} icon='chart' title={rule.title} detail={rule.detail} />
              ))}
            </View>
            {standing.history.length > 0 && (
              <>
                <Section title='等级变动' />
                <View className='card'>
                  {standing.history.map((change) => (
                    <ListRow
                      key={`${change.at}${change.to}`}
                      icon='crown'
                      tone={change.direction === 'down' ? 'mute' : 'gold'}
                      title={`${DIRECTIONS[change.direction]}：${change.to}`}
                      detail={`${describeMoment(change.at, serverNow())}，${change.reason}`}
                    />
                  ))}
                </View>
              </>
            )}
          </>
        )}
      </View>
    </Page>
  )
}

/** For who has not joined: every level and what it gives. */
function Open() {
  const query = useQuery('GET /tiers', {}, { keep: true })
  const tiers = query.data?.items
  const [chosen, setChosen] = useState(0)
  const tier = tiers?.find((one) => one.level === chosen) ?? tiers?.[0]
  const ladder: Ladder | undefined = tiers && { tiers, own: null, growth: 0 }
  return (
    <Page back title='会员等级' staleSince={query.staleSince}>
      <View className='body tier'>
        {query.loading && <Skeleton block={132} rows={4} />}
        {query.error && !tiers && <ErrorState error={query.error} onRetry={query.reload} />}
        {ladder && tier && (
          <>
            <Levels ladder={ladder} chosen={tier.level} onChoose={setChosen} />
            <Section title={`${tier.name}权益`} more={`${tier.benefits.length} 项`} />
            <BenefitList benefits={tier.benefits} />
            <Section title='各级对比' />
            <Comparison ladder={ladder} />
            <View className='tier__join'>
              <Button large target='join' onTap={() => go('/packages/login/index')}>
                登录 / 入会
              </Button>
            </View>
          </>
        )}
      </View>
    </Page>
  )
}

/** Tiers: where I stand, what each level gives, how I got here; open to everybody. */
export default function TierPage() {
  return useSignedIn('member') ? <Mine /> : <Open />
}
