import { describeMoment } from '@shared/time'
import { App, Popover, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { sentenceOf } from '../api'
import { Icon } from '../components/Icon'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { kinds, tones } from '../tags/words'

const touched = ['GET /admin/members/:memberId/tags', 'GET /admin/tags', 'GET /admin/tags/:tagId/members'] as const
/** More segments than this stand behind a number. */
const segmentsShown = 3

/** The tags a member carries and the segments he is in; tags that are given by hand are put on and taken off here. */
export function MemberTags({ memberId }: { memberId: string }) {
  const { can } = useSession()
  const { message } = App.useApp()
  const [adding, setAdding] = useState(false)
  const { data } = useRead('GET /admin/members/:memberId/tags', { memberId })
  const mayTag = can('tag:write') && can('segment:read')
  const all = useRead('GET /admin/tags', {}, { enabled: mayTag && adding })
  const add = useWrite('POST /admin/tags/:tagId/members', touched)
  const remove = useWrite('POST /admin/tags/:tagId/removals', touched)
  if (!data) return null
  const refused = (error: unknown) => void message.error(sentenceOf(error))
  const byHand = (kind: keyof typeof kinds) => kind === 'manual' || kind === 'imported'
  const offered = (all.data?.items ?? []).filter((t) => byHand(t.kind) && !data.tags.some(({ id }) => id === t.id))
  const now = Date.now()
  return (
    <div className='row g1 line tags'>
      {data.tags.map((tag) => (
        <span
          key={tag.id}
          className={`tag ${tones[tag.color as keyof typeof tones]?.tone ?? ''}`}
          title={`${tag.category}，${kinds[tag.kind].word}，${describeMoment(tag.taggedAt, now)}打上`}
        >
          {tag.name}
          {mayTag && byHand(tag.kind) ? (
            <button
              type='button'
              aria-label={`摘下${tag.name}`}
              onClick={() => remove.mutateAsync({ tagId: tag.id, memberIds: [memberId] }).catch(refused)}
            >
              <Icon name='close' size={12} weight={2} />
            </button>
          ) : null}
        </span>
      ))}
      {mayTag ? (
        <Popover
          trigger='click'
          placement='bottomLeft'
          open={adding}
          onOpenChange={setAdding}
          content={
            <Select
              style={{ width: 200 }}
              placeholder='选一个标签打上'
              loading={all.isFetching}
              showSearch={{ optionFilterProp: 'label' }}
              notFoundContent={all.isError ? '没读到，请再打开一次' : '没有可以手工打的标签'}
              options={offered.map((tag) => ({ value: tag.id, label: tag.name }))}
              value={null}
              onChange={(tagId: string | null) => {
                if (!tagId) return
                add
                  .mutateAsync({ tagId, memberIds: [memberId] })
                  .then(() => setAdding(false))
                  .catch(refused)
              }}
              aria-label='打哪个标签'
            />
          }
        >
          <button type='button' className='tag add'>
            <Icon name='plus' size={12} weight={2} />
            标签
          </button>
        </Popover>
      ) : null}
      {data.segments.length ? (
        <span className='t12 i3'>
          在人群：
          {data.segments.slice(0, segmentsShown).map((segment, index) => (
            <span key={segment.id}>
              {index ? '、' : ''}
              {can('segment:read') ? (
                <Link className='link' to={`/segments/${segment.id}`}>
                  {segment.name}
                </Link>
              ) : (
                segment.name
              )}
            </span>
          ))}
          {data.segments.length > segmentsShown ? ` 等 ${data.segments.length} 个` : ''}
        </span>
      ) : null}
    </div>
  )
}
