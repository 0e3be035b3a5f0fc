import type { Output } from '@shared/contract'
import { Link } from 'react-router'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { Icon, type IconName } from '../components/Icon'
import { TierChip } from '../components/TierChip'
import { useRead } from '../queries'
import './tier-list.css'

type Tier = Output<'GET /admin/tiers'>['items'][number]
type Kind = Tier['benefits'][number]['kind']

const kinds: { kind: Kind; title: string; icon: IconName }[] = [
  { kind: 'multiplier', title: '积分倍数', icon: 'points' },
  { kind: 'birthday', title: '生日礼', icon: 'cake' },
  { kind: 'anniversary', title: '周年礼', icon: 'gift' },
  { kind: 'coupon', title: '专属券', icon: 'coupon' },
  { kind: 'service', title: '服务', icon: 'crown' },
]

function Benefits({ tier, kind }: { tier: Tier; kind: Kind }) {
  const benefits = tier.benefits.filter((benefit) => benefit.kind === kind)
  if (benefits.length === 0) return <span className='i3'>–</span>
  return benefits.map((benefit) => (
    <div key={benefit.title}>
      <div className='m'>{benefit.title}</div>
      <div className='t12 i3'>{benefit.detail}</div>
    </div>
  ))
}

/** The tiers side by side: what it takes, who is there, what each gives. */
export default function TierList() {
  const { data, error, isError, isFetching, refetch } = useRead('GET /admin/tiers', {})
  if (isError && !data) return <LoadFailed error={error} retry={() => void refetch()} busy={isFetching} />
  const tiers = data?.items
  const shown = kinds.filter(({ kind }) =>
    tiers?.some((tier) => tier.benefits.some((benefit) => benefit.kind === kind)),
  )
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>等级与权益</h1>
        <span className='sub'>成长值到了就升级，当时生效</span>
      </div>
      {!tiers ? <div className='panel bone' style={{ height: 360 }} role='status' aria-label='正在读取等级' /> : null}
      {tiers?.length === 0 ? (
        <section className='panel'>
          <Notice art='shelf' title='还没有等级'>
            初始化数据时会建好默认等级。
          </Notice>
        </section>
      ) : null}
      {tiers && tiers.length > 0 ? (
        <>
          <section className='panel tier-panel'>
            <table className='tiers'>
              <thead>
                <tr>
                  <th scope='col'>
                    <span className='sr-only'>权益</span>
                  </th>
                  {tiers.map((tier) => (
                    <th key={tier.level} scope='col'>
                      <TierChip name={tier.name} level={tier.level} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                <tr>
                  <th scope='row'>
                    <Icon name='trend' />
                    成长值
                  </th>
                  {tiers.map((tier) => (
                    <td key={tier.level} className='num'>
                      <b>{tier.threshold.toLocaleString('zh-CN')}</b>
                      <span className='t12 i3'>{tier.threshold === 0 ? ' 入会即得' : ' 起'}</span>
                    </td>
                  ))}
                </tr>
                <tr>
                  <th scope='row'>
                    <Icon name='members' />
                    会员数
                  </th>
                  {tiers.map((tier) => (
                    <td key={tier.level}>
                      <Link className='link num' to={`/members?tierLevel=${tier.level}`}>
                        {(tier.members ?? 0).toLocaleString('zh-CN')} 位
                      </Link>
                    </td>
                  ))}
                </tr>
                {shown.map(({ kind, title, icon }) => (
                  <tr key={kind}>
                    <th scope='row'>
                      <Icon name={icon} />
                      {title}
                    </th>
                    {tiers.map((tier) => (
                      <td key={tier.level}>
                        <Benefits tier={tier} kind={kind} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <section className='panel rules-line'>
            <Icon name='calendar' />
            <span>
              成长值看最近 <b className='num'>{data?.windowDays}</b> 天的消费；到期没够的，先给{' '}
              <b className='num'>{data?.graceDays}</b> 天宽限。{data?.downgrade}
            </span>
          </section>
        </>
      ) : null}
    </div>
  )
}
