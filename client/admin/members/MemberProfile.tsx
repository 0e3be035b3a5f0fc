import { formatYuan } from '@shared/money'
import { civilDay, daysBetween, describeDay } from '@shared/time'
import type { ReactNode } from 'react'
import type { Member } from './MemberShow'

const genders = { female: '女', male: '男', unknown: '未填' }
const LUNAR_MONTHS = ['正', '二', '三', '四', '五', '六', '七', '八', '九', '十', '冬', '腊']

/** '11月22日，公历' or '农历八月15日'. */
function birthdayText(birthday: Member['birthday']): string {
  if (!birthday) return '未填'
  if (birthday.calendar === 'lunar')
    return `农历${LUNAR_MONTHS[birthday.month - 1] ?? birthday.month}月${birthday.day}日`
  return `${birthday.month}月${birthday.day}日，公历`
}

/** '下午，15 点前后' for an hour of the day. */
function hourText(hour: number | null): string {
  if (hour === null) return '还看不出'
  const part = hour < 6 ? '凌晨' : hour < 11 ? '上午' : hour < 14 ? '中午' : hour < 18 ? '下午' : '晚上'
  return `${part}，${hour} 点前后`
}

function Group({
  title,
  children,
  filled,
}: {
  title: string
  children: ReactNode
  filled?: { done: number; of: number }
}) {
  return (
    <div className='dim'>
      <div className='row between'>
        <b>{title}</b>
        {filled ? (
          <span className='row g2 t12 i3'>
            <span className='meter' aria-hidden='true'>
              <i style={{ width: `${(filled.done / filled.of) * 100}%` }} />
            </span>
            <span className='num'>
              填了 {filled.done}/{filled.of}
            </span>
          </span>
        ) : null}
      </div>
      {children}
    </div>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className='fact'>
    <span>{name}</span>
    <em>{children}</em>
  </div>
)

/** What is known of the member, by kind. */
export function MemberProfile({ member }: { member: Member | undefined }) {
  if (!member)
    return (
      <section className='panel profile'>
        <div className='hd'>
          <h2>画像</h2>
        </div>
        <div className='bone' style={{ height: 360, margin: 16 }} />
      </section>
    )
  const today = civilDay(Date.now())
  const { figures } = member
  const spent = member.favourites.reduce((sum, one) => sum + one.amountFen, 0)
  const last = figures.lastPurchaseAt === null ? null : civilDay(figures.lastPurchaseAt)
  const filled = [member.gender !== 'unknown', member.birthday !== null, member.phoneMasked !== null].filter(
    Boolean,
  ).length
  return (
    <section className='panel profile'>
      <div className='hd'>
        <h2>画像</h2>
      </div>
      <div className='dims'>
        <Group title='基础' filled={{ done: filled, of: 3 }}>
          <Fact name='性别'>{genders[member.gender]}</Fact>
          <Fact name='生日'>{birthdayText(member.birthday)}</Fact>
          <Fact name='手机'>{member.phoneMasked ? '已绑定' : '未绑定'}</Fact>
          <Fact name='入会门店'>{member.joinedStore ?? '小程序'}</Fact>
        </Group>
        <Group title='到店'>
          <Fact name='常去'>{member.favouriteStore ?? '还看不出'}</Fact>
          <Fact name='常在'>{hourText(member.favouriteHour)}</Fact>
          <Fact name='上次'>
            {last ? `${describeDay(last, today)}，${daysBetween(last, today)} 天前` : '还没消费过'}
          </Fact>
        </Group>
        <Group title='喜好'>
          {member.favourites.length === 0 ? <p className='i3 t12'>有消费明细后，这里会看出偏好的品类。</p> : null}
          {member.favourites.map((one) => (
            <div key={one.category} className='taste'>
              <div className='row between'>
                <span className='i3'>{one.category}</span>
                <span className='num'>
                  {formatYuan(one.amountFen)}
                  <span className='t12 i3'> {one.quantity} 件</span>
                </span>
              </div>
              <span className='meter wide' aria-hidden='true'>
                <i style={{ width: `${spent > 0 ? (one.amountFen / spent) * 100 : 0}%` }} />
              </span>
            </div>
          ))}
        </Group>
      </div>
    </section>
  )
}
