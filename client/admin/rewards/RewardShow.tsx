import { formatYuan } from '@shared/money'
import { civilDay, describeDay, describeMoment } from '@shared/time'
import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { sentenceOf } from '../api'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { Figure } from '../components/Figure'
import { Icon } from '../components/Icon'
import { useCrumb } from '../components/Shell'
import { useList, useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { AdjustStock } from './AdjustStock'
import { RewardTile } from './RewardPreview'
import { orderTones, priceOf, type Reward, rewardStates } from './words'
import '../coupons/coupon-show.css'
import '../coupons/coupon-preview.css'
import './rewards.css'

function Figures({ reward }: { reward: Reward }) {
  const { figures } = reward
  return (
    <dl className='figures'>
      <Figure label='价格' value={priceOf(reward)} note={reward.category} />
      <Figure
        label='已兑换'
        value={`${figures.orders.toLocaleString('zh-CN')} 件`}
        note={`${figures.members.toLocaleString('zh-CN')} 位会员`}
      />
      <Figure label='库存剩' value={reward.stockLeft.toLocaleString('zh-CN')} note={`共 ${reward.stock} 件`} />
      <Figure label='收回积分' value={figures.points.toLocaleString('zh-CN')} note='已退的不算' />
      <Figure label='收到现金' value={formatYuan(figures.cashFen)} note={`${figures.open} 笔待处理`} />
    </dl>
  )
}

/** Thirty days as bars; the height is a share of the busiest day. */
function Daily({ daily }: { daily: { on: string; orders: number; points: number }[] }) {
  const most = Math.max(1, ...daily.map((d) => d.orders))
  const all = daily.reduce((sum, d) => sum + d.orders, 0)
  return (
    <div className='daily-bars' role='img' aria-label={`近 ${daily.length} 天兑换 ${all} 件`}>
      {daily.map((d) => (
        <div key={d.on} title={`${d.on}：${d.orders} 件，${d.points} 分`}>
          <i style={{ height: `${(d.orders / most) * 100}%` }} />
          {d.on.endsWith('-01') || d.on === daily[0].on || d === daily.at(-1) ? <span>{d.on.slice(5)}</span> : null}
        </div>
      ))}
    </div>
  )
}

/** The last redemptions of this reward. */
function Orders({ rewardId }: { rewardId: string }) {
  const list = useList('GET /admin/reward-orders', { rewardId, limit: 8 })
  const now = Date.now()
  if (list.rows?.length === 0)
    return (
      <Notice art='shelf' title='还没有人兑换'>
        兑换后，谁换走、在哪家店取会列在这里。
      </Notice>
    )
  return (
    <ul className='order-lines'>
      {list.rows?.map((o) => (
        <li key={o.id}>
          <span className='grow'>
            <Link to={`/members/${o.memberId}`}>{o.memberNameMasked}</Link>
            <span className='t12 i3'> {o.storeName ?? (o.address ? o.address.region : '发到卡券')}</span>
          </span>
          <span className='t12 i3 num'>{describeMoment(o.createdAt, now)}</span>
          <span className={`tag ${orderTones[o.state]}`}>{o.stateText}</span>
        </li>
      ))}
    </ul>
  )
}

/** One reward: figures, days, stock and who redeemed it. */
export default function RewardShow() {
  const { rewardId = '' } = useParams()
  const navigate = useNavigate()
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const [adjusting, setAdjusting] = useState(false)
  const { data, error, isError, isFetching, refetch } = useRead('GET /admin/rewards/:rewardId', { rewardId })
  const move = useWrite('POST /admin/rewards/:rewardId/state', ['GET /admin/rewards', 'GET /admin/rewards/:rewardId'])
  useCrumb(data?.name ?? null)
  if (isError && !data) return <LoadFailed error={error} retry={() => void refetch()} busy={isFetching} />
  if (!data)
    return (
      <div className='page' role='status' aria-label='正在读取礼品'>
        <div className='panel bone' style={{ height: 148 }} />
        <div className='panel bone' style={{ height: 360 }} />
      </div>
    )
  const change = (to: 'published' | 'ended') =>
    void modal.confirm({
      title: to === 'published' ? `上架“${data.name}”？` : `下架“${data.name}”？`,
      width: 440,
      content:
        to === 'published'
          ? '会员马上能兑换；价格和限制上架后不能再改。'
          : '下架后不能再恢复。已经兑换的不受影响，照常领取。',
      okText: to === 'published' ? '上架' : '下架',
      okButtonProps: { danger: to === 'ended' },
      onOk: () =>
        move
          .mutateAsync({ rewardId: data.id, version: data.version, to })
          .then(() => void message.success(to === 'published' ? '已上架' : '已下架'))
          .catch((failure: unknown) => void message.error(sentenceOf(failure))),
    })
  const writes = can('reward:write') && data.state !== 'ended'
  return (
    <div className='page coupon-show'>
      <section className='panel head'>
        <div className='row g3'>
          <h1 className='cut'>{data.name}</h1>
          <span className={`tag ${rewardStates[data.state].tone}`}>{rewardStates[data.state].word}</span>
          <span className='i3 cut grow'>{data.subtitle}</span>
          {writes && data.state === 'published' ? (
            <Dropdown
              menu={{ items: [{ key: 'end', danger: true, label: '下架', onClick: () => change('ended') }] }}
              trigger={['click']}
              placement='bottomRight'
            >
              <Button icon={<Icon name='more' />} aria-label='更多操作' />
            </Dropdown>
          ) : null}
          {writes ? <Button onClick={() => setAdjusting(true)}>调整库存</Button> : null}
          {writes ? (
            <Button icon={<Icon name='edit' />} onClick={() => void navigate(`/rewards/${data.id}/edit`)}>
              编辑
            </Button>
          ) : null}
          {writes && data.state === 'draft' ? (
            <Button type='primary' icon={<Icon name='send' />} onClick={() => change('published')}>
              上架
            </Button>
          ) : null}
        </div>
        <Figures reward={data} />
      </section>
      <div className='pair'>
        <div className='col g3'>
          <section className='panel'>
            <div className='hd'>
              <h2>近 30 天兑换</h2>
            </div>
            <Daily daily={data.daily} />
          </section>
          <section className='panel'>
            <div className='hd'>
              <h2 className='grow'>最近的兑换</h2>
              <Link className='link' to={`/reward-orders?rewardId=${data.id}`}>
                全部
              </Link>
            </div>
            <Orders rewardId={data.id} />
          </section>
          <section className='panel'>
            <div className='hd'>
              <h2>库存变化</h2>
            </div>
            {data.stockChanges.length ? (
              <ul className='order-lines'>
                {data.stockChanges.slice(0, 12).map((c) => (
                  <li key={c.id}>
                    <span className='grow'>
                      {c.kind}
                      <span className='t12 i3'>
                        {' '}
                        {c.reason}
                        {c.by ? `（${c.by}）` : ''}
                      </span>
                    </span>
                    <span className='t12 i3 num'>{describeMoment(c.at, Date.now())}</span>
                    <b className='num delta'>{c.delta > 0 ? `+${c.delta}` : c.delta}</b>
                  </li>
                ))}
              </ul>
            ) : (
              <Notice art='shelf' title='还没有变化' />
            )}
          </section>
        </div>
        <div className='col g3'>
          <section className='panel seen'>
            <div className='hd'>
              <h2>会员看到的样子</h2>
            </div>
            <div className='stage'>
              <RewardTile card={data.card} />
            </div>
          </section>
          <section className='panel reading'>
            <h2>
              <Icon name='document' />
              规则读出来是这样
            </h2>
            <p className='i2'>{data.sentence}</p>
            <p className='t12 i3'>
              建立于 {describeDay(civilDay(data.createdAt), civilDay(Date.now()))}
              {data.couponName ? `，换到“${data.couponName}”` : ''}
            </p>
          </section>
        </div>
      </div>
      <AdjustStock reward={data} open={adjusting} onClose={() => setAdjusting(false)} />
    </div>
  )
}
