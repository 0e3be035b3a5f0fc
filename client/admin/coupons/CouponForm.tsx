import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useNavigate, useParams } from 'react-router'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { useCrumb } from '../components/Shell'
import { useRead } from '../queries'
import { CouponEditor } from './CouponEditor'
import { blankFields, type Fields, fieldsOf } from './draft'

const LOCAL_KEY = 'huiyuan.admin.coupon-draft'

/** What was typed last time and never saved; a copy that this release cannot read is dropped. */
function localFields(): Fields | null {
  try {
    const stored = JSON.parse(localStorage.getItem(LOCAL_KEY) ?? 'null') as Partial<Fields> | null
    return stored?.kind ? { ...blankFields, ...stored } : null
  } catch {
    return null
  }
}

const keepLocal = (fields: Fields | null) =>
  fields ? localStorage.setItem(LOCAL_KEY, JSON.stringify(fields)) : localStorage.removeItem(LOCAL_KEY)

function NewCoupon() {
  const navigate = useNavigate()
  const restored = localFields()
  useCrumb('新建优惠券')
  return (
    <CouponEditor
      template={null}
      initial={restored ?? blankFields}
      restored={restored !== null}
      keepLocal={keepLocal}
      onCreated={(created) => {
        keepLocal(null)
        void navigate(`/coupons/${created.id}/edit`, { replace: true })
      }}
    />
  )
}

function ExistingCoupon({ templateId }: { templateId: string }) {
  const client = useQueryClient()
  const { data, error, isError, isFetching, refetch } = useRead('GET /admin/coupon-templates/:templateId', {
    templateId,
  })
  useCrumb(data?.name ?? null)
  // The editor works on its own copy; what it saved must not be found stale by the next visit.
  useEffect(
    () => () => void client.invalidateQueries({ queryKey: ['GET /admin/coupon-templates/:templateId'] }),
    [client],
  )
  if (isError && !data) return <LoadFailed error={error} retry={() => void refetch()} busy={isFetching} />
  if (!data)
    return (
      <div className='page'>
        <div className='panel bone' style={{ height: 560 }} role='status' aria-label='正在读取优惠券' />
      </div>
    )
  if (data.state === 'ended') return <Notice art='door' title={`“${data.name}”已经结束，不能再改`} />
  return (
    <CouponEditor
      key={data.id}
      template={data}
      initial={fieldsOf(data)}
      restored={false}
      keepLocal={() => undefined}
      onCreated={() => undefined}
    />
  )
}

/** Makes a coupon or changes one, with the ticket and the rule sentence following every keystroke. */
export default function CouponForm() {
  const { templateId } = useParams()
  return templateId ? <ExistingCoupon templateId={templateId} /> : <NewCoupon />
}
