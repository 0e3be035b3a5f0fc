import { deflateSync } from 'node:zlib'
import { encode } from 'uqr'
import { code128 } from '../../client/miniapp/components/code128'

/** A grey picture: one byte a pixel, row by row. */
export interface Grey {
  width: number
  height: number
  pixels: Buffer
}

const blank = (width: number, height: number): Grey => ({ width, height, pixels: Buffer.alloc(width * height, 255) })
const paint = (g: Grey, x: number, y: number, w: number, h: number): void => {
  for (let row = y; row < y + h; row++) g.pixels.fill(0, row * g.width + x, row * g.width + x + w)
}

/** The app's own QR code of a text in the middle of a white picture, `scale` pixels a module. */
export const qrPicture = (text: string, { width = 640, height = 480, scale = 8 } = {}): Grey => {
  const { data } = encode(text, { ecc: 'M', border: 0 })
  const g = blank(width, height)
  const [left, top] = [(width - data.length * scale) >> 1, (height - data.length * scale) >> 1]
  for (const [y, row] of data.entries())
    for (const [x, dark] of row.entries()) if (dark) paint(g, left + x * scale, top + y * scale, scale, scale)
  return g
}

/** The app's own Code 128 of some digits, likewise. */
export const barPicture = (digits: string, { width = 640, height = 240, scale = 4 } = {}): Grey => {
  const bars = code128(digits)
  const g = blank(width, height)
  let x = (width - bars.reduce((sum, w) => sum + w, 0) * scale) >> 1
  for (const [i, w] of bars.entries()) {
    if (i % 2 === 0) paint(g, x, height >> 2, w * scale, height >> 1)
    x += w * scale
  }
  return g
}

/** A film of one still picture for Chromium's make-believe camera: YUV4MPEG2, 4:2:0, colours neutral. */
export const filmOf = ({ width, height, pixels }: Grey, frames = 10): Buffer => {
  const frame = Buffer.concat([Buffer.from('FRAME\n'), pixels, Buffer.alloc((width * height) / 2, 128)])
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`)
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame)])
}

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})
const crc = (bytes: Buffer): number => {
  let c = 0xffffffff
  for (const b of bytes) c = (crcTable[(c ^ b) & 255] as number) ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}
const chunk = (name: string, body: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(name), body])
  const out = Buffer.alloc(named.length + 8)
  out.writeUInt32BE(body.length, 0)
  named.copy(out, 4)
  out.writeUInt32BE(crc(named), named.length + 4)
  return out
}

/** A picture as an 8-bit grey PNG. */
export const pngOf = ({ width, height, pixels }: Grey): Buffer => {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8
  const rows = Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      Buffer.concat([Buffer.from([0]), pixels.subarray(y * width, (y + 1) * width)]),
    ),
  )
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
