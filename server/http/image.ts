/** What a photo is, told by its own bytes; the sender's name and type are not believed. */
export interface Picture {
  type: 'jpg' | 'png' | 'webp'
  /** Pixels as shown, that is after the rotation a phone notes beside the picture. */
  width: number
  height: number
  /** The picture without where, when and with which phone it was taken. */
  clean: Buffer
}

/** Orientation 5 to 8 of EXIF turn the picture by a quarter. */
const turned = (orientation: number): boolean => orientation >= 5 && orientation <= 8

/** The orientation (1-8) in an EXIF segment's body, 1 where it says none (EXIF 2.3, tag 0x0112). */
const orientationOf = (exif: Buffer): number => {
  if (exif.length < 20 || exif.toString('latin1', 0, 6) !== 'Exif\0\0') return 1
  const tiff = exif.subarray(6)
  const little = tiff.toString('latin1', 0, 2) === 'II'
  const short = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const long = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))
  const directory = long(4)
  if (directory + 2 > tiff.length) return 1
  const entries = short(directory)
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * 12
    if (at + 12 > tiff.length) return 1
    if (short(at) === 0x0112) return Math.min(8, Math.max(1, short(at + 8)))
  }
  return 1
}

/** An EXIF segment that says the orientation and nothing else. */
const orientationSegment = (orientation: number): Buffer => {
  const body = Buffer.alloc(32)
  body.write('Exif\0\0MM\0*', 'latin1')
  body.writeUInt32BE(8, 10)
  body.writeUInt16BE(1, 14)
  body.writeUInt16BE(0x0112, 16)
  body.writeUInt16BE(3, 18)
  body.writeUInt32BE(1, 20)
  body.writeUInt16BE(orientation, 24)
  const head = Buffer.from([0xff, 0xe1, 0, body.length + 2])
  return Buffer.concat([head, body])
}

/** Start-of-frame markers, which hold the size; 0xc4, 0xc8 and 0xcc are other things. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** Walks a JPEG's segments: keeps picture, colour profile (APP2) and Adobe's transform (APP14), drops the other notes. */
const readJpeg = (file: Buffer): Picture | null => {
  const kept: Buffer[] = [file.subarray(0, 2)]
  let size: { width: number; height: number } | null = null
  let orientation = 1
  let at = 2
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff) return null
    const marker = file[at + 1]
    const end = at + 2 + file.readUInt16BE(at + 2)
    if (end > file.length) return null
    if (isFrame(marker) && end - at >= 9) size = { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) }
    if (marker === 0xe1) orientation = Math.max(orientation, orientationOf(file.subarray(at + 4, end)))
    const note = (marker >= 0xe1 && marker <= 0xef && marker !== 0xe2 && marker !== 0xee) || marker === 0xfe
    if (!note) kept.push(file.subarray(at, end))
    if (marker === 0xda) {
      if (!size?.width || !size.height) return null
      // The scan runs to the end of the picture; what hangs behind it (a second picture, a video) goes too.
      const last = file.lastIndexOf(Buffer.from([0xff, 0xd9]))
      if (last < end) return null
      kept.push(file.subarray(end, last + 2))
      if (orientation > 1) kept.splice(1, 0, orientationSegment(orientation))
      const { width, height } = size
      const sides = turned(orientation) ? { width: height, height: width } : { width, height }
      return { type: 'jpg', ...sides, clean: Buffer.concat(kept) }
    }
    at = end
  }
  return null
}

/** Chunks of a PNG that are the picture; text, time and EXIF are left out. */
const pngChunks = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'bKGD'])

const readPng = (file: Buffer): Picture | null => {
  if (file.length < 57 || file.toString('latin1', 12, 16) !== 'IHDR') return null
  const kept: Buffer[] = [file.subarray(0, 8)]
  let at = 8
  while (at + 12 <= file.length) {
    const name = file.toString('latin1', at + 4, at + 8)
    const end = at + 12 + file.readUInt32BE(at)
    if (end > file.length) return null
    if (pngChunks.has(name)) kept.push(file.subarray(at, end))
    if (name === 'IEND') {
      const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)]
      return width && height ? { type: 'png', width, height, clean: Buffer.concat(kept) } : null
    }
    at = end
  }
  return null
}

/** The size in a WebP's first chunk: lossy, lossless or extended (RFC 9649). */
const webpSize = (file: Buffer): { width: number; height: number } | null => {
  const kind = file.toString('latin1', 12, 16)
  if (kind === 'VP8 ') return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff }
  if (kind === 'VP8L') {
    const bits = file.readUInt32LE(21)
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  if (kind === 'VP8X') return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 }
  return null
}

const readWebp = (file: Buffer): Picture | null => {
  const size = file.length >= 30 ? webpSize(file) : null
  if (!size?.width || !size.height) return null
  const kept: Buffer[] = []
  let at = 12
  while (at + 8 <= file.length) {
    const name = file.toString('latin1', at, at + 4)
    const length = file.readUInt32LE(at + 4)
    const end = Math.min(file.length, at + 8 + length + (length % 2))
    if (name !== 'EXIF' && name !== 'XMP ') kept.push(file.subarray(at, end))
    at = end
  }
  const body = Buffer.concat(kept)
  const head = Buffer.from(file.subarray(0, 12))
  head.writeUInt32LE(body.length + 4, 4)
  return { type: 'webp', ...size, clean: Buffer.concat([head, body]) }
}

/** Reads a photo; null for anything that is not a whole JPEG, PNG or WebP. */
export const readPicture = (file: Buffer): Picture | null => {
  if (file.length < 24) return null
  if (file[0] === 0xff && file[1] === 0xd8 && file[2] === 0xff) return readJpeg(file)
  if (file.readUInt32BE(0) === 0x89504e47 && file.readUInt32BE(4) === 0x0d0a1a0a) return readPng(file)
  if (file.toString('latin1', 0, 4) === 'RIFF' && file.toString('latin1', 8, 12) === 'WEBP') return readWebp(file)
  return null
}
