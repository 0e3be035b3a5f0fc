import { App, Button, InputNumber } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { useRead, useWrite } from '../queries'

/** How many stay without personal recommendations, and how many of a kind may stand together. */
export function Settings({ mayWrite }: { mayWrite: boolean }) {
  const { message } = App.useApp()
  const query = useRead('GET /admin/recommendation-settings', {})
  const save = useWrite('PUT /admin/recommendation-settings', ['GET /admin/recommendation-settings'])
  const [draft, setDraft] = useState<{ controlPercent?: number; maxPerCategory?: number }>({})
  const { data } = query
  if (!data)
    return query.isError ? (
      <Button size='small' onClick={() => void query.refetch()}>
        设置没读到，重试
      </Button>
    ) : (
      <div className='bone' style={{ width: 320, height: 32 }} />
    )
  const next = { ...data, ...draft }
  const changed = next.controlPercent !== data.controlPercent || next.maxPerCategory !== data.maxPerCategory
  return (
    <div className='row g2' style={{ flexWrap: 'wrap' }}>
      <span>对照组</span>
      <InputNumber
        style={{ width: 88 }}
        min={0}
        max={50}
        precision={0}
        suffix='%'
        value={next.controlPercent}
        disabled={!mayWrite}
        onChange={(value) => setDraft({ ...draft, controlPercent: value ?? undefined })}
        aria-label='对照组占百分之几'
      />
      <span>同一品类最多</span>
      <InputNumber
        style={{ width: 80 }}
        min={1}
        max={6}
        precision={0}
        suffix='个'
        value={next.maxPerCategory}
        disabled={!mayWrite}
        onChange={(value) => setDraft({ ...draft, maxPerCategory: value ?? undefined })}
        aria-label='同一品类最多几个'
      />
      {mayWrite && changed ? (
        <Button
          loading={save.isPending}
          onClick={() =>
            save
              .mutateAsync(next)
              .then(() => {
                setDraft({})
                void message.success('已保存')
              })
              .catch((error: unknown) => void message.error(sentenceOf(error)))
          }
        >
          保存
        </Button>
      ) : null}
    </div>
  )
}
