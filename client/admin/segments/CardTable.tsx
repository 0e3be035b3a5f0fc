import { formatYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import type { TableColumnsType } from 'antd'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { DataTable, type ListQuery } from '../components/DataTable'
import { TierChip } from '../components/TierChip'
import { ExportMenu } from '../dashboards/FigurePanel'
import type { Row } from '../queries'

/** A masked member as segments and tags list them. */
export type Card = Row<'GET /admin/segments/:segmentId/members'>

/** Who, which tier, how much: the columns every list of members here begins with. */
export function cardColumns<T>(cardOf: (row: T) => Card): TableColumnsType<T> {
  return [
    {
      key: 'name',
      title: '会员',
      render: (_, row) => {
        const card = cardOf(row)
        return (
          <>
            <div className='m'>{card.nameMasked}</div>
            <div className='t12 i3 num'>{card.phoneMasked ?? card.cardNo}</div>
          </>
        )
      },
    },
    {
      key: 'tier',
      title: '等级',
      width: 110,
      render: (_, row) => <TierChip name={cardOf(row).tierName} level={cardOf(row).tierLevel} />,
    },
    {
      key: 'purchases',
      title: '次数',
      width: 80,
      align: 'right',
      render: (_, row) => <span className='num'>{cardOf(row).purchases}</span>,
    },
    {
      key: 'spend',
      title: '累计消费',
      width: 120,
      align: 'right',
      render: (_, row) => <span className='num'>{formatYuan(cardOf(row).spendFen)}</span>,
    },
    {
      key: 'last',
      title: '最近消费',
      width: 140,
      render: (_, row) => {
        const at = cardOf(row).lastPurchaseAt
        return at === null ? <span className='i3'>还没消费</span> : describeMoment(at, Date.now())
      },
    },
  ]
}

/** A list of masked members that opens each of them. */
export function CardTable({ rows, query, empty }: { rows: Card[] | undefined; query: ListQuery; empty: ReactNode }) {
  const navigate = useNavigate()
  return (
    <DataTable<Card>
      label='会员'
      rows={rows}
      query={query}
      rowKey={(row) => row.id}
      open={(row) => void navigate(`/members/${row.id}`)}
      minWidth={620}
      empty={empty}
      columns={cardColumns<Card>((row) => row)}
    />
  )
}

/** CSV and Excel of the members read so far. */
export const CardExport = ({ name, rows }: { name: string; rows: Card[] | undefined }) =>
  rows?.length ? (
    <ExportMenu
      name={name}
      sheet={() => ({
        head: ['卡号', '姓名', '手机', '等级', '消费次数', '累计消费（元）', '最近消费'],
        rows: rows.map((card) => [
          card.cardNo,
          card.nameMasked,
          card.phoneMasked,
          card.tierName,
          card.purchases,
          card.spendFen / 100,
          card.lastPurchaseAt === null ? '' : describeMoment(card.lastPurchaseAt, Date.now()),
        ]),
      })}
    />
  ) : null
