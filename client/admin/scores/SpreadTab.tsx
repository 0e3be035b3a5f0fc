import type { Input } from '@shared/contract'
import { figureWords } from '@shared/figure-words'
import { formatYuan, formatYuanShort } from '@shared/money'
import { Drawer } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { Definition, ExportMenu, type Sheet } from '../dashboards/FigurePanel'
import { useList, useRead } from '../queries'

type Choice = Pick<Input<'GET /admin/scores/members'>, 'stage' | 'rfm' | 'band' | 'group'>
interface Opened {
  title: string
  choice: Choice
}

/** The members of a stage, a group or a band. */
export function ScoredMembers({ opened, close }: { opened: Opened; close: () => void }) {
  const navigate = useNavigate()
  const list = useList('GET /admin/scores/members', { ...opened.choice, limit: 50 })
  return (
    <Drawer
      open
      onClose={close}
      size={720}
      title={opened.title}
      extra={
        <ExportMenu
          name={opened.title}
          sheet={() => ({
            head: [
              '卡号',
              '姓名',
              '阶段',
              'RFM',
              '流失概率',
              '未来价值（元）',
              '消费次数',
              '累计消费（元）',
              '最近消费',
            ],
            rows: (list.rows ?? []).map((m) => [
              m.cardNo,
              m.nameMasked,
              m.stage,
              m.rfm,
              m.churnBp === null ? null : m.churnBp / 10_000,
              m.clvFen === null ? null : m.clvFen / 100,
              m.purchases,
              m.spendFen / 100,
              m.lastDay,
            ]),
          })}
        />
      }
    >
      <DataTable
        label='会员'
        rows={list.rows}
        query={list}
        rowKey={(row) => row.memberId}
        open={(row) => navigate(`/members/${row.memberId}`)}
        minWidth={600}
        empty={
          <Notice art='search' title='这里没有会员'>
            今晚评分后再看看。
          </Notice>
        }
        columns={[
          {
            key: 'name',
            title: '会员',
            render: (_, row) => (
              <>
                <div className='m'>{row.nameMasked}</div>
                <div className='t12 i3 num'>{row.cardNo}</div>
              </>
            ),
          },
          {
            key: 'churn',
            title: '流失概率',
            align: 'right',
            width: 100,
            render: (_, row) => (
              <span className='num'>{row.churnBp === null ? '—' : `${(row.churnBp / 100).toFixed(0)}%`}</span>
            ),
          },
          {
            key: 'clv',
            title: '未来价值',
            align: 'right',
            width: 120,
            render: (_, row) => <span className='num'>{row.clvFen === null ? '—' : formatYuan(row.clvFen)}</span>,
          },
          {
            key: 'spend',
            title: '累计消费',
            align: 'right',
            width: 120,
            render: (_, row) => <span className='num'>{formatYuan(row.spendFen)}</span>,
          },
          { key: 'last', title: '最近消费', width: 120, render: (_, row) => row.lastDay ?? '还没消费' },
        ]}
      />
    </Drawer>
  )
}

/** Where the members stand: stages, RFM groups and bands of churn, each with what to do. */
export default function SpreadTab() {
  const query = useRead('GET /admin/scores', {})
  const [opened, setOpened] = useState<Opened | null>(null)
  const { data } = query
  if (query.isError && !data) return <LoadFailed error={query.error} retry={() => void query.refetch()} />
  if (!data) return <div className='bone' style={{ height: 320 }} />
  const total = Math.max(
    1,
    data.stages.reduce((sum, s) => sum + s.members, 0),
  )
  const tile = (key: string, title: string, members: number, note: string, why: string, choice: Choice) => (
    <button
      key={key}
      type='button'
      className='spread-tile'
      title={why}
      onClick={() => setOpened({ title: `${title}的会员`, choice })}
    >
      <span className='row between'>
        <b>{title}</b>
        <span className='num t12 i3'>{((100 * members) / total).toFixed(1)}%</span>
      </span>
      <span className='num v'>{members.toLocaleString('zh-CN')}</span>
      <span className='t12 i2'>{note}</span>
    </button>
  )
  const title = (name: string, definition: string, sheet: () => Sheet) => (
    <div className='row g1 spread-title'>
      <h2>{name}</h2>
      <Definition of={name} text={definition} />
      <span className='grow' />
      <ExportMenu name={name} sheet={sheet} />
    </div>
  )
  return (
    <>
      {title('生命周期', figureWords.stages, () => ({
        head: ['阶段', '会员', '累计消费（元）', '说明'],
        rows: data.stages.map((s) => [s.name, s.members, s.spendFen / 100, s.explanation]),
      }))}
      <div className='spread-tiles'>
        {data.stages.map((s) => tile(s.code, s.name, s.members, s.explanation, s.explanation, { stage: s.code }))}
      </div>
      {title(
        'RFM 分组',
        '最近消费、次数、金额各打 1 到 5 分，分数高低的八种组合各是一组；还没消费过的另算。界限在“界限”页可改',
        () => ({
          head: ['分组', '会员', '累计消费（元）', '说明', '建议'],
          rows: data.segments.map((s) => [s.name, s.members, s.spendFen / 100, s.explanation, s.advice]),
        }),
      )}
      <div className='spread-tiles'>
        {data.segments.map((s) =>
          tile(s.code, s.name, s.members, `${s.advice}（累计 ${formatYuanShort(s.spendFen)}）`, s.explanation, {
            rfm: s.code,
          }),
        )}
      </div>
      {title(
        '流失风险',
        '未来 90 天不再消费的可能，按“界限”页的两条线分成低、中、高三档；还没消费过的会员没有这一项',
        () => ({
          head: ['风险', '会员', '未来 12 个月价值合计（元）'],
          rows: data.bands.map((b) => [b.name, b.members, b.clvFen / 100]),
        }),
      )}
      <div className='spread-tiles'>
        {data.bands.map((b) =>
          tile(b.code, b.name, b.members, `未来价值合计 ${formatYuanShort(b.clvFen)}`, b.name, { band: b.code }),
        )}
      </div>
      {opened ? <ScoredMembers opened={opened} close={() => setOpened(null)} /> : null}
    </>
  )
}
