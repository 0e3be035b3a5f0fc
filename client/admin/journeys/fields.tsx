import { TimePicker } from 'antd'
import dayjs from 'dayjs'
import { cloneElement, type ReactElement } from 'react'
import './journeys.css'

/** Words of a table as choices of a select. */
export const optionsOf = <K extends string>(words: Readonly<Record<K, string>>) =>
  (Object.keys(words) as K[]).map((value) => ({ value, label: words[value] }))

/** A labelled control of a side drawer, with a hint and what is wrong with it. */
export function Field({
  label,
  hint,
  wrong,
  children,
}: {
  label: string
  hint?: string
  wrong?: string
  children: ReactElement<{ 'aria-label'?: string }>
}) {
  return (
    <div className='journey-field'>
      <span aria-hidden='true'>{label}</span>
      {cloneElement(children, { 'aria-label': label })}
      {wrong ? (
        <em className='cd t12' role='alert'>
          {wrong}
        </em>
      ) : hint ? (
        <em className='i3 t12'>{hint}</em>
      ) : null}
    </div>
  )
}

/** A time on the wall clock of the shop, HH:MM. */
export function ClockField({ label, value, set }: { label: string; value: string; set: (at: string) => void }) {
  return (
    <Field label={label}>
      <TimePicker
        format='HH:mm'
        minuteStep={5}
        allowClear={false}
        needConfirm={false}
        value={dayjs(`2000-01-01T${value}`)}
        onChange={(at) => at && set(at.format('HH:mm'))}
        style={{ width: 120 }}
      />
    </Field>
  )
}

/** Things without a name of their own, with the place that tells them apart: keys by content would drop the focus while typing. */
export const placed = <T,>(list: readonly T[]): { one: T; place: number }[] =>
  list.map((one, place) => ({ one, place }))
