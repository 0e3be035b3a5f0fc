import { formatYuanShort } from '@shared/money'
import { Link } from 'react-router'
import type { Figures } from './Overview'

/** What members hold and use: points owed to them, coupons of the last 30 days. */
export function ValueStock({ data }: { data: Figures | undefined }) {
  const points = data?.tiles.find((tile) => tile.key === 'points')
  const rate =
    data && data.coupons.issued30d > 0
      ? Math.round((data.coupons.redeemed30d / data.coupons.issued30d) * 1000) / 10
      : null
  return (
    <section className='panel stock'>
      <div className='hd'>
        <h2 className='grow'>积分与券</h2>
        <span className='t12 i3'>近 30 天</span>
      </div>
      {!data ? (
        <div className='bone' style={{ height: 160, margin: 16 }} />
      ) : (
        <>
          <dl>
            <div>
              <dt>会员手里的积分</dt>
              <dd className='num'>{data.points.outstanding.toLocaleString('zh-CN')}</dd>
              <dd className='note num'>30 天内过期 {data.points.expiring30d.toLocaleString('zh-CN')}</dd>
            </div>
            <div>
              <dt>当天发放积分</dt>
              <dd className='num'>{(points?.value ?? 0).toLocaleString('zh-CN')}</dd>
              <dd className='note num'>一周前 {(points?.before ?? 0).toLocaleString('zh-CN')}</dd>
            </div>
            <div>
              <dt>发出的券</dt>
              <dd className='num'>
                {data.coupons.issued30d.toLocaleString('zh-CN')}
                <small>张</small>
              </dd>
              <dd className='note num'>{data.coupons.published} 种正在发放</dd>
            </div>
            <div>
              <dt>核销的券</dt>
              <dd className='num'>
                {data.coupons.redeemed30d.toLocaleString('zh-CN')}
                <small>张</small>
              </dd>
              <dd className='note num'>为会员省下 {formatYuanShort(data.coupons.savedFen30d)}</dd>
            </div>
          </dl>
          <p className='closing'>
            {rate === null ? '近 30 天还没有发券，' : `每发 100 张用掉 ${rate} 张，`}
            <Link className='link' to='/coupons'>
              看每种券的数字
            </Link>
          </p>
        </>
      )}
    </section>
  )
}
