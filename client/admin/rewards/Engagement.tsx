import { describeMoment } from '@shared/time'
import { App, Button } from 'antd'
import { Link } from 'react-router'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { StateTabs } from '../components/StateTabs'
import { useUrlState } from '../components/useUrlState'
import { type Row, useList, useWrite } from '../queries'
import { useSession } from '../session'
import { CheckinPlanForm } from './CheckinPlanForm'
import { ProfilePlanForm } from './ProfilePlanForm'
import { ReferralPlanForm } from './ReferralPlanForm'
import '../coupons/coupon-list.css'
import './rewards.css'

type Referral = Row<'GET /admin/referrals'>
const tabs = ['held', 'bought', 'paid', 'joined'] as const
const words = { held: '待核对', bought: '等退款期', paid: '已发奖励', joined: '未消费' } as const
const tones: Record<Referral['state'], string> = {
  joined: '',
  bought: 'info',
  paid: 'brand',
  capped: 'gold',
  held: 'warn',
  rejected: 'danger',
}
const flags: Record<Referral['flags'][number], string> = {
  burst: '一小时内来了很多好友',
  refunded: '之前的首单退过',
  no_phone: '没有绑手机号',
}

/** Check-in and invitations: their rules, and the invitations that a person has to look at. */
export default function Engagement() {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const [url, setUrl] = useUrlState(['state'] as const)
  const state = tabs.find((known) => known === url.state)
  const list = useList('GET /admin/referrals', { state, limit: 20 })
  const decide = useWrite('POST /admin/referrals/:friendId/decisions', [
    'GET /admin/referrals',
    'GET /admin/referral-plan',
  ])
  const ask = (row: Referral, decision: 'release' | 'reject') =>
    void modal.confirm({
      title: decision === 'release' ? '放行这个邀请？' : '拒绝这个邀请？',
      content: decision === 'release' ? '两边的积分马上到账，不能收回。' : '两边都不会得到积分，不能再改。',
      okText: decision === 'release' ? '放行' : '拒绝',
      okButtonProps: { danger: decision === 'reject' },
      onOk: () =>
        decide
          .mutateAsync({
            friendId: row.friendId,
            decision,
            reason: decision === 'release' ? '人工核对，放行' : '人工核对，拒绝',
          })
          .then(() => void message.success('已处理'))
          .catch((error: unknown) => void message.error(sentenceOf(error))),
    })
  const now = Date.now()
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>签到、邀请与资料</h1>
        <span className='sub'>每天来一次、带朋友来、填好资料，各得多少分</span>
      </div>
      <div className='plan-grid'>
        <CheckinPlanForm />
        <ReferralPlanForm />
        <ProfilePlanForm />
      </div>
      <section className='panel list-panel'>
        <div className='state-bar'>
          <StateTabs
            states={tabs}
            state={state}
            wordOf={(one) => words[one]}
            all='全部邀请'
            onChange={(next) => setUrl({ state: next })}
          />
        </div>
        <DataTable
          label='邀请'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.friendId}
          minWidth={720}
          clearFilters={state ? () => setUrl({ state: undefined }) : undefined}
          empty={
            <Notice art='shelf' title='还没有邀请'>
              会员把邀请码发给朋友，朋友入会后会列在这里。
            </Notice>
          }
          columns={[
            {
              key: 'friend',
              title: '好友',
              width: 120,
              render: (_, row) => <Link to={`/members/${row.friendId}`}>{row.nameMasked}</Link>,
            },
            {
              key: 'inviter',
              title: '邀请人',
              width: 120,
              render: (_, row) => <Link to={`/members/${row.inviterId}`}>{row.inviterNameMasked}</Link>,
            },
            {
              key: 'state',
              title: '状态',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <span className={`tag ${tones[row.state]}`}>{row.stateText}</span>
                  {row.flags.length ? <div className='t12 i3'>{row.flags.map((f) => flags[f]).join('，')}</div> : null}
                </>
              ),
            },
            {
              key: 'points',
              title: '发出积分',
              align: 'right',
              width: 110,
              render: (_, row) => <span className='num'>{row.points || '–'}</span>,
            },
            {
              key: 'time',
              title: '填码',
              width: 132,
              render: (_, row) => <span className='num i2'>{describeMoment(row.joinedAt, now)}</span>,
            },
            {
              key: 'more',
              title: <span className='sr-only'>操作</span>,
              width: 140,
              align: 'right',
              render: (_, row) =>
                row.state === 'held' && can('reward:write') ? (
                  <>
                    <Button size='small' type='primary' onClick={() => ask(row, 'release')}>
                      放行
                    </Button>{' '}
                    <Button size='small' danger onClick={() => ask(row, 'reject')}>
                      拒绝
                    </Button>
                  </>
                ) : null,
            },
          ]}
        />
      </section>
    </div>
  )
}
