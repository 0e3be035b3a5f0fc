import { formatYuanShort } from '@shared/money'
import { addDays, civilDay, describeDay, weekday, weekdayName } from '@shared/time'
import { Segmented } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { Icon } from '../components/Icon'
import { Ticket } from '../components/Ticket'
import type { Draft } from './draft'
import { RuleSentence } from './RuleSentence'
import { mostInAll, mostPerCoupon } from './states'
import type { Preview } from './usePreview'
import './coupon-preview.css'

type Look = 'usable' | 'today' | 'off'
const looks: { value: Look; label: string }[] = [
  { value: 'usable', label: '可用' },
  { value: 'today', label: '到期日' },
  { value: 'off', label: '不可用' },
]

/** The last day of a coupon taken today. */
function lastDayOf(validity: Draft['rule']['validity'], today: string): string {
  return validity.kind === 'fixed' ? validity.to : addDays(today, (validity.startAfterDays ?? 0) + validity.days)
}

/** '11月29日到期，还有 7 天' as the member would read it today. */
function expiryLine(draft: Draft, today: string, look: Look): string {
  const { validity, hours } = draft.rule
  if (look === 'today') return `今天 ${hours && hours.to !== '24:00' ? hours.to : '24:00'} 到期`
  const last = lastDayOf(validity, today)
  const left = Math.round((Date.parse(last) - Date.parse(today)) / 86_400_000)
  // Two figures more and the line breaks on a phone; far off, the day alone says enough.
  return left < 10 ? `${describeDay(last, today)}到期，还有 ${left} 天` : `${describeDay(last, today)}到期`
}

/** One real reason for which this very coupon would be refused at the till. */
function refusalLine(draft: Draft, today: string): string {
  const { weekdays = [], hours, minSpendFen = 0, validity } = draft.rule
  const closed = [1, 2, 3, 4, 5, 6, 7].find((day) => weekdays.length > 0 && !weekdays.includes(day))
  if (closed) return `${weekdayName(addDays(today, (closed - weekday(today) + 7) % 7))}不可用`
  if (hours) return `仅 ${hours.from}–${hours.to} 可用`
  if (minSpendFen > 0)
    return `还差 ${formatYuanShort(Math.round(minSpendFen / 4))}，满 ${formatYuanShort(minSpendFen)} 可用`
  return `已于 ${describeDay(lastDayOf(validity, today), today)} 过期`
}

/** What the issue can cost at most, from the draft alone. */
function Ceiling({ draft }: { draft: Draft }) {
  const { rule, issue } = draft
  const each = mostPerCoupon(rule)
  const all = mostInAll(rule, issue)
  const budget = rule.kind === 'exchange' ? null : (issue.budgetFen ?? null)
  const unknown = rule.kind === 'amount' ? '未填' : '不封顶'
  return (
    <section className='panel ceiling'>
      <h2>
        <Icon name='shield' />
        最多会花多少
      </h2>
      <dl>
        <div>
          <dt>最多发出</dt>
          <dd className='num'>
            {issue.stock.toLocaleString('zh-CN')}
            <small>张</small>
          </dd>
        </div>
        <div>
          <dt>每张最多优惠</dt>
          <dd className='num'>{each !== null ? formatYuanShort(each) : rule.kind === 'exchange' ? '1 件' : unknown}</dd>
        </div>
        <div>
          <dt>合计最多优惠</dt>
          <dd className='num'>
            {all !== null
              ? formatYuanShort(all)
              : rule.kind === 'exchange'
                ? `${issue.stock.toLocaleString('zh-CN')} 件`
                : unknown}
          </dd>
        </div>
      </dl>
      {rule.kind === 'percent' && each === null ? (
        <p className='caution'>
          <Icon name='warning' />
          没有填“最多减”，一张券能减多少没有上限
        </p>
      ) : budget !== null ? (
        <p className='caution'>
          <Icon name='shield' />
          预算 {formatYuanShort(budget)}，按每张最多优惠计算，到了就停发
        </p>
      ) : null}
    </section>
  )
}

/** How the member will see the coupon, how its rule reads, and what it can cost. */
export function CouponPreview({
  draft,
  preview,
  error,
}: {
  draft: Draft
  preview: Preview | undefined
  error: Error | null
}) {
  const [look, setLook] = useState<Look>('usable')
  const today = civilDay(Date.now())
  return (
    <aside className='preview' aria-label='预览'>
      <div className='row between' style={{ height: 32 }}>
        <h2 className='m'>会员看到的样子</h2>
        <Segmented options={looks} value={look} onChange={setLook} aria-label='看哪种状态' />
      </div>
      <div className='phone'>
        <div className='bar'>我的卡券</div>
        <div className='screen'>
          {preview ? (
            <>
              <div className={look === 'off' ? 'withheld' : ''}>
                <Ticket
                  face={{ ...preview.face, name: draft.name || '未命名的券' }}
                  look={look === 'usable' ? 'default' : look}
                  line={expiryLine(draft, today, look)}
                  action={look === 'off' ? null : '去使用'}
                />
                {look === 'off' ? (
                  <div className='strip'>
                    <span>{refusalLine(draft, today)}</span>
                    <span className='m'>为什么</span>
                  </div>
                ) : null}
              </div>
              {preview.face.rules.length > 0 ? (
                <div className='details'>
                  {preview.face.rules.map((one) => (
                    <div key={one.title}>
                      <span>{one.title}</span>
                      <b>{one.detail}</b>
                    </div>
                  ))}
                </div>
              ) : null}
            </>
          ) : (
            <div className='bone' style={{ height: 104, borderRadius: 12 }} />
          )}
        </div>
      </div>
      <section className='panel reading'>
        <h2>
          <Icon name='document' />
          规则读出来是这样
        </h2>
        {preview ? (
          <RuleSentence sentence={preview.sentence} marks={preview.marks} />
        ) : (
          <div className='bone' style={{ height: 72, marginTop: 8 }} />
        )}
        {error ? <p className='cw t12'>预览没有更新：{sentenceOf(error)}</p> : null}
      </section>
      <Ceiling draft={draft} />
    </aside>
  )
}
