import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import { View } from '@tarojs/components'
import { useMemo, useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Tag } from '../../components/Chips'
import { FormField } from '../../components/FormField'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { Sheet } from '../../components/Sheet'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useList } from '../../hooks/useList'
import { confirm, toast } from '../../nav'
import { codeGroups } from '../../words'
import { workingStore } from './counter'
import { dropReport, dropWaiting, type Offline, type Report, sendAnyway, syncQueue, useQueue } from './queue'
import './offline.scss'

type Conflict = Output<'GET /staff/offline-conflicts'>['items'][number]

const whoOf = (item: Offline): string =>
  item.code ? `会员码 ${codeGroups(item.code).slice(-2).join(' ')}` : `手机尾号 ${(item.phone ?? '').slice(-4)}`

function Waiting({ items }: { items: Offline[] }) {
  const remove = async (item: Offline): Promise<void> => {
    if (
      await confirm('删掉这一笔？', `${whoOf(item)}，${formatYuan(item.amountFen)}。还没有上传，删掉就没有了`, '删掉')
    )
      dropWaiting(item.clientId)
  }
  return (
    <View className='card'>
      {items.map((item) => (
        <ListRow
          key={item.clientId}
          icon='clock'
          tone='mute'
          title={`${formatYuan(item.amountFen)}，${whoOf(item)}`}
          detail={describeMoment(item.at, serverNow())}
          right={
            <Button kind='plain' target='offline:drop' onTap={() => void remove(item)}>
              删掉
            </Button>
          }
        />
      ))}
    </View>
  )
}

/** What the last upload could not settle, with the reason and what can be done about it. */
function Reports({ reports }: { reports: Report[] }) {
  return (
    <View className='card'>
      {reports.map(({ item, answer }) => (
        <View key={item.clientId} className='offline__report'>
          <View className='row between g2'>
            <View className='t14 m num'>
              {formatYuan(item.amountFen)}，{whoOf(item)}
            </View>
            <Tag tone='danger'>没有入账</Tag>
          </View>
          <View className='t12 i3'>{describeMoment(item.at, serverNow())}</View>
          <View className='offline__reason'>{answer.reason}</View>
          <View className='offline__acts'>
            {answer.code === 'offline_looks_repeated' && (
              <Button kind='ghost' target='offline:anyway' onTap={() => sendAnyway(item.clientId)}>
                是另一笔，再传
              </Button>
            )}
            <Button kind='plain' target='offline:seen' onTap={() => dropReport(item.clientId)}>
              知道了
            </Button>
          </View>
        </View>
      ))}
    </View>
  )
}

function ResolveSheet({ conflict, onClose, onDone }: { conflict: Conflict; onClose: () => void; onDone: () => void }) {
  const [note, setNote] = useState('')
  const resolve = useAction('POST /staff/offline-conflicts/:conflictId/resolutions')
  const submit = async (): Promise<void> => {
    try {
      if (!(await resolve.run({ conflictId: conflict.id, note: note.trim() }))) return
      toast('已记为处理好')
      onDone()
      onClose()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <Sheet title='处理结果' open onClose={onClose}>
      <View className='t13 i3'>{conflict.reason}</View>
      <FormField name='怎么处理的' value={note} placeholder='如：已补录到会员账上' max={100} onChange={setNote} />
      <View className='offline__submit'>
        <Button
          large
          busy={resolve.busy}
          disabled={note.trim().length < 2}
          target='offline:resolve'
          onTap={() => void submit()}
        >
          处理好了
        </Button>
      </View>
    </Sheet>
  )
}

/** What this store still has open, from every phone that worked here. */
function StoreConflicts({ storeId }: { storeId: string }) {
  const list = useList(
    'GET /staff/offline-conflicts',
    useMemo(() => ({ storeId, state: 'open' as const, limit: 20 }), [storeId]),
    { keep: true },
  )
  const [open, setOpen] = useState<Conflict | null>(null)
  if (list.loading) return <Skeleton rows={2} />
  if (list.error && !list.data) return <ErrorState error={list.error} onRetry={list.reload} />
  if (list.items.length === 0)
    return <Empty picture='ledger' title='本店没有待处理的冲突' hint='上传时没有入账的会列在这里' />
  return (
    <>
      <View className='card'>
        {list.items.map((conflict) => (
          <ListRow
            key={conflict.id}
            icon='info'
            tone='danger'
            title={`${formatYuan(conflict.amountFen)}，${conflict.operatorName}`}
            detail={`${describeMoment(conflict.recordedAt, serverNow())}，${conflict.reason}`}
            target='offline:conflict'
            onTap={() => setOpen(conflict)}
          />
        ))}
      </View>
      <ListEnd list={list} end='' />
      {open && <ResolveSheet conflict={open} onClose={() => setOpen(null)} onDone={() => void list.reload()} />}
    </>
  )
}

/** The queue of purchases recorded without a network, and the report of what came of them. */
export default function StaffOfflinePage() {
  const { waiting, reports } = useQueue()
  const [sending, setSending] = useState(false)
  const storeId = workingStore()
  const send = async (): Promise<void> => {
    setSending(true)
    try {
      const { done, conflicts } = await syncQueue()
      toast(conflicts > 0 ? `入账 ${done} 笔，${conflicts} 笔要处理` : `入账 ${done} 笔`)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    setSending(false)
  }
  return (
    <Page back title='离线记录' className='staff'>
      <View className='body'>
        <Section title='等待上传' more={waiting.length > 0 ? `${waiting.length} 笔` : undefined} />
        {waiting.length === 0 ? (
          <View className='card'>
            <ListRow
              icon='check'
              title='没有等待上传的'
              detail='断网时记下的消费会排在这里，联网后自动上传'
              right={<View />}
            />
          </View>
        ) : (
          <>
            <Waiting items={waiting} />
            <View className='offline__submit'>
              <Button large busy={sending} target='offline:sync' onTap={() => void send()}>
                {sending ? '正在上传' : `上传 ${waiting.length} 笔`}
              </Button>
            </View>
          </>
        )}
        {reports.length > 0 && (
          <>
            <Section title='这台手机上没有入账的' more={`${reports.length} 笔`} />
            <Reports reports={reports} />
          </>
        )}
        <Section title='本店待处理' />
        {storeId ? <StoreConflicts storeId={storeId} /> : <Empty picture='ledger' title='先在核销台选一家门店' />}
      </View>
    </Page>
  )
}
