import { formatYuan, formatYuanShort } from '@shared/money'
import { civilDay, describeDay, describeMoment } from '@shared/time'
import { Button, Dropdown } from 'antd'
import { lazy, Suspense } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { Figure } from '../components/Figure'
import { Icon } from '../components/Icon'
import { useCrumb } from '../components/Shell'
import { Ticket } from '../components/Ticket'
import { useRead } from '../queries'
import { useSession } from '../session'
import { RuleSentence } from './RuleSentence'
import { heldCount, redeemRate, states, type Template, validityText } from './states'
import { usePreview } from './usePreview'
import { useTemplateState } from './useTemplateState'
import './coupon-preview.css'
import './coupon-show.css'

const DailyChart = lazy(() => import('./DailyChart'))

function Figures({ template }: { template: Template }) {
  const rate = redeemRate(template)
  return (
    <dl className='figures'>
      <Figure
        label='已发'
        value={`${template.issued.toLocaleString('zh-CN')} 张`}
        note={`库存剩 ${template.stockLeft.toLocaleString('zh-CN')}`}
      />
      <Figure
        label='已核销'
        value={`${template.redeemed.toLocaleString('zh-CN')} 张`}
        note={rate === null ? '还没发出' : `核销率 ${rate}%`}
      />
      <Figure label='会员手里' value={`${heldCount(template).toLocaleString('zh-CN')} 张`} note='还没用也没过期' />
      <Figure label='已过期' value={`${template.expired.toLocaleString('zh-CN')} 张`} note='到期没有用' />
      <Figure
        label='为会员省下'
        value={formatYuan(template.savedFen)}
        note={
          template.redeemed > 0
            ? `平均每张 ${formatYuan(Math.round(template.savedFen / template.redeemed))}`
            : '还没有核销'
        }
      />
    </dl>
  )
}

