import { describeMoment } from '@shared/time'
import { Button } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { type Row, useRead } from '../queries'
import { HoldoutSettings } from './HoldoutSettings'
import { PowerPlan } from './PowerPlan'

/** An experiment as the list shows it. */
export type Experiment = Row<'GET /admin/experiments'>

const number = (value: number) => <span className='num'>{value.toLocaleString('zh-CN')}</span>

/** Journeys and campaigns that hold somebody back, so that their effect can be told. */
export default function ExperimentList() {
  const navigate = useNavigate()
  const query = useRead('GET /admin/experiments', {})
  const [open, setOpen] = useState<'power' | 'settings' | null>(null)
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>效果与实验</h1>
        <span className='sub cut'>做了和没做相比，到底多了多少</span>
        <div className='actions'>
          <Button icon={<Icon name='trend' />} onClick={() => setOpen('power')}>
            要多少人
          </Button>
          <Button icon={<Icon name='edit' />} onClick={() => setOpen('settings')}>
            对照组与成本
          </Button>
        </div>
      </div>
      <section className='panel list-panel'>
        <DataTable
          label='实验'
          rows={query.data?.items}
          query={query}
          rowKey={(row) => `${row.kind}/${row.id}`}
          open={(row) => navigate(`/experiments/${row.kind}/${row.id}`)}
          minWidth={760}
          empty={
            <Notice art='shelf' title='还没有可以比较的'>
              发布一个旅程或活动，默认留出一部分会员作对照，它就会出现在这里。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '名称',
              render: (_, row) => (
                <>
                  <span className='m'>{row.name}</span>
                  {row.splits.length ? <span className='tag info'>{row.splits.length} 处分流</span> : null}
                </>
              ),
            },
            { key: 'kind', title: '种类', width: 90, render: (_, row) => (row.kind === 'journey' ? '旅程' : '活动') },
            { key: 'treated', title: '参与组', width: 110, align: 'right', render: (_, row) => number(row.treated) },
            { key: 'held', title: '对照组', width: 110, align: 'right', render: (_, row) => number(row.held) },
            {
              key: 'since',
              title: '从什么时候',
              width: 170,
              render: (_, row) => describeMoment(row.firstAt, Date.now()),
            },
          ]}
        />
      </section>
      {open === 'power' ? <PowerPlan close={() => setOpen(null)} /> : null}
      {open === 'settings' ? <HoldoutSettings close={() => setOpen(null)} /> : null}
    </div>
  )
}
