import { civilDay } from '@shared/time'
import { App, Button, Dropdown, Input } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { SavedViews } from '../components/SavedViews'
import { useSettled } from '../components/useSettled'
import { useUrlState } from '../components/useUrlState'
import { useList, useRead } from '../queries'
import { useSession } from '../session'
import { exportMembers } from './exportMembers'
import { chosenFilters, filterNames, inputOf, presetViews } from './filters'
import { GrantMany } from './GrantMany'
import { hideable, memberColumns } from './memberColumns'

const HIDDEN_KEY = 'huiyuan.admin.members.hidden'

/** The columns this person took away, remembered on this computer. */
function useHiddenColumns() {
  const [hidden, setHidden] = useState<string[]>(() =>
    (localStorage.getItem(HIDDEN_KEY) ?? '').split(',').filter(Boolean),
  )
  const toggle = (key: string) => {
    const next = hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key]
    setHidden(next)
    localStorage.setItem(HIDDEN_KEY, next.join(','))
  }
  return { hidden, toggle }
}

/** All members: search, column filters, views, export, bulk grant. */
export default function MemberList() {
  const navigate = useNavigate()
  const { message } = App.useApp()
  const { can } = useSession()
  const [url, setUrl] = useUrlState(filterNames)
  const [words, setWords] = useState(url.q ?? '')
  const settled = useSettled(words.trim(), 300)
  const { hidden, toggle } = useHiddenColumns()
  const [selected, setSelected] = useState<string[]>([])
  const [granting, setGranting] = useState(false)
  const [exporting, setExporting] = useState(false)

  useEffect(() => setWords((typed) => (typed.trim() === (url.q ?? '') ? typed : (url.q ?? ''))), [url.q])
  useEffect(() => {
    // Only what was typed moves the address; a change of the address itself (a view, the back button) sets the words above.
    if (settled === words.trim() && settled !== (url.q ?? '')) setUrl({ q: settled || undefined })
  }, [settled, words, url.q, setUrl])

  const input = useMemo(() => inputOf(url), [url])
  const list = useList('GET /admin/members', { ...input, limit: 50 })
  const { sort: _sort, ...conditions } = input
  const count = useRead('GET /admin/members/count', conditions, { keep: true })
  const tiers = useRead('GET /admin/tiers', {}, { enabled: can('tier:read') })
  const stores = useRead('GET /admin/stores', { limit: 100 }, { enabled: can('store:read') })
  const chosen = chosenFilters(url, tiers.data?.items ?? [], stores.data?.items ?? [])
  const columns = memberColumns({
    url,
    setUrl,
    tiers: tiers.data?.items ?? [],
    stores: stores.data?.items ?? [],
  }).filter((column) => !hidden.includes(String(column.key)))
  const total = count.data?.count
  const clear = () => {
    setWords('')
    setUrl(Object.fromEntries(filterNames.map((name) => [name, undefined])))
  }
  const runExport = async () => {
    setExporting(true)
    const written = await exportMembers(input, hidden).catch((error: Error) => {
      void message.error(error.message)
      return 0
    })
    if (written > 0) void message.success(`已导出 ${written.toLocaleString('zh-CN')} 位会员，手机号保持打码`)
    setExporting(false)
  }

  return (
    <div className='page'>
      <div className='page-head'>
        <h1>会员</h1>
        <span className='sub num'>
          {total === undefined ? ' ' : `${total.toLocaleString('zh-CN')} 位${chosen.length ? '符合条件' : ''}`}
        </span>
        <div className='actions'>
          <Button
            icon={<Icon name='download' />}
            onClick={() => void runExport()}
            loading={exporting}
            disabled={!list.rows?.length}
          >
            导出当前名单
          </Button>
        </div>
      </div>
      <section className='panel list-panel'>
        <SavedViews list='members' presets={presetViews(civilDay(Date.now()))} />
        <div className='list-bar'>
          <Input
            value={words}
            onChange={(event) => setWords(event.target.value)}
            prefix={<Icon name='search' />}
            placeholder='姓名、卡号，或完整的 11 位手机号'
            allowClear
            maxLength={40}
            style={{ width: 280 }}
            aria-label='搜会员'
          />
          <span className='t12 i3'>点列名上的漏斗筛选，点列名排序</span>
          <div className='end'>
            <Dropdown
              trigger={['click']}
              menu={{
                selectable: true,
                multiple: true,
                selectedKeys: hideable.filter(({ key }) => !hidden.includes(key)).map(({ key }) => key),
                items: hideable.map(({ key, label }) => ({
                  key,
                  label,
                  icon: <span style={{ width: 16 }}>{hidden.includes(key) ? null : <Icon name='check' />}</span>,
                })),
                onClick: ({ key }) => toggle(key),
              }}
            >
              <Button icon={<Icon name='panel' />}>列</Button>
            </Dropdown>
          </div>
        </div>
        {chosen.length > 0 ? (
          <div className='chosen'>
            {chosen.map(({ name, text, clears }) => (
              <span className='chip' key={name}>
                {text}
                <button type='button' aria-label={`去掉条件：${text}`} onClick={() => setUrl(clears)}>
                  <Icon name='close' size={12} weight={2} />
                </button>
              </span>
            ))}
            <Button type='text' size='small' onClick={clear}>
              全部清除
            </Button>
          </div>
        ) : null}
        {selected.length > 0 ? (
          <div className='selected-bar'>
            <span className='grow'>已选 {selected.length} 位</span>
            <Button type='primary' icon={<Icon name='coupon' />} onClick={() => setGranting(true)}>
              发券
            </Button>
            <Button onClick={() => setSelected([])}>取消选择</Button>
          </div>
        ) : null}
        <DataTable
          label='会员'
          rows={list.rows}
          query={list}
          columns={columns}
          rowKey={(row) => row.id}
          open={(row) => void navigate(`/members/${row.id}`)}
          minWidth={900}
          total={total === undefined ? undefined : `共 ${total.toLocaleString('zh-CN')} 位`}
          clearFilters={chosen.length > 0 ? clear : undefined}
          selection={
            can('coupon:grant')
              ? { selectedRowKeys: selected, onChange: (keys) => setSelected(keys.map(String)), columnWidth: 40 }
              : undefined
          }
          onChange={(_page, filters, sorter) => {
            const order = Array.isArray(sorter) ? sorter[0] : sorter
            setUrl({
              tierLevel: filters.tier?.[0] === undefined ? undefined : String(filters.tier[0]),
              sort: order?.order && order.columnKey !== 'joined' ? String(order.columnKey) : undefined,
            })
          }}
          empty={
            <Notice art='shelf' title='还没有会员'>
              会员在小程序里登录，或店员在店员页办理入会后，就会出现在这里。已有名单可以用 npm run import 导入。
            </Notice>
          }
        />
      </section>
      <GrantMany
        open={granting}
        memberIds={selected}
        onClose={() => setGranting(false)}
        onDone={() => setSelected([])}
      />
    </div>
  )
}
