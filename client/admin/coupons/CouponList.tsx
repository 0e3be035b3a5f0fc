import { formatYuanShort } from '@shared/money'
import { civilDay, describeDay } from '@shared/time'
import { Button, Dropdown } from 'antd'
import { Link, useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { SearchBox, useSearch } from '../components/SearchBox'
import { StateTabs } from '../components/StateTabs'
import { useUrlState } from '../components/useUrlState'
import { useList } from '../queries'
import { useSession } from '../session'
import { redeemRate, states, type TemplateRow, worthOf } from './states'
import { useTemplateState } from './useTemplateState'
import './coupon-list.css'

const tabs = ['published', 'draft', 'paused', 'ended'] as const

/** How the first coupon of each state comes to be. */
const teachings = {
  all: '先从一张满减券开始：定好面额和门槛，右边会看到会员手里的样子。',
  draft: '新建时点“存草稿”，写到一半的券就会留在这里。',
  published: '草稿写好后点“发布”，会员就能领到。',
  paused: '暂停发放的券会停在这里，随时可以恢复。',
  ended: '结束的券留在这里，数字还能查。',
}

/** A ticket's stub as small as a list row. */
function Stub({ template }: { template: TemplateRow }) {
  const gold = template.rule.minTierLevel > 0
  return (
    <span className={`stub-mini ${template.state === 'ended' ? 'off' : gold ? 'gold' : ''}`}>
      {worthOf(template.rule)}
    </span>
  )
}

/** Issued against stock as a bar. */
function Stock({ template }: { template: TemplateRow }) {
  const { stock } = template.issue
  return (
    <div style={{ width: 132 }}>
      <div className='row between num'>
        <span>{template.issued.toLocaleString('zh-CN')}</span>
        <span className='t12 i3'>共 {stock.toLocaleString('zh-CN')}</span>
      </div>
      <div className='meter wide' aria-hidden='true'>
        <i style={{ width: `${Math.min(100, (template.issued / stock) * 100)}%` }} />
      </div>
    </div>
  )
}

/** The coupons by state, with what each brought. */
export default function CouponList() {
  const navigate = useNavigate()
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['state'] as const)
  const state = tabs.find((known) => known === url.state)
  const search = useSearch()
  const { q } = search
  const list = useList('GET /admin/coupon-templates', { state, q, limit: 50 })
  const counts = list.first?.counts
  const ask = useTemplateState()
  const newButton = can('coupon:write') ? (
    <Link to='/coupons/new'>
      <Button type='primary' icon={<Icon name='plus' />}>
        新建优惠券
      </Button>
    </Link>
  ) : null
  const actionsOf = (row: TemplateRow) => [
    ...(can('coupon:write') && row.state !== 'ended'
      ? [
          {
            key: 'edit',
            label: row.state === 'draft' ? '继续编辑' : '改范围和库存',
            onClick: () => void navigate(`/coupons/${row.id}/edit`),
          },
        ]
      : []),
    ...(can('coupon:publish') && row.state === 'draft'
      ? [{ key: 'publish', label: '发布', onClick: () => void ask(row, 'published') }]
      : []),
    ...(can('coupon:publish') && row.state === 'published'
      ? [{ key: 'pause', label: '暂停发放', onClick: () => void ask(row, 'paused') }]
      : []),
    ...(can('coupon:publish') && row.state === 'paused'
      ? [{ key: 'resume', label: '恢复发放', onClick: () => void ask(row, 'published') }]
      : []),
    ...(can('coupon:publish') && (row.state === 'published' || row.state === 'paused')
      ? [{ key: 'end', danger: true, label: '结束', onClick: () => void ask(row, 'ended') }]
      : []),
  ]
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>优惠券</h1>
        <span className='sub'>从草稿到发放，每种券发了多少、用了多少</span>
        <div className='actions'>{newButton}</div>
      </div>
      <section className='panel list-panel'>
        <div className='state-bar'>
          <StateTabs
            states={tabs}
            state={state}
            wordOf={(one) => states[one].word}
            counts={counts}
            onChange={(next) => setUrl({ state: next })}
          />
          <SearchBox search={search} label='搜优惠券' placeholder='券名' width={180} />
        </div>
        <DataTable
          label='优惠券'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          open={(row) => void navigate(`/coupons/${row.id}`)}
          minWidth={880}
          clearFilters={search.clear}
          empty={
            <Notice
              art='shelf'
              title={state ? `没有${states[state].word}的券` : '还没有优惠券'}
              action={state && state !== 'draft' ? undefined : newButton}
            >
              {teachings[state ?? 'all']}
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '优惠券',
              className: 'wrap',
              render: (_, row) => (
                <div className='row g3'>
                  <Stub template={row} />
                  <div className='grow'>
                    <div className='m'>
                      <Link to={`/coupons/${row.id}`} tabIndex={-1}>
                        {row.name}
                      </Link>{' '}
                      <span className={`tag ${states[row.state].tone}`}>{states[row.state].word}</span>
                    </div>
                    <div className='t12 i3 two-lines' title={row.sentence}>
                      {row.sentence}
                    </div>
                  </div>
                </div>
              ),
            },
            {
              key: 'issued',
              title: '已发',
              width: 156,
              render: (_, row) =>
                row.state === 'draft' ? <span className='i3'>还没发</span> : <Stock template={row} />,
            },
            {
              key: 'redeemed',
              title: '核销',
              align: 'right',
              width: 96,
              render: (_, row) => {
                const rate = redeemRate(row)
                return (
                  <>
                    <div className='num m'>{row.redeemed.toLocaleString('zh-CN')}</div>
                    <div className='t12 i3 num'>{rate === null ? '–' : `${rate}%`}</div>
                  </>
                )
              },
            },
            {
              key: 'saved',
              title: '为会员省下',
              align: 'right',
              width: 116,
              render: (_, row) => <span className='num'>{formatYuanShort(row.savedFen)}</span>,
            },
            {
              key: 'time',
              title: '发布',
              width: 110,
              render: (_, row) => (
                <span className='num i2'>
                  {row.publishedAt === null ? '未发布' : describeDay(civilDay(row.publishedAt), civilDay(Date.now()))}
                </span>
              ),
            },
            {
              key: 'more',
              title: <span className='sr-only'>操作</span>,
              width: 56,
              render: (_, row) => {
                const items = actionsOf(row)
                return items.length > 0 ? (
                  <Dropdown menu={{ items }} trigger={['click']} placement='bottomRight'>
                    <Button type='text' size='small' icon={<Icon name='more' />} aria-label={`${row.name}的操作`} />
                  </Dropdown>
                ) : null
              },
            },
          ]}
        />
      </section>
    </div>
  )
}
