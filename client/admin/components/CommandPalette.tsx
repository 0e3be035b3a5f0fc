import { Modal } from 'antd'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useRead } from '../queries'
import { pages } from '../routes'
import { useSession } from '../session'
import { Icon, type IconName } from './Icon'
import { useSettled } from './useSettled'
import './command-palette.css'

interface Choice {
  key: string
  group: string
  icon: IconName
  title: string
  note: string
  to: string
}

/** What the words typed so far lead to: pages at once, members and coupons from the server. */
function useChoices(words: string): { choices: Choice[]; searching: boolean } {
  const { can } = useSession()
  const asked = useSettled(words.trim(), 200)
  const wantMembers = asked.length > 0 && can('member:read')
  const wantCoupons = asked.length > 0 && can('coupon:read')
  const members = useRead('GET /admin/members', { q: asked, limit: 6 }, { enabled: wantMembers, keep: true })
  const coupons = useRead(
    'GET /admin/coupon-templates',
    { q: asked.slice(0, 20), limit: 4 },
    { enabled: wantCoupons, keep: true },
  )
  const choices = useMemo(() => {
    const text = words.trim()
    const found: Choice[] = pages
      .filter((page) => !page.path.includes(':') && can(page.permission))
      .filter((page) => !text || `${page.title} ${page.words ?? ''}`.includes(text))
      .map((page) => ({
        key: page.path,
        group: '页面',
        icon: page.menu?.icon ?? 'plus',
        title: page.title,
        note: page.menu?.group ?? '',
        to: page.path,
      }))
    if (!text) return found
    for (const member of (wantMembers && members.data?.items) || [])
      found.push({
        key: member.id,
        group: '会员',
        icon: 'members',
        title: member.nameMasked,
        note: `${member.phoneMasked ?? '未绑手机'}，${member.tierName}`,
        to: `/members/${member.id}`,
      })
    for (const coupon of (wantCoupons && coupons.data?.items) || [])
      found.push({
        key: coupon.id,
        group: '优惠券',
        icon: 'coupon',
        title: coupon.name,
        note: coupon.sentence,
        to: `/coupons/${coupon.id}`,
      })
    return found
  }, [words, can, members.data, coupons.data, wantMembers, wantCoupons])
  return { choices, searching: asked !== words.trim() || members.isFetching || coupons.isFetching }
}

/** Ctrl-K: go to any page, member or coupon without leaving the keyboard. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      closable={false}
      width={560}
      destroyOnHidden
      className='palette'
      style={{ top: 96 }}
      title={null}
    >
      <Finder onClose={onClose} />
    </Modal>
  )
}

function Finder({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const listId = useId()
  const field = useRef<HTMLInputElement>(null)
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const { choices, searching } = useChoices(words)
  const chosen = choices[Math.min(at, choices.length - 1)]

  useEffect(() => {
    if (chosen) document.getElementById(`${listId}-${chosen.key}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen, listId])
  useEffect(() => field.current?.focus(), [])
  const go = (choice: Choice | undefined) => {
    if (!choice) return
    onClose()
    void navigate(choice.to)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step && choices.length) {
      event.preventDefault()
      setAt((Math.min(at, choices.length - 1) + step + choices.length) % choices.length)
    } else if (event.key === 'Enter') go(chosen)
  }
  return (
    <>
      <div className='ask'>
        <Icon name='search' size={18} />
        <input
          value={words}
          onChange={(event) => {
            setWords(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKey}
          placeholder='会员姓名、卡号或整个手机号，券名，页面'
          role='combobox'
          aria-expanded='true'
          aria-controls={listId}
          aria-activedescendant={chosen ? `${listId}-${chosen.key}` : undefined}
          aria-label='搜会员、券、页面'
          ref={field}
        />
        <span className='kbd'>Esc</span>
      </div>
      <div className='found' id={listId} role='listbox' aria-label='结果'>
        {choices.map((choice, index) => (
          <div key={choice.key}>
            {choice.group !== choices[index - 1]?.group ? <div className='grp'>{choice.group}</div> : null}
            <button
              type='button'
              tabIndex={-1}
              id={`${listId}-${choice.key}`}
              role='option'
              aria-selected={choice === chosen}
              className={choice === chosen ? 'on' : ''}
              onMouseMove={() => setAt(index)}
              onClick={() => go(choice)}
            >
              <Icon name={choice.icon} size={18} />
              <span className='m nowrap'>{choice.title}</span>
              <span className='i3 t12 grow cut'>{choice.note}</span>
              {choice === chosen ? <span className='kbd'>↵</span> : null}
            </button>
          </div>
        ))}
        {choices.length === 0 ? (
          <p className='none'>{searching ? '正在找…' : `没有找到“${words.trim()}”。手机号要输入完整的 11 位。`}</p>
        ) : null}
      </div>
    </>
  )
}
