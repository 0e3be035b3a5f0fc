import { formatYuan } from '@shared/money'
import { civilDay, describeDay, describeLapse, endOfDay } from '@shared/time'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { Figure } from '../components/Figure'
import { Icon } from '../components/Icon'
import { TierChip } from '../components/TierChip'
import { useRead } from '../queries'
import { useSession } from '../session'
import { AdjustPoints } from './AdjustPoints'
import { GrantCoupon } from './GrantCoupon'
import type { Member } from './MemberShow'
import { MemberTags } from './MemberTags'
import { RevealPhone } from './RevealPhone'

const stageTones = { new: 'info', active: 'brand', loyal: 'brand', dormant: 'warn', lost: '' } as const
const ways = { wechat: '微信入会', phone: '手机号入会', staff: '店员办理入会', import: '名单导入' }

/** A quiet portrait: the family name on the colour of the gender that the member gave, or of the shop. */
function Portrait({ name }: { name: string }) {
  return (
    <span className='portrait' aria-hidden='true'>
      {name.slice(0, 1)}
    </span>
  )
}

function Figures({ member }: { member: Member }) {
  const { figures, points, tier } = member
  const next = points.expiring[0]
  const now = Date.now()
  return (
    <dl className='figures'>
      <Figure
        label='累计消费'
        value={formatYuan(figures.spendFen)}
        note={`${figures.purchases.toLocaleString('zh-CN')} 单`}
      />
      <Figure
        label='客单价'
        value={formatYuan(figures.averageFen)}
        note={figures.refundFen > 0 ? `退过 ${formatYuan(figures.refundFen)}` : '没有退过款'}
      />
      <Figure
        label='可用积分'
        value={points.balance.toLocaleString('zh-CN')}
        note={
          points.debt > 0
            ? `欠 ${points.debt.toLocaleString('zh-CN')} 分，下次先抵`
            : next
              ? `${next.points.toLocaleString('zh-CN')} 分 ${describeLapse(endOfDay(next.on), now)}`
              : '30 天内没有过期'
        }
      />
      <Figure label='可用券' value={`${figures.couponsHeld} 张`} note={`用过 ${figures.couponsRedeemed} 张`} />
      <Figure
        label='用券省下'
        value={formatYuan(figures.couponSavedFen)}
        note={
          figures.couponsRedeemed > 0
            ? `平均每张 ${formatYuan(Math.round(figures.couponSavedFen / figures.couponsRedeemed))}`
            : '还没用过券'
        }
      />
      <Figure
        label='成长值'
        value={tier.growth.toLocaleString('zh-CN')}
        note={tier.nextName ? `距${tier.nextName} ${tier.gap.toLocaleString('zh-CN')}` : '已是最高等级'}
      />
    </dl>
  )
}

/** What an operator may do with a member; the page holds which of them is open, since the suggestions open one too. */
export type MemberDialog = 'reveal' | 'adjust' | 'grant'

/** Who this is, the six figures, and what an operator may do here. */
export function MemberHeader(props: {
  member: Member | undefined
  memberId: string
  dialog: MemberDialog | null
  setDialog: (dialog: MemberDialog | null) => void
}) {
  const { member, memberId, dialog, setDialog } = props
  const { can } = useSession()
  const scores = useRead('GET /admin/members/:memberId/scores', { memberId })
  const [revealed, setRevealed] = useState<{ phone: string | null; name: string } | null>(null)
  if (!member)
    return (
      <section className='panel member-head' role='status' aria-label='正在读取会员'>
        <div className='row who'>
          <div className='bone' style={{ width: 64, height: 64, borderRadius: 32 }} />
          <div>
            <div className='bone' style={{ width: 160, height: 24, marginBottom: 10 }} />
            <div className='bone' style={{ width: 320, height: 16 }} />
          </div>
        </div>
        <div className='figures'>
          {[1, 2, 3, 4, 5, 6].map((place) => (
            <div key={place}>
              <div className='bone' style={{ width: 88, height: 64 }} />
            </div>
          ))}
        </div>
      </section>
    )
  const today = civilDay(Date.now())
  const isBirthday =
    member.birthday?.calendar === 'solar' &&
    today.slice(5) ===
      `${String(member.birthday.month).padStart(2, '0')}-${String(member.birthday.day).padStart(2, '0')}`
  const active = member.status === 'active'
  return (
    <section className='panel member-head'>
      <div className='row who'>
        <Portrait name={member.nameMasked} />
        <div className='grow'>
          <div className='row g2 line'>
            <h1>{revealed?.name || member.nameMasked}</h1>
            <TierChip name={member.tier.name} level={member.tier.level} />
            {scores.data?.stage ? (
              <span className={`tag ${stageTones[scores.data.stage.code]}`}>{scores.data.stage.name}</span>
            ) : null}
            {isBirthday ? (
              <span className='tag gold'>
                <Icon name='cake' size={14} />
                今天生日
              </span>
            ) : null}
            {active ? null : <span className='tag danger'>已停用</span>}
          </div>
          <div className='row line i2 facts'>
            <span className='num'>
              {revealed ? (revealed.phone ?? '没有绑定手机号') : (member.phoneMasked ?? '未绑手机')}
            </span>
            {member.phoneMasked && !revealed && can('member:reveal') ? (
              <button type='button' className='link row g1' onClick={() => setDialog('reveal')}>
                <Icon name='eye' />
                查看手机号
              </button>
            ) : null}
            <span className='num'>卡号 {member.cardNo}</span>
            <span>{ways[member.joinedBy]}</span>
            <span className='num'>{describeDay(civilDay(member.joinedAt), today)}入会</span>
          </div>
          <MemberTags memberId={memberId} />
        </div>
        <div className='row g2 acts'>
          {can('member:adjust') ? (
            <Button icon={<Icon name='points' />} onClick={() => setDialog('adjust')} disabled={!active}>
              调积分
            </Button>
          ) : null}
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                {
                  key: 'copy',
                  label: '复制卡号',
                  onClick: () => void navigator.clipboard?.writeText(member.cardNo.replace(/\s/g, '')),
                },
              ],
            }}
          >
            <Button icon={<Icon name='more' />} aria-label='更多' />
          </Dropdown>
          {can('coupon:grant') ? (
            <Button type='primary' icon={<Icon name='coupon' />} onClick={() => setDialog('grant')} disabled={!active}>
              发券
            </Button>
          ) : null}
        </div>
      </div>
      <Figures member={member} />
      <RevealPhone
        open={dialog === 'reveal'}
        memberId={memberId}
        onClose={() => setDialog(null)}
        onRevealed={setRevealed}
      />
      <AdjustPoints
        open={dialog === 'adjust'}
        memberId={memberId}
        balance={member.points.balance}
        onClose={() => setDialog(null)}
      />
      <GrantCoupon open={dialog === 'grant'} memberId={memberId} onClose={() => setDialog(null)} />
    </section>
  )
}
