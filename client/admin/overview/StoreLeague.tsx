import { formatYuanShort } from '@shared/money'
import { Link } from 'react-router'
import { Notice } from '../components/Fallbacks'
import { ExportMenu } from '../dashboards/FigurePanel'
import type { Figures } from './Overview'

/** The stores of the day by sales. */
export function StoreLeague({ data }: { data: Figures | undefined }) {
  const stores = [...(data?.stores ?? [])].sort((a, b) => b.salesFen - a.salesFen).slice(0, 6)
  const top = Math.max(1, ...stores.map((store) => store.salesFen))
  return (
    <section className='panel league'>
      <div className='hd'>
        <h2 className='grow'>门店</h2>
        <span className='t12 i3'>按会员销售额</span>
        {data ? (
          <ExportMenu
            name='门店'
            sheet={() => ({
              head: ['门店', '会员销售额（元）', '单数'],
              rows: data.stores.map((store) => [store.name, store.salesFen / 100, store.orders]),
            })}
          />
        ) : null}
      </div>
      {!data ? (
        <div className='bone' style={{ height: 160, margin: 16 }} />
      ) : stores.length === 0 ? (
        <Notice
          art='shelf'
          title='还没有门店'
          action={
            <Link className='link' to='/stores'>
              去新建门店
            </Link>
          }
        />
      ) : (
        <ul>
          {stores.map((store) => (
            <li key={store.id}>
              <Link to={`/?storeId=${store.id}`}>
                <span className='row between'>
                  <span className='cut'>{store.name}</span>
                  <span className='num'>
                    <b>{formatYuanShort(store.salesFen)}</b>
                    <span className='t12 i3 orders'>{store.orders.toLocaleString('zh-CN')} 单</span>
                  </span>
                </span>
                <span className='track' aria-hidden='true'>
                  <i style={{ width: `${(store.salesFen / top) * 100}%` }} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
