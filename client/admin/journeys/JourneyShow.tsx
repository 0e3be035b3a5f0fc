import type { Output } from '@shared/contract'
import { App, Button, Tabs } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useBlocker, useNavigate, useParams } from 'react-router'
import { isFailure, sentenceOf } from '../api'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useCrumb } from '../components/Shell'
import { useUrlState } from '../components/useUrlState'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { DrawTab, type JourneyDraft } from './DrawTab'
import { Enrol } from './Enrol'
import { useCheck } from './useCheck'
import { useHistory } from './useHistory'
import { stateQuestions, stateWords } from './words'

type Shown = Output<'GET /admin/journeys/:journeyId'>
const touched = ['GET /admin/journeys', 'GET /admin/journeys/:journeyId', 'GET /admin/journey-calendar'] as const
const ReportTab = lazy(() => import('./ReportTab'))
const RunsTab = lazy(() => import('./RunsTab'))
const ForecastTab = lazy(() => import('./ForecastTab'))
const SimulateTab = lazy(() => import('./SimulateTab'))

const draftOf = ({ name, description, definition }: Shown): JourneyDraft => ({ name, description, definition })

/** One journey that has been read: its canvas with the draft, and what came of it. */
function Journey({ journey, reload }: { journey: Shown; reload: () => void }) {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const [url, setUrl] = useUrlState(['tab'] as const)
  const [enrolling, setEnrolling] = useState(false)
  const [saved, setSaved] = useState(() => ({ revision: journey.revision, draft: draftOf(journey) }))
  const draft = useHistory(saved.draft)
  const problems = useCheck(draft.value.definition)
  const put = useWrite('PUT /admin/journeys/:journeyId', touched)
  const move = useWrite('POST /admin/journeys/:journeyId/state', touched)
  const drop = useWrite('DELETE /admin/journeys/:journeyId', ['GET /admin/journeys'])
  const dirty = draft.value !== saved.draft && JSON.stringify(draft.value) !== JSON.stringify(saved.draft)
  const editable = can('journey:write') && journey.state !== 'ended'
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (blocker.state !== 'blocked') return
    modal.confirm({
      title: '改动还没有保存',
      content: '现在离开，这些改动会丢掉。',
      okText: '离开',
      cancelText: '留下',
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    })
  }, [blocker, modal])
  const failed = (error: unknown) => {
    if (isFailure(error) && error.code === 'journey_conflict')
      modal.confirm({
        title: '别人刚改过这个旅程',
        content: '读取最新的内容后再改；你这里没有保存的改动会丢掉。',
        okText: '读取最新',
        cancelText: '先不读',
        onOk: reload,
      })
    else void message.error(sentenceOf(error))
  }
  /** Keeps what the server answered; undefined when it refused. */
  const save = async (): Promise<Shown | undefined> => {
    const body = draft.value
    try {
      const answer = await put.mutateAsync({
        journeyId: journey.id,
        revision: saved.revision,
        ...body,
        name: body.name.trim(),
      })
      setSaved({ revision: answer.revision, draft: body })
      return answer
    } catch (error) {
      failed(error)
      return undefined
    }
  }
  const change = (to: 'published' | 'paused' | 'ended', title: string, question: string, danger = false) =>
    modal.confirm({
      title,
      content: question,
      okText: title.slice(0, 2),
      okButtonProps: { danger },
      onOk: async () => {
        const revision = dirty && to === 'published' ? (await save())?.revision : saved.revision
        if (revision === undefined) return
        await move
          .mutateAsync({ journeyId: journey.id, revision, to })
          .then((answer) => {
            setSaved((before) => ({ ...before, revision: answer.revision }))
            void message.success(`旅程现在${stateWords[answer.state].name}`)
          })
          .catch(failed)
      },
    })
  const changed = dirty || JSON.stringify(journey.definition) !== JSON.stringify(journey.published)
  const remove = () =>
    modal.confirm({
      title: `删除“${journey.name}”？`,
      content: '这个草稿从未发布，删除后不能恢复。',
      okText: '删除',
      okButtonProps: { danger: true },
      onOk: () =>
        drop
          .mutateAsync({ journeyId: journey.id })
          .then(() => navigate('/journeys'))
          .catch(failed),
    })
  const definition = draft.value.definition
  const tabs = [
    {
      key: 'draw',
      label: '画布',
      view: (
        <DrawTab
          journeyId={journey.id}
          draft={draft}
          published={journey.published}
          problems={problems}
          editable={editable}
        />
      ),
    },
    { key: 'report', label: '报告', view: <ReportTab journeyId={journey.id} /> },
    { key: 'runs', label: '谁在里面', view: <RunsTab journeyId={journey.id} definition={definition} /> },
    { key: 'forecast', label: '预估触达', view: <ForecastTab journeyId={journey.id} definition={definition} /> },
    { key: 'simulate', label: '推演', view: <SimulateTab definition={definition} /> },
  ]
  const tab = tabs.find((one) => one.key === url.tab) ?? tabs[0]
  const state = stateWords[journey.state]
  const publishable = can('journey:publish') && problems.length === 0
  return (
    <div className='page'>
      <div className='page-head'>
        <h1 className='cut'>{draft.value.name || '未命名'}</h1>
        <span className={`tag ${state.look}`}>{state.name}</span>
        {journey.version > 0 ? <span className='t12 i3 num nowrap'>第 {journey.version} 版</span> : null}
        {dirty ? (
          <span className='tag warn'>改动未保存</span>
        ) : journey.published && changed ? (
          <span className='tag info'>草稿比线上新</span>
        ) : null}
        <div className='actions'>
          {can('journey:publish') && journey.state === 'published' ? (
            <Button onClick={() => setEnrolling(true)}>手动加入</Button>
          ) : null}
          {editable && journey.state === 'draft' && journey.version === 0 && !journey.builtIn ? (
            <Button onClick={remove}>删除</Button>
          ) : null}
          {can('journey:publish') && (journey.state === 'published' || journey.state === 'paused') ? (
            <Button danger onClick={() => change('ended', '结束旅程', stateQuestions.ended, true)}>
              结束
            </Button>
          ) : null}
          {can('journey:publish') && journey.state === 'published' ? (
            <Button icon={<Icon name='pause' />} onClick={() => change('paused', '暂停旅程', stateQuestions.paused)}>
              暂停
            </Button>
          ) : null}
          {editable ? (
            <Button
              disabled={!dirty || !draft.value.name.trim()}
              loading={put.isPending}
              onClick={() => void save().then((answer) => answer && message.success('草稿已保存'))}
            >
              保存草稿
            </Button>
          ) : null}
          {can('journey:publish') && journey.state !== 'ended' && (journey.state !== 'published' || changed) ? (
            <Button
              type='primary'
              icon={<Icon name='play' />}
              disabled={!publishable}
              title={publishable ? undefined : problems[0]?.message}
              onClick={() =>
                journey.state === 'paused'
                  ? change(
                      'published',
                      '继续旅程',
                      `${stateQuestions.resume}${changed ? '草稿里的改动会一起发布。' : ''}`,
                    )
                  : change('published', '发布旅程', stateQuestions.publish)
              }
            >
              {journey.state === 'paused' ? '继续' : journey.state === 'published' ? '发布改动' : '发布'}
            </Button>
          ) : null}
        </div>
      </div>
      <Tabs
        activeKey={tab.key}
        items={tabs.map(({ key, label }) => ({ key, label }))}
        onChange={(key) => setUrl({ tab: key === 'draw' ? undefined : key })}
        tabBarStyle={{ marginBottom: 0 }}
      />
      <Suspense fallback={<div className='bone' style={{ height: 320 }} />}>{tab.view}</Suspense>
      {enrolling ? <Enrol journeyId={journey.id} name={journey.name} close={() => setEnrolling(false)} /> : null}
    </div>
  )
}

/** A journey: drawn, edited, published, and looked back at. */
export default function JourneyShow() {
  const { journeyId = '' } = useParams()
  const query = useRead('GET /admin/journeys/:journeyId', { journeyId })
  const [fresh, setFresh] = useState(0)
  useCrumb(query.data?.name ?? null)
  if (!query.data)
    return (
      <div className='page'>
        {query.isError ? (
          <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
        ) : (
          <div role='status' aria-label='正在读取旅程'>
            <div className='bone' style={{ height: 32, width: 280, marginBottom: 16 }} />
            <div className='bone' style={{ height: 480 }} />
          </div>
        )}
      </div>
    )
  return (
    <>
      <StaleStrip query={query} />
      <Journey
        key={`${journeyId}-${fresh}`}
        journey={query.data}
        reload={() => void query.refetch().then(() => setFresh((n) => n + 1))}
      />
    </>
  )
}
