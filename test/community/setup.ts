import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { executeOne } from '../../server/http/command'
import { settlePurchases } from '../../server/purchases/service'
import type { TestServer } from '../support/server'

/** A folder for photos that a test's server may fill. */
export const photoFolder = (): string => mkdtempSync(join(tmpdir(), 'huiyuan-photos-'))

const crcOf = (bytes: Buffer): number => {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
const chunk = (name: string, body: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const out = Buffer.alloc(8 + named.length)
  out.writeUInt32BE(body.length, 0)
  named.copy(out, 4)
  out.writeUInt32BE(crcOf(named), 4 + named.length)
  return out
}

/** A PNG of one colour, with a text chunk that says where it was taken. */
export const png = (width = 4, height = 3): Buffer => {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 0x6e)])
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('tEXt', Buffer.from('Location\0home')),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The bare frame of a JPEG with an EXIF note: orientation 6 and a secret; enough for a reader of segments. */
export const jpeg = (): Buffer => {
  const exif = Buffer.alloc(60)
  exif.write('Exif\0\0MM\0*', 'latin1')
  exif.writeUInt32BE(8, 10)
  exif.writeUInt16BE(1, 14)
  exif.writeUInt16BE(0x0112, 16)
  exif.writeUInt16BE(3, 18)
  exif.writeUInt32BE(1, 20)
  exif.writeUInt16BE(6, 24)
  exif.write('GPS-SECRET', 40, 'latin1')
  const segment = (marker: number, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff]), body])
  const frame = Buffer.from([8, 0, 30, 0, 40, 1, 1, 0x11, 0])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, exif),
    segment(0xc0, frame),
    segment(0xda, Buffer.from([1, 1, 0, 0, 0x3f, 0])),
    Buffer.from([1, 2, 3, 0xff, 0xd9]),
    Buffer.from('TRAILER'),
  ])
}

/** Sends photos as a form does. */
export const upload = async (
  server: TestServer,
  token: string | null,
  files: Buffer[],
): Promise<{
  status: number
  names: string[]
  code: string | undefined
  items: { url: string; width: number; height: number }[]
}> => {
  const form = new FormData()
  for (const file of files) form.append('file', new Blob([new Uint8Array(file)], { type: 'image/png' }), 'a.png')
  const response = await fetch(`${server.url}/api/uploads`, {
    method: 'POST',
    body: form,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  })
  const body = (await response.json()) as {
    items?: { name: string; url: string; width: number; height: number }[]
    error?: { code: string }
  }
  const items = body.items ?? []
  return { status: response.status, names: items.map((i) => i.name), code: body.error?.code, items }
}

/** Settles a purchase with two lines for a member; answers its id. */
export const buy = async (
  server: TestServer,
  memberId: string,
  storeId: string,
  { no, at = server.clock.now() }: { no: string; at?: number },
): Promise<string> => {
  const lines = [
    { productId: 'P1', name: '马克杯', category: '餐具', quantity: 1, unitFen: 3900, amountFen: 3900 },
    { productId: 'P2', name: '香薰蜡烛', category: '香氛', quantity: 2, unitFen: 5900, amountFen: 11800 },
  ]
  const settled = await server.deps.db.tx((tx) =>
    executeOne(
      tx,
      settlePurchases,
      {
        source: 'staff',
        externalNo: no,
        memberId,
        storeId,
        operatorId: null,
        at,
        amountFen: 15_700,
        lines,
        couponIds: [],
        birthdayKeys: [],
      },
      server.clock.now(),
    ),
  )
  return settled.purchase.id
}
