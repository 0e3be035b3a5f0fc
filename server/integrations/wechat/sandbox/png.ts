/** A PNG writer for black-and-white pictures, enough for a QR code. */
import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** Grey, and grey with alpha. */
const colourType = { opaque: 0, transparent: 4 }

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body) >>> 0)
  return Buffer.concat([length, body, check])
}

/**
 * Encodes a square picture.
 *
 * @param width pixels per side.
 * @param isDark tells the colour of a pixel.
 * @param transparent makes light pixels see-through instead of white.
 */
export function encodePng(width: number, isDark: (x: number, y: number) => boolean, transparent: boolean): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(width, 4)
  header[8] = 8
  header[9] = transparent ? colourType.transparent : colourType.opaque
  const channels = transparent ? 2 : 1
  const stride = 1 + width * channels
  const rows = Buffer.alloc(stride * width)
  for (let y = 0; y < width; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const dark = isDark(x, y)
      const at = y * stride + 1 + x * channels
      rows[at] = dark ? 0 : 255
      if (transparent) rows[at + 1] = dark ? 255 : 0
    }
  }
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Light modules around the code that readers need to find it. */
const quietModules = 4

/** Draws `text` as a QR code of error correction level M, centred in a square of `width` pixels. */
export function drawQr(text: string, width: number, transparent: boolean): Buffer {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const scale = Math.max(1, Math.floor(width / (size + 2 * quietModules)))
  const side = Math.max(width, scale * (size + 2 * quietModules))
  const margin = Math.floor((side - scale * size) / 2)
  const module = (pixel: number) => Math.floor((pixel - margin) / scale)
  return encodePng(side, (x, y) => data[module(y)]?.[module(x)] === true, transparent)
}
