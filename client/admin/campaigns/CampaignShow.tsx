import type { Input as InputOf, Output } from '@shared/contract'
import { channelNames } from '@shared/message'
import { dateTime } from '@shared/time'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { App, Button, DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { call, sentenceOf } from '../api'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { FormProblem } from '../components/FormProblem'
import { useSettled } from '../components/useSettled'
import { personChannelsOf } from '../journeys/draft'
import { Field } from '../journeys/fields'
import { ReachView } from '../journeys/ReachView'
import { OutcomeTable } from '../journeys/ReportTab'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { campaignStates } from './words'

type Campaign = Output<'GET /admin/campaigns/:campaignId'>
type Draft = InputOf<'POST /admin/campaigns'>
const FORECAST = 'POST /admin/campaigns/forecast'
const touched = ['GET /admin/campaigns', 'GET /admin/campaigns/:campaignId', 'GET /admin/journey-calendar'] as const

function draftOf(campaign: Campaign | null): Draft {
  if (!campaign)
    return { name: '', segmentId: null, templateId: '', channels: [], at: null, holdoutPercent: 10, holdoutReason: '' }
  const { name, segmentId, templateId, channels, at, holdoutPercent, holdoutReason, priority } = campaign
  return { name, segmentId, templateId, channels, at, holdoutPercent, holdoutReason, priority }
}

function Forecast({ draft, campaignId }: { draft: Draft; campaignId?: string }) {
  const { segmentId, templateId, channels, at, holdoutPercent, priority } = useSettled(draft, 400)
  const input = { segmentId, templateId, channels, at, holdoutPercent, priority, campaignId }
  const query = useQuery({
    queryKey: [FORECAST, input],
    queryFn: ({ signal }) => call(FORECAST, input, { signal }),
    enabled: templateId !== '' && channels.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <section className='panel'>
      <div className='hd'>
        <h2>能到多少人</h2>
        <span className='t12 i3'>按频次、订阅次数、勿扰、同意和对照组算过</span>
      </div>
      <StaleStrip query={query} />
      {query.data ? (
        <ReachView reach={query.data} />
      ) : query.isError ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
      ) : (
        <p className='i3' style={{ padding: 16 }}>
          {query.isFetching ? '正在算…' : '选好消息模板，这里就会算出来。'}
        </p>
      )}
    </section>
  )
}

function Editor({ campaign }: { campaign: Campaign | null }) {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(() => draftOf(campaign))
  const options = useRead('GET /admin/journey-options', {})
  const create = useWrite('POST /admin/campaigns', touched)
  const change = useWrite('PUT /admin/campaigns/:campaignId', touched)
  const move = useWrite('POST /admin/campaigns/:campaignId/state', touched)
  const drop = useWrite('DELETE /admin/campaigns/:campaignId', touched.slice(0, 1))
  const set = (patch: Partial<Draft>) => setDraft((before) => ({ ...before, ...patch }))
  const templates = options.data?.templates.filter((t) => personChannelsOf(t.channels).length)
  const able = personChannelsOf(templates?.find((t) => t.id === draft.templateId)?.channels ?? [])
  const ready =
    draft.name.trim() !== '' &&
    draft.templateId !== '' &&
    draft.channels.length > 0 &&
    (draft.holdoutPercent > 0 || Boolean(draft.holdoutReason))
  const save = async () => {
    const body = { ...draft, name: draft.name.trim() }
    return campaign
      ? change.mutateAsync({ campaignId: campaign.id, version: campaign.version, ...body })
      : create.mutateAsync(body)
  }
  const keep = () =>
    save()
      .then((saved) => {
        void message.success('草稿已保存')
        void navigate(`/campaigns/${saved.id}`, { replace: true })
      })
      .catch(() => undefined)
  const launch = () =>
    modal.confirm({
      title: draft.at ? `定在 ${dateTime(draft.at)} 发出？` : '现在就发？',
      content: `会发给${draft.segmentId ? '所选人群' : '全部会员'}里能收到的人，留 ${draft.holdoutPercent} % 对照。发出的消息不能收回，没发完之前可以暂停。`,
      okText: draft.at ? '定时' : '发出',
      onOk: () =>
        save()
          .then((saved) => move.mutateAsync({ campaignId: saved.id, version: saved.version, to: 'scheduled' }))
          .then((sent) => navigate(`/campaigns/${sent.id}`, { replace: true }))
          .catch((error: unknown) => message.error(sentenceOf(error))),
    })
  return (
    <div className='page'>
      <div className='page-head'>
        <h1 className='cut'>{draft.name || '新建群发'}</h1>
        <span className='tag'>草稿</span>
        <div className='actions'>
          {campaign ? (
            <Button
              onClick={() =>
                modal.confirm({
                  title: '删除这个草稿？',
                  content: '删除后不能恢复。',
                  okButtonProps: { danger: true },
                  onOk: () =>
                    drop
                      .mutateAsync({ campaignId: campaign.id })
                      .then(() => navigate('/campaigns'))
                      .catch((error: unknown) => message.error(sentenceOf(error))),
                })
              }
            >
              删除
            </Button>
          ) : null}
          <Button disabled={!ready} loading={create.isPending || change.isPending} onClick={() => void keep()}>
            保存草稿
          </Button>
          {can('journey:publish') ? (
            <Button type='primary' disabled={!ready} onClick={launch}>
              {draft.at ? '定时发出' : '现在发出'}
            </Button>
          ) : null}
        </div>
      </div>
      <FormProblem error={create.error ?? change.error} />
      <section className='panel'>
        <div className='journey-fields' style={{ padding: 16, maxWidth: 640 }}>
          <Field label='名字'>
            <Input value={draft.name} maxLength={40} onChange={(event) => set({ name: event.target.value })} />
          </Field>
          <Field label='发给谁'>
            <Select
              allowClear
              value={draft.segmentId ?? undefined}
              placeholder='全部会员'
              options={options.data?.segments.map((s) => ({ value: s.id, label: s.name }))}
              onChange={(segmentId?: string) => set({ segmentId: segmentId ?? null })}
            />
          </Field>
          <Field label='消息模板'>
            <Select
              value={draft.templateId || undefined}
              placeholder='选一个模板'
              options={templates?.map((t) => ({ value: t.id, label: t.name }))}
              onChange={(templateId) =>
                set({
                  templateId,
                  channels: personChannelsOf(templates?.find((t) => t.id === templateId)?.channels ?? []),
                })
              }
            />
          </Field>
          <Field label='渠道，按顺序试' hint='前一个发不出去才用下一个'>
            <Select
              mode='multiple'
              value={draft.channels}
              options={able.map((value) => ({ value, label: channelNames[value] }))}
              onChange={(channels) => set({ channels })}
            />
          </Field>
          <Field label='什么时候发' hint='不选就是发布后立刻；勿扰时段里的会等到结束再发'>
            <DatePicker
              showTime={{ format: 'HH:mm' }}
              format='YYYY-MM-DD HH:mm'
              value={draft.at ? dayjs(draft.at) : null}
              placeholder='发布后立刻'
              onChange={(at) => set({ at: at ? at.valueOf() : null })}
            />
          </Field>
          <Field label='对照组' hint='留出一部分不发，才知道有没有用'>
            <InputNumber
              min={0}
              max={50}
              precision={0}
              suffix='%'
              value={draft.holdoutPercent}
              onChange={(value) => set({ holdoutPercent: value ?? 0 })}
            />
          </Field>
          {draft.holdoutPercent === 0 ? (
            <Field label='不留对照组的原因' wrong={draft.holdoutReason ? undefined : '请写原因'}>
              <Input
                value={draft.holdoutReason}
                maxLength={60}
                onChange={(event) => set({ holdoutReason: event.target.value })}
              />
            </Field>
          ) : null}
        </div>
      </section>
      <Forecast draft={draft} campaignId={campaign?.id} />
    </div>
  )
}

function Sent({ campaign }: { campaign: Campaign }) {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const move = useWrite('POST /admin/campaigns/:campaignId/state', touched)
  const state = campaignStates[campaign.state]
  const change = (to: 'scheduled' | 'paused' | 'ended', title: string, content: string) =>
    modal.confirm({
      title,
      content,
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
          {can('experiment:read') ? (
            <Link to={`/experiments/campaign/${campaign.id}`}>
              <Button>带来多少、可信吗</Button>
            </Link>
          ) : null}
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
      </section>
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
  if (campaignId === undefined) return <Editor campaign={null} />
  if (!query.data)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='page' role='status' aria-label='正在读取活动'>
        <div className='bone' style={{ height: 320 }} />
      </div>
    )
  return query.data.state === 'draft' && can('journey:write') ? (
    <Editor key={`${query.data.id}-${query.data.version}`} campaign={query.data} />
  ) : (
    <Sent campaign={query.data} />
  )
}
