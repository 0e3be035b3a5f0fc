import { Image } from '@tarojs/components'
import { useMemo } from 'react'
import { encode } from 'uqr'
import { matrixPicture } from './code128'
import { spokenPicture } from './spoken'

/** A text as a QR code, black on white in every mode. `label` is what a screen reader says instead. */
export function QrPicture({ text, label, className }: { text: string; label: string; className: string }) {
  const picture = useMemo(() => matrixPicture(encode(text, { ecc: 'M', border: 0 }).data, 2), [text])
  return <Image className={className} src={picture} mode='scaleToFill' {...spokenPicture(label)} />
}
