import { civilDay, describeMoment } from '@shared/time'
import { App, Button, Dropdown, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { isFailure } from '../api'
import { saveCsv } from '../components/csv'
import { LoadFailed, Notice, StaleStrip } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { type Cell, saveExcel } from '../components/spreadsheet'
import './dashboards.css'

/** A figure as a table, for the spreadsheet. */
export interface Sheet {
  head: string[]
  rows: Cell[][]
}

/** The parts of a query that a figure's frame needs. */
interface FigureQuery<T> {
  data: T | undefined
  error: unknown
  isError: boolean
  isFetching: boolean
  dataUpdatedAt: number
  refetch: () => unknown
}

/** The definition of a figure, on hover and for screen readers. */
export function Definition({ of, text }: { of: string; text: string }) {
  return (
    <Tooltip title={text}>
      <button type='button' className='hint' aria-label={`${of}怎么算：${text}`}>
        <Icon name='info' size={14} />
      </button>
    </Tooltip>
  )
}

/** CSV and Excel of what is seen. */
export function ExportMenu({ name, sheet }: { name: string; sheet: () => Sheet }) {
  const { message } = App.useApp()
  const save = (kind: string) => {
    const { head, rows } = sheet()
    const file = `${name}-${civilDay(Date.now())}`
    if (kind === 'csv')
      saveCsv(
        file,
        head,
        rows.map((row) => row.map((cell) => cell ?? '')),
      )
    else void saveExcel(file, head, rows).catch(() => message.error('没能生成表格，请再试一次'))
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'xlsx', label: '导出 Excel' },
          { key: 'csv', label: '导出 CSV' },
        ],
        onClick: ({ key }) => save(key),
      }}
    >
      <Button size='small' type='text' icon={<Icon name='download' size={16} />} aria-label={`导出${name}`} />
    </Dropdown>
  )
}

/**
 * One figure in its frame: title, definition on hover, how fresh it is, export, and its four states. `children` draws the answer; `empty`
 * says that there is nothing to draw yet and how it comes to be.
 */
export function FigurePanel<T extends { definition: string; asOf?: number | null }>(props: {
  title: string
  query: FigureQuery<T>
  height: number
  sheet?: (data: T) => Sheet
  empty?: (data: T) => string | null
  extra?: ReactNode
  children: (data: T) => ReactNode
}) {
  const { title, query, height, sheet, empty, extra, children } = props
  const { data } = query
  const nothing = data ? (empty?.(data) ?? null) : null
  return (
    <section className='panel figure-panel' aria-label={title} aria-busy={!data}>
      <div className='hd'>
        <h2>{title}</h2>
        {data ? <Definition of={title} text={data.definition} /> : null}
        <span className='grow' />
        {extra}
        {data?.asOf ? <span className='t12 i3 num fresh'>{describeMoment(data.asOf, Date.now())} 更新</span> : null}
        {data && sheet && !nothing ? <ExportMenu name={title} sheet={() => sheet(data)} /> : null}
      </div>
      <StaleStrip query={query} />
      <div className='figure-body'>
        {data ? (
          nothing ? (
            <Notice art='shelf' title='还没有数据'>
              {nothing}
            </Notice>
          ) : (
            children(data)
          )
        ) : isFailure(query.error) && query.error.code === 'figure_of_group_only' ? (
          <Notice art='door' title='这个数字只有全部门店合在一起的'>
            请让能看全部门店的同事打开。
          </Notice>
        ) : query.isError ? (
          <LoadFailed error={query.error} retry={() => query.refetch()} busy={query.isFetching} />
        ) : (
          <div className='bone' style={{ height, margin: '12px 0' }} />
        )}
      </div>
    </section>
  )
}
