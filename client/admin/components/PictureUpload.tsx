import { App, Button } from 'antd'
import { useRef, useState } from 'react'
import { sentenceOf, uploadPicture } from '../api'
import { Icon } from './Icon'

/** Larger files are refused by the server; said before they travel. */
const MAX_BYTES = 2 * 1024 * 1024

/** A button that sends a picture of this computer to the server and hands its address on. */
export function PictureUpload({ onUploaded, disabled }: { onUploaded: (url: string) => void; disabled?: boolean }) {
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const send = async (file: File | undefined): Promise<void> => {
    if (!file) return
    if (file.size > MAX_BYTES) {
      void message.warning('图片不能超过 2 MB，请压缩后再传')
      return
    }
    setBusy(true)
    try {
      onUploaded((await uploadPicture(file)).url)
    } catch (error) {
      void message.error(sentenceOf(error))
    }
    setBusy(false)
  }
  return (
    <>
      <input
        ref={field}
        type='file'
        accept='image/jpeg,image/png,image/webp'
        aria-label='选择图片文件'
        style={{ display: 'none' }}
        onChange={(event) => {
          void send(event.target.files?.[0])
          // The same file chosen again is a choice too.
          event.target.value = ''
        }}
      />
      <Button icon={<Icon name='plus' />} loading={busy} disabled={disabled} onClick={() => field.current?.click()}>
        上传图片
      </Button>
    </>
  )
}
