import { civilDay, describeDay, describeMoment } from '@shared/time'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { signed } from '../components/figures'
import { useList } from '../queries'

const kinds = {
  earn: '消费所得',
  spend: '使用',
  reverse: '冲正',
  expire: '过期',
  clawback: '退款收回',
  adjust: '人工调整',
  gift: '赠送',
}

/** The points ledger with the balance after each entry. */
export function MemberPoints({ memberId }: { memberId: string }) {
  const list = useList('GET /admin/members/:memberId/points-entries', { memberId, limit: 30 })
  const now = Date.now()
  return (
    <div className='inner-table'>
      <DataTable
        label='积分流水'
        rows={list.rows}
        query={list}
        rowKey={(row) => row.id}
        empty={
          <Notice art='shelf' title='还没有积分流水'>
            第一次消费入账后，每一笔进出和余额都会记在这里。
          </Notice>
        }
        columns={[
          {
            key: 'title',
            title: '事由',
            className: 'wrap',
            render: (_, row) => (
              <>
                <div>
                  <span className='m'>{row.title}</span> <span className='tag'>{kinds[row.kind]}</span>
                </div>
                <div className='t12 i3'>{[describeMoment(row.at, now), row.detail].filter(Boolean).join('，')}</div>
              </>
            ),
          },
          {
            key: 'amount',
            title: '变动',
            align: 'right',
            width: 120,
            render: (_, row) => (
              <>
                <div className={row.amount > 0 ? 'num m cb' : 'num m'}>{signed(row.amount)}</div>
                {row.expiresOn ? (
                  <div className='t12 i3 num'>{describeDay(row.expiresOn, civilDay(now))}过期</div>
                ) : null}
              </>
            ),
          },
          {
            key: 'balance',
            title: '余额',
            align: 'right',
            width: 88,
            render: (_, row) => <span className='num'>{row.balanceAfter.toLocaleString('zh-CN')}</span>,
          },
        ]}
      />
    </div>
  )
}
