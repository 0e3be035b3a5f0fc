import { DatePicker, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import type { ReactNode } from 'react'

/** A section of the form: its name and a word of help at the left, its fields at the right. */
export function Section({ title, help, children }: { title: string; help: string; children: ReactNode }) {
  return (
    <section className='form-section'>
      <div className='head'>
        <h2>{title}</h2>
        <p>{help}</p>
      </div>
      <div className='fields'>{children}</div>
    </section>
  )
}

/** What antd's Form.Item hands to a field of our own. */
interface Control<T> {
  id?: string
  value?: T
  onChange?: (value: T) => void
  disabled?: boolean
}

const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日']

/** Seven days to switch on and off. None on means every day. */
export function WeekdayPicker({ id, value = [], onChange, disabled }: Control<number[]>) {
  const toggle = (day: number) =>
    onChange?.(value.includes(day) ? value.filter((one) => one !== day) : [...value, day].sort((a, b) => a - b))
  return (
    <fieldset id={id} className='weekdays' aria-label='可用星期'>
      {WEEKDAYS.map((name, index) => (
        <button
          key={name}
          type='button'
          disabled={disabled}
          aria-pressed={value.includes(index + 1)}
          aria-label={`周${name}`}
          className={value.includes(index + 1) ? 'on' : ''}
          onClick={() => toggle(index + 1)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}

/** Opening hours as two texts; empty means all day. */
export function HoursPicker({ id, value, onChange, disabled }: Control<[string, string] | null>) {
  const read = (text: string): Dayjs => dayjs(`2000-01-01T${text === '24:00' ? '23:59' : text}`)
  return (
    <TimePicker.RangePicker
      id={id}
      disabled={disabled}
      allowEmpty={disabled}
      format='HH:mm'
      minuteStep={5}
      placeholder={['全天', '全天']}
      value={value ? [read(value[0]), read(value[1])] : null}
      onChange={(times) =>
        onChange?.(times?.[0] && times[1] ? [times[0].format('HH:mm'), times[1].format('HH:mm')] : null)
      }
      style={{ width: '100%' }}
    />
  )
}

/** Days to leave out, as texts. */
export function DaysPicker({ id, value = [], onChange, disabled }: Control<string[]>) {
  return (
    <DatePicker
      id={id}
      multiple
      disabled={disabled}
      maxTagCount='responsive'
      placeholder='没有'
      value={value.map((day) => dayjs(day))}
      onChange={(days) =>
        onChange?.((Array.isArray(days) ? days : [days]).flatMap((day) => (day ? [day.format('YYYY-MM-DD')] : [])))
      }
      style={{ width: '100%' }}
    />
  )
}

/** Two civil days as texts. */
export function DayRangePicker({ id, value, onChange, disabled }: Control<[string, string] | null>) {
  return (
    <DatePicker.RangePicker
      id={id}
      disabled={disabled}
      allowEmpty={disabled}
      value={value ? [dayjs(value[0]), dayjs(value[1])] : null}
      onChange={(days) =>
        onChange?.(days?.[0] && days[1] ? [days[0].format('YYYY-MM-DD'), days[1].format('YYYY-MM-DD')] : null)
      }
      style={{ width: '100%' }}
    />
  )
}

/** Two moments; either may stay open. */
export function MomentRangePicker({ id, value, onChange, disabled }: Control<[number | null, number | null] | null>) {
  const read = (moment: number | null): Dayjs | null => (moment === null ? null : dayjs(moment))
  return (
    <DatePicker.RangePicker
      id={id}
      disabled={disabled}
      showTime={{ format: 'HH:mm' }}
      format='YYYY-MM-DD HH:mm'
      allowEmpty
      placeholder={['发布就开始', '发完为止']}
      value={value ? [read(value[0]), read(value[1])] : null}
      onChange={(moments) =>
        onChange?.(moments?.[0] || moments?.[1] ? [moments[0]?.valueOf() ?? null, moments[1]?.valueOf() ?? null] : null)
      }
      style={{ width: '100%' }}
    />
  )
}
