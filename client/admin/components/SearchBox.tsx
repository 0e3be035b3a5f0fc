import { Input } from 'antd'
import { useState } from 'react'
import { Icon } from './Icon'
import { useSettled } from './useSettled'

/** What somebody types to find rows by. `q` follows once the typing rests; undefined while there is nothing to look for. */
export interface Search {
  words: string
  q: string | undefined
  type: (words: string) => void
  /** Takes the words away; undefined while there are none, which is what a list wants for its empty state. */
  clear: (() => void) | undefined
}

/** The words of a list's search box. */
export function useSearch(): Search {
  const [words, type] = useState('')
  const q = useSettled(words.trim(), 250) || undefined
  return { words, q, type, clear: q ? () => type('') : undefined }
}

/** The search box above a list. */
export function SearchBox(props: {
  search: Search
  label: string
  placeholder: string
  width?: number
  maxLength?: number
}) {
  const { search, label, placeholder, width = 200, maxLength = 20 } = props
  return (
    <Input
      value={search.words}
      onChange={(event) => search.type(event.target.value)}
      prefix={<Icon name='search' />}
      placeholder={placeholder}
      allowClear
      maxLength={maxLength}
      style={{ width }}
      aria-label={label}
    />
  )
}
