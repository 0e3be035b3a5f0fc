import type { Input as InputOf, Output } from '@shared/contract'
import { channelNames } from '@shared/message'
import { dateTime } from '@shared/time'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { App, Button, DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { call, sentenceOf } from '../api'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { FormProblem } from '../components/FormProblem'
import { useSettled } from '../components/useSettled'
import { personChannelsOf } from '../journeys/draft'
import { Field } from '../journeys/fields'
import { ReachView } from '../journeys/ReachView'
import { TestSend } from '../messages/TestSend'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { campaignTouches } from './words'
import './campaigns.css'

/** A campaign with what became of its messages. */
export type Campaign = Output<'GET /admin/campaigns/:campaignId'>
type Draft = Required<InputOf<'POST /admin/campaigns'>>
const FORECAST = 'POST /admin/campaigns/forecast'

function draftOf(campaign: Campaign | null): Draft {
  if (!campaign)
    return {
      name: '',
      segmentId: null,
      templateId: '',
      channels: [],
      at: null,
      holdoutPercent: 10,
      holdoutReason: '',
      priority: 5,
    }
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

/** The form of a draft with its forecast. */
export function CampaignForm({ campaign }: { campaign: Campaign | null }) {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(() => draftOf(campaign))
  const [trying, setTrying] = useState(false)
  const options = useRead('GET /admin/journey-options', {})
  const create = useWrite('POST /admin/campaigns', campaignTouches)
  const change = useWrite('PUT /admin/campaigns/:campaignId', campaignTouches)
  const move = useWrite('POST /admin/campaigns/:campaignId/state', campaignTouches)
  const drop = useWrite('DELETE /admin/campaigns/:campaignId', ['GET /admin/campaigns'])
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
                  okText: '删除',
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
          {can('message:write') ? (
            <Button disabled={!draft.templateId} onClick={() => setTrying(true)}>
              测试发送
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
      <div className='campaign-build'>
        <section className='panel'>
          <div className='journey-fields' style={{ padding: 16 }}>
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
      {trying ? (
        <TestSend
          templateId={draft.templateId}
          name={templates?.find((t) => t.id === draft.templateId)?.name ?? ''}
          channels={able}
          close={() => setTrying(false)}
        />
      ) : null}
    </div>
  )
}