function Limits({ template }: { template: Template }) {
  const { issue } = template
  const today = civilDay(Date.now())
  const now = Date.now()
  const facts: [string, string][] = [
    ['每人限领', `${issue.perMember} 张`],
    ['每天最多', issue.perDay === null ? '不限' : `${issue.perDay.toLocaleString('zh-CN')} 张`],
    ['预算上限', issue.budgetFen === null ? '不限' : formatYuanShort(issue.budgetFen)],
    ['怎么拿到', issue.claimable ? '领券中心自己领' : '只由店里发放'],
    [
      '领取时间',
      issue.claimFrom === null && issue.claimUntil === null
        ? '发布起，发完为止'
        : `${issue.claimFrom === null ? '发布起' : describeMoment(issue.claimFrom, now)} 到 ${issue.claimUntil === null ? '发完为止' : describeMoment(issue.claimUntil, now)}`,
    ],
    ['建立', describeDay(civilDay(template.createdAt), today)],
    ...(template.publishedAt === null ? [] : [['发布', describeMoment(template.publishedAt, now)] as [string, string]]),
    ...(template.endedAt === null ? [] : [['结束', describeMoment(template.endedAt, now)] as [string, string]]),
  ]
  return (
    <section className='panel limits'>
      <div className='hd'>
        <h2>发行与限领</h2>
      </div>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** At least this many days are drawn, so that a coupon's first day does not stand alone. */
const MIN_DAYS = 14

/** The days from the first on which something happened; none where nothing ever did. */
function livelyDays(daily: Template['daily']): Template['daily'] {
  const first = daily.findIndex((point) => point.issued > 0 || point.redeemed > 0)
  return first < 0 ? [] : daily.slice(Math.max(0, Math.min(first, daily.length - MIN_DAYS)))
}

/** One coupon with its figures, its rule and what may be done with it. */
export default function CouponShow() {
  const { templateId = '' } = useParams()
  const navigate = useNavigate()
  const { can } = useSession()
  const { data, error, isError, isFetching, refetch } = useRead('GET /admin/coupon-templates/:templateId', {
    templateId,
  })
  const preview = usePreview(
    data && { name: data.name, description: data.description, rule: data.rule, issue: data.issue },
  )
  const ask = useTemplateState()
  useCrumb(data?.name ?? null)

  if (isError && !data) return <LoadFailed error={error} retry={() => void refetch()} busy={isFetching} />
  if (!data)
    return (
      <div className='page' role='status' aria-label='正在读取优惠券'>
        <div className='panel bone' style={{ height: 148 }} />
        <div className='panel bone' style={{ height: 360 }} />
      </div>
    )
  const daily = livelyDays(data.daily)
  const open = data.state === 'published' || data.state === 'paused'
  const endItem = { key: 'end', danger: true, label: '结束', onClick: () => void ask(data, 'ended') }
  return (
    <div className='page coupon-show'>
      <section className='panel head'>
        <div className='row g3'>
          <h1 className='cut'>{data.name}</h1>
          <span className={`tag ${states[data.state].tone}`}>{states[data.state].word}</span>
          <span className='i3 cut grow'>{data.description}</span>
          {can('coupon:publish') && open ? (
            <Dropdown menu={{ items: [endItem] }} trigger={['click']} placement='bottomRight'>
              <Button icon={<Icon name='more' />} aria-label='更多操作' />
            </Dropdown>
          ) : null}
          {can('coupon:publish') && data.state === 'published' ? (
            <Button icon={<Icon name='pause' />} onClick={() => void ask(data, 'paused')}>
              暂停发放
            </Button>
          ) : null}
          {can('coupon:write') && data.state !== 'ended' ? (
            <Button icon={<Icon name='edit' />} onClick={() => void navigate(`/coupons/${data.id}/edit`)}>
              {data.state === 'draft' ? '继续编辑' : '改范围和库存'}
            </Button>
          ) : null}
          {can('coupon:publish') && (data.state === 'draft' || data.state === 'paused') ? (
            <Button
              type='primary'
              icon={<Icon name={data.state === 'draft' ? 'send' : 'play'} />}
              onClick={() => void ask(data, 'published')}
            >
              {data.state === 'draft' ? '发布' : '恢复发放'}
            </Button>
          ) : null}
        </div>
        <Figures template={data} />
      </section>
      <div className='pair'>
        <div className='col g3'>
          <section className='panel'>
            <div className='hd'>
              <h2 className='grow'>每天发放与核销</h2>
              <span className='legend issued'>发放</span>
              <span className='legend redeemed'>核销</span>
            </div>
            <div style={{ padding: '4px 16px 12px', minHeight: 256 }}>
              {daily.length === 0 ? (
                <Notice
                  art='shelf'
                  title={data.state === 'draft' ? '还没发布' : '还没有人领'}
                  action={
                    data.state === 'draft' && can('coupon:write') ? (
                      <Link className='link' to={`/coupons/${data.id}/edit`}>
                        继续编辑
                      </Link>
                    ) : undefined
                  }
                >
                  发布后，每天发了多少、用了多少会画在这里。
                </Notice>
              ) : (
                <Suspense fallback={<div className='bone' style={{ height: 224, margin: '12px 0' }} />}>
                  <DailyChart daily={daily} />
                </Suspense>
              )}
            </div>
          </section>
          <Limits template={data} />
        </div>
        <div className='col g3'>
          <section className='panel seen'>
            <div className='hd'>
              <h2>会员看到的样子</h2>
            </div>
            <div className='stage'>
              <Ticket
                face={data.face}
                look={data.state === 'ended' ? 'off' : 'default'}
                line={validityText(data.rule.validity)}
                action={data.state === 'ended' ? null : '去使用'}
              />
              {data.face.rules.length > 0 ? (
                <div className='phone-like'>
                  {data.face.rules.map((one) => (
                    <div key={one.title}>
                      <span>{one.title}</span>
                      <b>{one.detail}</b>
                    </div>
                  ))}
                </div>
              ) : null}
            </div>
          </section>
          <section className='panel reading'>
            <h2>
              <Icon name='document' />
              规则读出来是这样
            </h2>
            <RuleSentence sentence={data.sentence} marks={preview.data?.marks ?? []} />
          </section>
        </div>
      </div>
    </div>
  )
}
