import { Button } from 'antd'
import { useState } from 'react'
import { TestSend } from '../messages/TestSend'
import { useSession } from '../session'

/** Sends a template to one member for a look, from where it is chosen. */
export function TryMessage({
  template,
  channels,
}: {
  template: { id: string; name: string } | undefined
  channels: readonly string[]
}) {
  const { can } = useSession()
  const [open, setOpen] = useState(false)
  if (!can('message:write')) return null
  return (
    <>
      <Button style={{ alignSelf: 'start' }} disabled={!template || !channels.length} onClick={() => setOpen(true)}>
        测试发送
      </Button>
      {open && template ? (
        <TestSend templateId={template.id} name={template.name} channels={channels} close={() => setOpen(false)} />
      ) : null}
    </>
  )
}
