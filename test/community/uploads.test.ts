import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readPicture } from '../../server/http/image'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { DAY_MS } from '../../shared/time'
import { addMembers, rows, tokenOf } from '../jobs/people'
import { startServer, type TestServer } from '../support/server'
import { jpeg, photoFolder, png, upload } from './setup'

describe('what a photo is', () => {
  test('is told by its bytes, and what it tells of its taker is cut off', () => {
    const picture = readPicture(png(40, 30))
    expect(picture).toMatchObject({ type: 'png', width: 40, height: 30 })
    expect(picture?.clean.includes('Location')).toBe(false)
    // Orientation 6 turns the 40 × 30 frame by a quarter; the turn is kept, the rest of the note is not.
    const photo = readPicture(jpeg())
    expect(photo).toMatchObject({ type: 'jpg', width: 30, height: 40 })
    expect(photo?.clean.includes('GPS-SECRET')).toBe(false)
    expect(photo?.clean.includes('TRAILER')).toBe(false)
    expect(readPicture(photo?.clean ?? Buffer.alloc(0))).toMatchObject({ width: 30, height: 40 })
  })
  test.each([
    ['a page', Buffer.from('<html><script>alert(1)</script></html>')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a GIF', Buffer.from(`GIF89a${'\0'.repeat(40)}`)],
    ['half a PNG', png().subarray(0, 60)],
    ['half a JPEG', jpeg().subarray(0, 40)],
    ['nothing', Buffer.alloc(0)],
  ])('%s is none', (_, file) => expect(readPicture(file)).toBeNull())
})

describe('photos over HTTP', () => {
  let server: TestServer
  let as: string
  const dir = photoFolder()
  const files = (): string[] =>
    existsSync(join(dir, 'uploads'))
      ? readdirSync(join(dir, 'uploads')).flatMap((d) => readdirSync(join(dir, 'uploads', d)))
      : []
  beforeAll(async () => {
    server = await startServer({ database: 'sqlite', env: { DATA_DIR: dir } })
    await addMembers(server, [{ id: 'lin' }, { id: 'zhou' }])
    as = await tokenOf(server, 'member', 'lin')
  })
  afterAll(() => server.stop())

  test('strangers may look but not send', async () => {
    expect(await upload(server, null, [png()])).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(files()).toEqual([])
  })
  test('are stored under names nobody guesses and served so that no browser runs them', async () => {
    const sent = await upload(server, as, [png(20, 10), jpeg()])
    expect(sent.status).toBe(200)
    expect(sent.items.map((i) => [i.width, i.height])).toEqual([
      [20, 10],
      [30, 40],
    ])
    const shown = await fetch(server.url + sent.items[0].url)
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff')
    expect(shown.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(readPicture(Buffer.from(await shown.arrayBuffer()))).toMatchObject({ width: 20, height: 10 })
  })
  test('what is no photo, too large or too many is refused and leaves nothing', async () => {
    const before = files().length
    expect(await upload(server, as, [png(), Buffer.from('<svg/>')])).toMatchObject({
      status: 400,
      code: 'upload_not_a_photo',
    })
    const large = Buffer.concat([png(), Buffer.alloc(2 * 1024 * 1024)])
    expect(await upload(server, as, [large])).toMatchObject({ status: 413, code: 'upload_too_large' })
    expect(
      await upload(
        server,
        as,
        Array.from({ length: 10 }, () => png()),
      ),
    ).toMatchObject({ code: 'upload_too_many' })
    expect(await upload(server, as, [png(13_000, 1)])).toMatchObject({ code: 'upload_too_large' })
    const json = await fetch(`${server.url}/api/uploads`, {
      method: 'POST',
      body: '{}',
      headers: { Authorization: `Bearer ${as}`, 'Content-Type': 'application/json' },
    })
    expect(json.status).toBe(400)
    expect(files()).toHaveLength(before)
  })
  test('nobody walks out of the folder', async () => {
    for (const name of [
      '..%2f..%2fpackage.json',
      '%2e%2e/%2e%2e/package.json',
      'a'.repeat(32),
      `${'0'.repeat(32)}.jpg`,
    ])
      expect((await fetch(`${server.url}/api/uploads/${name}`)).status).toBe(404)
  })
  test('a day has its limit, and what was never attached goes with the sweep', async () => {
    let last = 200
    for (let i = 0; i < 12 && last === 200; i++)
      last = (
        await upload(
          server,
          as,
          Array.from({ length: 9 }, () => png()),
        )
      ).status
    expect(last).toBe(429)
    server.clock.advance(DAY_MS + 60_000)
    const started = await runnerOf(server.deps).runNow(requireJob('http.sweep-uploads'), 'test')
    await started?.ended
    expect(files()).toEqual([])
    expect(await rows(server, 'SELECT name FROM upload')).toEqual([])
  })
})
