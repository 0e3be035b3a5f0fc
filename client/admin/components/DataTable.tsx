import { Button, Table, type TableColumnsType, type TableProps } from 'antd'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { LoadFailed, Notice, StaleStrip } from './Fallbacks'
import './data-table.css'

/** The parts of a list query that the table needs. */
export interface ListQuery {
  isError: boolean
  error: unknown
  isFetching: boolean
  dataUpdatedAt: number
  refetch: () => unknown
  hasNextPage?: boolean
  isFetchingNextPage?: boolean
  isFetchNextPageError?: boolean
  fetchNextPage?: () => unknown
}

interface Props<T extends object> {
  /** What the rows are, for screen readers: '会员'. */
  label: string
  rows: T[] | undefined
  query: ListQuery
  columns: TableColumnsType<T>
  rowKey: (row: T) => string
  /** Opens a row: by a click anywhere on it, or Enter. */
  open?: (row: T) => void
  /** What to show while nothing exists at all; it should teach how the first row comes to be. */
  empty: ReactNode
  /** Present while filters are on: how to take them off. */
  clearFilters?: () => void
  /** '共 4,338 位' */
  total?: string
  minWidth?: number
  selection?: TableProps<T>['rowSelection']
  onChange?: TableProps<T>['onChange']
}

/** Arrow keys (or j and k) walk the rows, Enter opens one. */
function walk(event: KeyboardEvent<HTMLElement>, open: (() => void) | undefined) {
  if (event.target !== event.currentTarget) return
  const down = event.key === 'ArrowDown' || event.key === 'j'
  const up = event.key === 'ArrowUp' || event.key === 'k'
  if (down || up) {
    const next = down ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling
    if (next instanceof HTMLElement && next.tabIndex === 0) {
      event.preventDefault()
      next.focus()
    }
  } else if (event.key === 'Enter' && open) open()
}

/** Rows that stand where the real ones will, so that nothing jumps when they arrive. */
function Skeleton<T extends object>({ columns, label }: { columns: TableColumnsType<T>; label: string }) {
  const bones = columns.map((column, index) => ({
    key: index,
    title: column.title as ReactNode,
    width: column.width,
    align: column.align,
    render: () => <div className={index === 0 ? 'bone wide' : 'bone'} />,
  }))
  return (
    <div role='status' aria-label={`正在读取${label}`}>
      <Table columns={bones} dataSource={[1, 2, 3, 4, 5, 6, 7, 8].map((key) => ({ key }))} pagination={false} />
    </div>
  )
}

/** Fetches the next page when the end of the list comes into view. */
function More({ query, shown, total }: { query: ListQuery; shown: number; total?: string }) {
  const end = useRef<HTMLDivElement>(null)
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isFetchNextPageError: isError } = query
  useEffect(() => {
    const element = end.current
    if (!element || !hasNextPage || isFetchingNextPage || isError) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && fetchNextPage?.(),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, isError])
  return (
    <div className='more' ref={end}>
      <span className='num'>
        {hasNextPage
          ? `已显示 ${shown.toLocaleString('zh-CN')} 条`
          : `全部 ${shown.toLocaleString('zh-CN')} 条都在这里`}
        {total ? `，${total}` : ''}
      </span>
      {hasNextPage ? (
        <Button type='text' size='small' loading={isFetchingNextPage} onClick={() => fetchNextPage?.()}>
          {isError ? '没读到，再试一次' : '继续看'}
        </Button>
      ) : null}
    </div>
  )
}

/** A list in its four states: on its way, empty, failed, here. */
export function DataTable<T extends object>(props: Props<T>) {
  const { rows, query, open, clearFilters } = props
  if (!rows) {
    if (query.isError) return <LoadFailed error={query.error} retry={() => query.refetch()} busy={query.isFetching} />
    return <Skeleton columns={props.columns} label={props.label} />
  }
  const nothing = clearFilters ? (
    <Notice
      art='search'
      title={`没有符合条件的${props.label}`}
      action={<Button onClick={clearFilters}>清除条件</Button>}
    >
      放宽一个条件再看看。
    </Notice>
  ) : (
    props.empty
  )
  return (
    <>
      {query.isFetchNextPageError ? null : <StaleStrip query={query} />}
      <Table<T>
        aria-label={props.label}
        className={open ? 'data-table opens' : 'data-table'}
        columns={props.columns}
        dataSource={rows}
        rowKey={props.rowKey}
        pagination={false}
        showSorterTooltip={false}
        scroll={rows.length > 0 && props.minWidth ? { x: props.minWidth } : undefined}
        rowSelection={rows.length > 0 ? props.selection : undefined}
        onChange={props.onChange}
        locale={{ emptyText: nothing, filterReset: '不限', filterConfirm: '确定', filterEmptyText: '没有可选的' }}
        onRow={(row) => ({
          tabIndex: 0,
          onKeyDown: (event) => walk(event, open && (() => open(row))),
          onClick: (event) => {
            // A click that chose text, or that fell on a control of the row, is not a wish to open it.
            const target = event.target as HTMLElement
            if (
              open &&
              !window.getSelection()?.toString() &&
              !target.closest('button,a,input,label,.ant-table-selection-column')
            )
              open(row)
          },
        })}
      />
      {rows.length > 0 ? <More query={query} shown={rows.length} total={props.total} /> : null}
    </>
  )
}
