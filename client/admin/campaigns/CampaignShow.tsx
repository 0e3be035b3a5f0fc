import { dateTime } from '@shared/time'
import { App, Button } from 'antd'
import { Link, useParams } from 'react-router'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { useCrumb } from '../components/Shell'
import { EffectPanel } from '../experiments/EffectPanel'
import { OutcomeTable } from '../journeys/ReportTab'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { type Campaign, CampaignForm } from './CampaignForm'
import { campaignStates, campaignTouches } from './words'

/** What it brought beside the members who were kept back. */
function CampaignEffect({ campaignId }: { campaignId: string }) {
  const query = useRead('GET /admin/experiments/campaigns/:campaignId', { campaignId, windowDays: 14 })
  return <EffectPanel title='收到的比留作对照的' to={`/experiments/campaign/${campaignId}`} query={query} />
}

function Sent({ campaign }: { campaign: Campaign }) {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const move = useWrite('POST /admin/campaigns/:campaignId/state', campaignTouches)
  const state = campaignStates[campaign.state]
  const change = (to: 'scheduled' | 'paused' | 'ended', title: string, content: string) =>
    modal.confirm({
      title,
      content,
      okText: title.slice(0, 2),
      okButtonProps: { danger: to === 'ended' },
      onOk: () =>
        move
          .mutateAsync({ campaignId: campaign.id, version: campaign.version, to })
          .catch((error: unknown) => message.error(sentenceOf(error))),
    })
  const running = campaign.state === 'scheduled' || campaign.state === 'sending'
  const figures = [
    { label: '已处理', value: campaign.audience },
    { label: '对照组', value: campaign.held },
    { label: '交给渠道', value: campaign.queued },
    { label: '发不到', value: campaign.unsent },
  ]
  return (
    <div className='page'>
      <div className='page-head'>
        <h1 className='cut'>{campaign.name}</h1>
        <span className={`tag ${state.look}`}>{state.name}</span>
        <span className='sub cut'>
          {dateTime(campaign.sendAt)}，{campaign.segmentName ?? '全部会员'}，{campaign.templateName}
        </span>
        <div className='actions'>
          {can('journey:publish') && (running || campaign.state === 'paused') ? (
            <Button
              danger
              onClick={() => change('ended', '结束这次群发？', '还没发的不再发，已发的不能收回，结束后不能恢复。')}
            >
              结束
            </Button>
          ) : null}
          {can('journey:publish') && running ? (
            <Button onClick={() => change('paused', '暂停这次群发？', '还没发的先停下，可以随时继续。')}>暂停</Button>
          ) : null}
          {can('journey:publish') && campaign.state === 'paused' ? (
            <Button
              type='primary'
              onClick={() => change('scheduled', '继续发？', '从停下的地方接着发，已发过的不会再发。')}
            >
              继续
            </Button>
          ) : null}
        </div>
      </div>
      <section className='panel'>
        <div className='journey-figures'>
          {figures.map(({ label, value }) => (
            <div key={label}>
              <span className='i3 t12'>{label}</span>
              <b>{value.toLocaleString('zh-CN')}</b>
            </div>
          ))}
        </div>
        <OutcomeTable rows={campaign.outcomes} />
        {can('message:read') && campaign.queued + campaign.unsent > 0 ? (
          <p style={{ padding: '12px 16px' }}>
            <Link className='link' to={`/messages?source=campaign:${campaign.id}`}>
              每一条发给了谁、为什么没发
            </Link>
          </p>
        ) : null}
      </section>
      {can('experiment:read') && campaign.startedAt !== null ? <CampaignEffect campaignId={campaign.id} /> : null}
    </div>
  )
}

/** A campaign: a form with its forecast while it is a draft, a report afterwards. */
export default function CampaignShow() {
  const { campaignId } = useParams()
  const query = useRead(
    'GET /admin/campaigns/:campaignId',
    { campaignId: campaignId ?? '' },
    { enabled: campaignId !== undefined },
  )
  const { can } = useSession()
  useCrumb(campaignId === undefined ? '新建群发' : (query.data?.name ?? null))
  if (campaignId === undefined) return <CampaignForm campaign={null} />
  if (!query.data)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='page' role='status' aria-label='正在读取活动'>
        <div className='bone' style={{ height: 320 }} />
      </div>
    )
  return query.data.state === 'draft' && can('journey:write') ? (
    <CampaignForm key={`${query.data.id}-${query.data.version}`} campaign={query.data} />
  ) : (
    <Sent campaign={query.data} />
  )
}
