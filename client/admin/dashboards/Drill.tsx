import { formatYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import { Drawer } from 'antd'
import { createContext, type ReactNode, useContext, useState } from 'react'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useList } from '../queries'
import { ExportMenu } from './FigurePanel'

/** Which cell of which figure: what the server is asked for the members behind it. */
export interface Cut {
  figure: string
  row: string
  col: string
}
type Open = (cut: Cut | null | undefined) => void

const Opening = createContext<Open>(() => undefined)

/** Opens the list of members behind a cell; a cell without a list (null) opens nothing. */
export const useDrill = (): Open => useContext(Opening)

function Behind({ cut, storeId, close }: { cut: Cut; storeId: string | undefined; close: () => void }) {
  const navigate = useNavigate()
  const list = useList('GET /admin/dashboards/members', { ...cut, storeId, limit: 50 })
  const title = list.first?.title ?? '数字背后的会员'
  return (
    <Drawer
      open
      onClose={close}
      size={720}
      title={title}
      extra={
        list.rows?.length ? (
          <ExportMenu
            name={title}
            sheet={() => ({
              head: ['卡号', '姓名', '手机', '等级', '消费次数', '累计消费（元）', '最近消费'],
              rows: (list.rows ?? []).map((m) => [
                m.cardNo,
                m.nameMasked,
                m.phoneMasked,
                m.tierName,
                m.purchases,
                m.spendFen / 100,
                m.lastPurchaseAt === null ? '' : describeMoment(m.lastPurchaseAt, Date.now()),
              ]),
            })}
          />
        ) : null
      }
    >
      <DataTable
        label='会员'
        rows={list.rows}
        query={list}
        rowKey={(row) => row.id}
        open={(row) => navigate(`/members/${row.id}`)}
        minWidth={620}
        empty={
          <Notice art='search' title='这里没有会员'>
            换一个格子看看。
          </Notice>
        }
        columns={[
          {
            key: 'name',
            title: '会员',
            render: (_, row) => (
              <>
                <div className='m'>{row.nameMasked}</div>
                <div className='t12 i3 num'>{row.phoneMasked ?? row.cardNo}</div>
              </>
            ),
          },
          { key: 'tier', title: '等级', width: 90, render: (_, row) => row.tierName },
          {
            key: 'purchases',
            title: '次数',
            width: 80,
            align: 'right',
            render: (_, row) => <span className='num'>{row.purchases}</span>,
          },
          {
            key: 'spend',
            title: '累计消费',
            width: 120,
            align: 'right',
            render: (_, row) => <span className='num'>{formatYuan(row.spendFen)}</span>,
          },
          {
            key: 'last',
            title: '最近消费',
            width: 130,
            render: (_, row) =>
              row.lastPurchaseAt === null ? (
                <span className='i3'>还没消费</span>
              ) : (
                describeMoment(row.lastPurchaseAt, Date.now())
              ),
          },
        ]}
      />
    </Drawer>
  )
}

/** Lets every figure below open the members behind it. */
export function DrillPlace({ storeId, children }: { storeId: string | undefined; children: ReactNode }) {
  const [cut, setCut] = useState<Cut | null>(null)
  return (
    <Opening.Provider value={(next) => next && setCut(next)}>
      {children}
      {cut ? <Behind cut={cut} storeId={storeId} close={() => setCut(null)} /> : null}
    </Opening.Provider>
  )
}
