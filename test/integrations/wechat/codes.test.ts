import { crc32, inflateSync } from 'node:zlib'
import { encode } from 'uqr'
import { failure, startSandbox, type TestSandbox } from './support'

let world: TestSandbox
beforeEach(async () => {
  world = await startSandbox({
    sandbox: { pages: ['pages/home/index'], openLink: (page, query) => `http://localhost:3000/m/#/${page}?${query}` },
  })
})
afterEach(() => world.close())

/** Reads an 8-bit grey PNG (with or without alpha) without line filters, checking every check sum. */
function readPng(png: Buffer): { width: number; isDark: (x: number, y: number) => boolean; channels: number } {
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)) >>> 0)
    chunks.set(type, png.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND'])
  const header = chunks.get('IHDR') ?? Buffer.alloc(0)
  const width = header.readUInt32BE(0)
  expect(header.readUInt32BE(4)).toBe(width)
  const channels = header[9] === 4 ? 2 : 1
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))
  const stride = 1 + width * channels
  expect(rows).toHaveLength(stride * width)
  const pixel = (x: number, y: number, channel: number) => rows[y * stride + 1 + x * channels + channel]
  return { width, channels, isDark: (x, y) => pixel(x, y, 0) === 0 && (channels === 1 || pixel(x, y, 1) === 255) }
}

it.each([
  [430, false],
  [280, true],
])('draws the link to page and scene, %i pixels wide, transparent %s', async (width, transparent) => {
  const { image, type } = await world.client.getUnlimitedCode({
    scene: 'i=a1B2&s=9',
    page: 'pages/home/index',
    width,
    transparent,
  })
  expect(type).toBe('image/png')
  const png = readPng(image)
  expect(png.width).toBe(width)
  expect(png.channels).toBe(transparent ? 2 : 1)

  const expected = encode('http://localhost:3000/m/#/pages/home/index?scene=i%3Da1B2%26s%3D9', { ecc: 'M', border: 0 })
  // The first dark pixel is the corner of the code, and the seven dark modules of its edge give the scale.
  const middle = Array.from({ length: width }, (_, i) => i)
  const left = middle.find((x) => middle.some((y) => png.isDark(x, y))) ?? 0
  const top = middle.find((y) => png.isDark(left, y)) ?? 0
  const run = middle.find((i) => !png.isDark(left + i, top)) ?? 0
  const scale = run / 7
  expect(left).toBeGreaterThanOrEqual(4 * scale)
  const read = expected.data.map((row, y) =>
    row.map((_, x) => png.isDark(left + Math.floor((x + 0.5) * scale), top + Math.floor((y + 0.5) * scale))),
  )
  expect(read).toEqual(expected.data)
})

it.each([
  ['an empty scene', { scene: '' }, 40169],
  ['33 characters', { scene: 'x'.repeat(33) }, 40169],
  ['a Chinese scene', { scene: '券' }, 40129],
  ['a percent sign', { scene: 'a%20' }, 40129],
  ['an unpublished page', { scene: 'a', page: 'pages/new/index' }, 41030],
  ['a leading slash', { scene: 'a', page: '/pages/home/index' }, 41030],
  ['too small a picture', { scene: 'a', width: 100 }, 40097],
])('refuses %s', async (_name, request, errcode) => {
  expect(await failure(world.client.getUnlimitedCode(request))).toMatchObject({ errcode })
})

it('draws an unpublished page when asked not to check', async () => {
  const { image } = await world.client.getUnlimitedCode({ scene: 'a', page: 'pages/new/index', checkPath: false })
  expect(readPng(image).width).toBe(430)
})
