import { Link } from 'react-router'
import { Notice } from '../components/Fallbacks'
import { ExportMenu } from '../dashboards/FigurePanel'
import type { Figures } from './Overview'

/** From pale to deep green: the higher the tier, the stronger the colour. */
const greens = ['var(--tier-0)', 'var(--tier-1)', 'var(--tier-2)', 'var(--tier-3)']

/** The colour of a tier among `count`: greens, then gold, and night above it where there are four tiers or more. */
export function tierShade(index: number, count: number): string {
  const fromTop = count - 1 - index
  if (count >= 4 && fromTop === 0) return 'var(--tier-top)'
  if (fromTop === (count >= 4 ? 1 : 0)) return 'var(--gold)'
  return greens[index] ?? 'var(--tier-3)'
}

/** How the members spread over the tiers, each leading to its list. */
export function TierSpread({ data }: { data: Figures | undefined }) {
  const total = data?.tiers.reduce((sum, tier) => sum + tier.members, 0) ?? 0
  const share = (members: number) => (total === 0 ? 0 : (members / total) * 100)
  return (
    <section className='panel spread'>
      <div className='hd'>
        <h2 className='grow'>等级构成</h2>
        {data ? (
          <>
            <span className='t12 i3 num'>{data.members.total.toLocaleString('zh-CN')} 位会员</span>
            <ExportMenu
              name='等级构成'
              sheet={() => ({ head: ['等级', '会员'], rows: data.tiers.map((tier) => [tier.name, tier.members]) })}
            />
          </>
        ) : null}
      </div>
      {!data ? (
        <div className='bone' style={{ height: 200, margin: 16 }} />
      ) : total === 0 ? (
        <Notice art='shelf' title='还没有会员'>
          会员在小程序里登录，或店员办理入会后，会出现在这里。
        </Notice>
      ) : (
        <>
          <div className='bar' aria-hidden='true'>
            {data.tiers.map((tier, index) =>
              tier.members > 0 ? (
                <i
                  key={tier.level}
                  style={{ flexGrow: tier.members, background: tierShade(index, data.tiers.length) }}
                />
              ) : null,
            )}
          </div>
          <ul>
            {[...data.tiers].reverse().map((tier) => (
              <li key={tier.level}>
                <Link to={`/members?tierLevel=${tier.level}`}>
                  <i style={{ background: tierShade(data.tiers.indexOf(tier), data.tiers.length) }} />
                  <span className='grow'>{tier.name}</span>
                  <b className='num'>{tier.members.toLocaleString('zh-CN')}</b>
                  <span className='t12 i3 num share'>
                    {share(tier.members) > 0 && share(tier.members) < 0.1 ? '<0.1' : share(tier.members).toFixed(1)}%
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          <p className='closing'>
            近 30 天有消费 <b className='num'>{data.members.active30d.toLocaleString('zh-CN')}</b> 人，
            <Link className='link' to='/members?sort=lastPurchase'>
              看最近来过的人
            </Link>
          </p>
        </>
      )}
    </section>
  )
}
