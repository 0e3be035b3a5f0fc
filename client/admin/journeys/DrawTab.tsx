import type { JourneyDefinition, JourneyProblem } from '@shared/journey'
import { nodeWords } from '@shared/journey'
import { Button, ConfigProvider, Drawer, Segmented } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Icon } from '../components/Icon'
import { useRead } from '../queries'
import type { CanvasProps } from './Canvas'
import { insertNode, removeNode, replaceNode, setWay, titleOf } from './draft'
import { NodeFields } from './NodeFields'
import { NodeTable } from './NodeTable'
import { SettingsFields } from './SettingsFields'
import type { useHistory } from './useHistory'

/** What is edited: the words and the definition together, so that undo takes back either. */
export interface JourneyDraft {
  name: string
  description: string
  definition: JourneyDefinition
}

// The canvas library is fetched with the first drawing, not with the list or the other tabs.
const Canvas = lazy(() => import('./Canvas'))
const SETTINGS = 'settings'

/** The journey as a canvas or as a table, with the drawer of the chosen node. */
export function DrawTab({
  journeyId,
  draft,
  published,
  problems,
  editable,
}: {
  journeyId: string
  draft: ReturnType<typeof useHistory<JourneyDraft>>
  published: JourneyDefinition | null
  problems: readonly JourneyProblem[]
  editable: boolean
}) {
  const options = useRead('GET /admin/journey-options', {})
  const [look, setLook] = useState<'canvas' | 'table'>('canvas')
  const [version, setVersion] = useState<'draft' | 'live'>('draft')
  const [chosen, setChosen] = useState<string | null>(null)
  const live = version === 'live' && published !== null
  const definition = live ? published : draft.value.definition
  const canEdit = editable && !live
  // Who stands where is told of the version members walk through, not of a draft.
  const report = useRead('GET /admin/journeys/:journeyId/report', { journeyId }, { enabled: live })
  const waiting = new Map((report.data?.nodes ?? []).map((one) => [one.nodeId, one.waiting]))
  const change = (next: JourneyDefinition, about: string | null = null) =>
    draft.set({ ...draft.value, definition: next }, about)
  const node = definition.nodes.find((one) => one.id === chosen)
  const { undo, redo } = draft
  useEffect(() => {
    if (!canEdit) return
    const press = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest('input,textarea,[contenteditable]')
      if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      if (event.shiftKey) redo()
      else undo()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [canEdit, undo, redo])
  const props: CanvasProps = {
    definition,
    options: options.data,
    problems: live ? [] : problems,
    selected: chosen,
    open: (id) => setChosen(id ?? SETTINGS),
    noteOf: live
      ? (id) => (waiting.get(id) ? `${waiting.get(id)?.toLocaleString('zh-CN')} 人等在这里` : null)
      : undefined,
    add: canEdit
      ? (way, kind) => {
          const made = insertNode(definition, way, kind, options.data)
          change(made.definition)
          setChosen(made.id)
        }
      : undefined,
    connect: canEdit ? (way, to) => change(setWay(definition, way, to)) : undefined,
  }
  const general = problems.filter((problem) => problem.nodeId === null)
  return (
    <section className='panel'>
      <div className='hd' style={{ paddingBottom: 12 }}>
        <Segmented
          value={look}
          options={[
            { value: 'canvas', label: '画布' },
            { value: 'table', label: '列表' },
          ]}
          onChange={setLook}
          aria-label='看法'
        />
        {published ? (
          <Segmented
            value={version}
            options={[
              { value: 'draft', label: '草稿' },
              { value: 'live', label: '线上版本' },
            ]}
            onChange={setVersion}
            aria-label='哪个版本'
          />
        ) : null}
        {canEdit ? (
          <>
            <Button type='text' disabled={!draft.canUndo} onClick={undo} icon={<Icon name='undo' />} title='Ctrl-Z'>
              撤销
            </Button>
            <Button type='text' disabled={!draft.canRedo} onClick={redo} title='Ctrl-Shift-Z'>
              重做
            </Button>
          </>
        ) : null}
        <span className='grow' />
        {live ? (
          <span className='t12 i3'>新进入的会员走这一版</span>
        ) : problems.length ? (
          <span className='tag danger' title={problems.map((problem) => problem.message).join('\n')}>
            {problems.length} 个问题{general.length ? `：${general[0].message}` : '，红框处'}
          </span>
        ) : (
          <span className='tag brand'>可以发布</span>
        )}
        <Button icon={<Icon name='edit' />} onClick={() => setChosen(SETTINGS)}>
          开始与目标
        </Button>
      </div>
      {look === 'canvas' ? (
        <Suspense fallback={<div className='bone' style={{ height: 480, margin: 16 }} />}>
          <Canvas key={version} {...props} />
        </Suspense>
      ) : (
        <NodeTable {...props} />
      )}
      <Drawer
        open={chosen === SETTINGS || node !== undefined}
        size={420}
        mask={false}
        title={node ? nodeWords[node.kind].name : '开始、目标与对照组'}
        onClose={() => setChosen(null)}
        extra={
          node && canEdit ? (
            <Button
              danger
              type='text'
              onClick={() => {
                change(removeNode(definition, node.id))
                setChosen(null)
              }}
              aria-label={`删除“${titleOf(node)}”，可以撤销`}
            >
              删除
            </Button>
          ) : null
        }
      >
        <ConfigProvider componentDisabled={!canEdit}>
          {node ? (
            <NodeFields
              key={node.id}
              node={node}
              definition={definition}
              options={options.data}
              set={(next, about) => change(replaceNode(definition, next), about)}
              lead={(way, to) => change(setWay(definition, way, to))}
            />
          ) : (
            <SettingsFields
              name={draft.value.name}
              description={draft.value.description}
              definition={definition}
              options={options.data}
              problems={live ? [] : problems}
              setText={(patch) => draft.set({ ...draft.value, ...patch }, `text.${Object.keys(patch)[0]}`)}
              set={change}
            />
          )}
          {problems
            .filter((problem) => !live && node && problem.nodeId === node.id)
            .map((problem) => (
              <p key={`${problem.path}${problem.message}`} className='cd t12' role='alert' style={{ marginTop: 8 }}>
                {problem.message}
              </p>
            ))}
        </ConfigProvider>
      </Drawer>
    </section>
  )
}
