import { useParams } from 'react-router'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { useCrumb } from '../components/Shell'
import { useRead } from '../queries'
import { blankFields, fieldsOf } from './draft'
import { RewardEditor } from './RewardEditor'

function ExistingReward({ rewardId }: { rewardId: string }) {
  const { data, error, isError, isFetching, refetch } = useRead('GET /admin/rewards/:rewardId', { rewardId })
  useCrumb(data?.name ?? null)
  if (isError && !data) return <LoadFailed error={error} retry={() => void refetch()} busy={isFetching} />
  if (!data)
    return (
      <div className='page'>
        <div className='panel bone' style={{ height: 560 }} role='status' aria-label='正在读取礼品' />
      </div>
    )
  if (data.state === 'ended') return <Notice art='door' title={`“${data.name}”已经下架，不能再改`} />
  return <RewardEditor key={data.id} reward={data} initial={fieldsOf(data)} />
}

function NewReward() {
  useCrumb('新建礼品')
  return <RewardEditor reward={null} initial={blankFields} />
}

/** Makes a reward or changes one, with its tile and its rule following every keystroke. */
export default function RewardForm() {
  const { rewardId } = useParams()
  return rewardId ? <ExistingReward rewardId={rewardId} /> : <NewReward />
}
