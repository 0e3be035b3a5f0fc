import { App, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { Icon } from './Icon'
import './saved-views.css'

interface View {
  name: string
  /** The query of the address, without the question mark. */
  query: string
}

const isView = (value: unknown): value is View =>
  typeof value === 'object' && value !== null && 'name' in value && 'query' in value

function readViews(key: string): View[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isView) : []
  } catch {
    return []
  }
}

/** The order of parameters says nothing, so two queries are the same view when their sorted parts are. */
const sorted = (query: string) =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')

/** Ready-made views of a list and those this person saved on this computer; one tap sets all filters. */
export function SavedViews({ list, presets }: { list: string; presets: readonly View[] }) {
  const storageKey = `huiyuan.admin.views.${list}`
  const { message } = App.useApp()
  const [params, setParams] = useSearchParams()
  const [own, setOwn] = useState(() => readViews(storageKey))
  const [naming, setNaming] = useState<string | null>(null)
  const here = sorted(params.toString())
  const known = [...presets, ...own]
  const store = (views: View[]) => {
    setOwn(views)
    localStorage.setItem(storageKey, JSON.stringify(views))
  }
  const save = () => {
    const name = naming?.trim()
    if (!name) return
    store([...own.filter((view) => view.name !== name), { name, query: params.toString() }])
    setNaming(null)
    void message.success(`已存为视图“${name}”`)
  }
  return (
    <div className='views' role='tablist' aria-label='视图'>
      {known.map((view) => {
        const on = sorted(view.query) === here
        const mine = own.includes(view)
        return (
          <span key={`${mine ? 'own' : 'preset'}-${view.name}`} className={on ? 'view on' : 'view'}>
            <button type='button' role='tab' aria-selected={on} onClick={() => setParams(view.query)}>
              {view.name}
            </button>
            {mine ? (
              <button
                type='button'
                className='drop'
                aria-label={`删除视图“${view.name}”`}
                onClick={() => store(own.filter((other) => other !== view))}
              >
                <Icon name='close' size={12} weight={2} />
              </button>
            ) : null}
          </span>
        )
      })}
      {here && !known.some((view) => sorted(view.query) === here) ? (
        <Button type='text' size='small' icon={<Icon name='plus' size={14} />} onClick={() => setNaming('')}>
          存为视图
        </Button>
      ) : null}
      <Modal
        open={naming !== null}
        title='存为视图'
        okText='保存'
        onOk={save}
        onCancel={() => setNaming(null)}
        okButtonProps={{ disabled: !naming?.trim() }}
        width={400}
        destroyOnHidden
      >
        <p className='i3' style={{ marginBottom: 8 }}>
          现在的条件和排序会存在这台电脑上，下次点一下就回到这里。
        </p>
        <Input
          value={naming ?? ''}
          maxLength={12}
          showCount
          autoFocus
          placeholder='例如：金叶 90 天没来'
          onChange={(event) => setNaming(event.target.value)}
          onPressEnter={save}
        />
      </Modal>
    </div>
  )
}
