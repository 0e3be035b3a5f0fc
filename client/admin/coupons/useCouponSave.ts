import { clockTime } from '@shared/time'
import { useCallback, useEffect, useRef, useState } from 'react'
import { isFailure, sentenceOf } from '../api'
import { complaintsOf } from '../components/refuseFields'
import { useWrite } from '../queries'
import type { Draft } from './draft'
import type { TemplateRow } from './states'

/** Autosave waits for this much quiet, in milliseconds. */
const QUIET_MS = 1200

/**
 * Saves a coupon: a draft by itself once it exists on the server, anything else when asked. Saves run one after the other, each with
 * the version the last one gave, so that typing on while a save is under way is no conflict with oneself.
 */
export function useCouponSave(initial: TemplateRow | null, draft: Draft, onCreated: (template: TemplateRow) => void) {
  const [template, setTemplate] = useState(initial)
  const text = JSON.stringify(draft)
  const [savedText, setSavedText] = useState(initial ? text : '')
  const [failedText, setFailedText] = useState('')
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const touches = ['GET /admin/coupon-templates'] as const
  const create = useWrite('POST /admin/coupon-templates', touches)
  const change = useWrite('PUT /admin/coupon-templates/:templateId', touches)
  const queue = useRef<Promise<TemplateRow | null>>(Promise.resolve(initial))
  const created = useRef(onCreated)
  created.current = onCreated
  const createAsync = create.mutateAsync
  const changeAsync = change.mutateAsync

  const saveOnce = useCallback(
    async (before: TemplateRow | null, what: Draft, whatText: string): Promise<TemplateRow | null> => {
      const after = before
        ? await changeAsync({ templateId: before.id, version: before.version, ...what })
        : await createAsync(what)
      setTemplate(after)
      setSavedText(whatText)
      setFailedText('')
      setSavedAt(Date.now())
      if (!before) created.current(after)
      return after
    },
    [changeAsync, createAsync],
  )
  /** Saves what is on the form; the template as it then stands, or null when the server refused. */
  const now = useCallback(async (): Promise<TemplateRow | null> => {
    const before = queue.current
    const attempt = before.then((last) => {
      if (last && text === savedText) return last
      return saveOnce(last, draft, text)
    })
    // A refused save leaves the last good version to build on.
    queue.current = attempt.catch(() => before)
    return attempt.catch(() => {
      setFailedText(text)
      return null
    })
  }, [draft, saveOnce, savedText, text])

  const dirty = text !== savedText
  const automatic = template?.state === 'draft' && dirty && text !== failedText && draft.name !== ''
  useEffect(() => {
    if (!automatic) return
    const timer = setTimeout(() => void now(), QUIET_MS)
    return () => clearTimeout(timer)
  }, [automatic, now])

  const saving = create.isPending || change.isPending
  const error = saving || text !== failedText ? null : (create.error ?? change.error)
  const refusals = isFailure(error) ? complaintsOf(error.details) : []
  const note = saving
    ? '正在保存…'
    : error
      ? `没有存上：${sentenceOf(error)}`
      : savedAt !== null && !dirty
        ? `${clockTime(savedAt)} 已${template?.state === 'draft' ? '自动' : ''}保存`
        : template
          ? dirty
            ? '有修改还没保存'
            : ''
          : '还没保存，内容先留在这台电脑上'
  return { template, now, dirty, saving, error, refusals, note }
}
