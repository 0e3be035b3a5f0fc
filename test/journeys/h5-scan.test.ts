import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { chromiumArguments, findChromium } from '../support/chromium'
import { barPicture, filmOf, type Grey, pngOf, qrPicture } from '../support/code-pictures'
import { signInByPhone } from '../support/people'
import { openPhone, phoneWidths, type Visitor } from './browser'
import { openTab, signInOnPhone } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'

/**
 * The staff's scanner in a browser without a reader of its own, which Chromium on Linux is: ZXing's WebAssembly from this server reads what
 * the camera sees. The camera is a film of our own QR code.
 */
describeWith(['chromium', 'h5'], 'Scanning in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'huiyuan-scan-'))
  let shop: Shop
  let memberToken: string
  let browser: Browser | null = null
  let staff: Visitor

  beforeAll(async () => {
    shop = await openShop('sqlite')
    memberToken = (await signInByPhone(shop.server, '13911113333')).token
  })
  afterAll(async () => {
    await shop?.server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  afterEach(async () => {
    await browser?.close()
    browser = null
  })

  /** A code that has not been shown before; a used one is refused. */
  const freshCode = async (): Promise<string> => {
    const answer = await shop.server.call('GET /me/code', { refresh: '1' }, { as: memberToken })
    return answer.body.codes[0].code
  }
  /** Opens Chromium with a camera that sees a picture, or with none, and goes to the counter. */
  const atTheCounter = async (seen: Grey | null): Promise<Visitor> => {
    const film = join(folder, 'camera.y4m')
    if (seen) writeFileSync(film, filmOf(seen))
    const camera = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream']
    browser = await chromium.launch({
      executablePath: findChromium() ?? undefined,
      args: [...chromiumArguments, ...(seen ? [...camera, `--use-file-for-fake-video-capture=${film}`] : [])],
    })
    const visitor = await openPhone(browser, shop.server)
    // One code by SMS a minute.
    shop.server.clock.advance(61_000)
    await signInOnPhone(visitor, shop.cashierPhone)
    await visitor.expects('青叶会员')
    await openTab(visitor, '我的')
    await visitor.tap('核销台')
    await visitor.expects(/静安寺店，店员/)
    return visitor
  }
  /** The customer stands at the counter: the page is there and has asked for who it is. */
  const atTheMember = async (): Promise<void> => {
    await staff.page.waitForURL(/packages\/staff\/member\?scanId=/)
    await staff.expects(/139\*{4}3333/)
  }
  const wasmOf = (visitor: Visitor): string[] => {
    const asked: string[] = []
    visitor.page.on('request', (request) => request.url().endsWith('.wasm') && asked.push(request.url()))
    return asked
  }

  test('the camera reads the member’s QR code; the reader comes from this server, when it is needed', async () => {
    staff = await atTheCounter(qrPicture(await freshCode()))
    expect(await staff.page.evaluate(() => 'BarcodeDetector' in window)).toBe(false)
    const asked = wasmOf(staff)
    await staff.tap('扫会员码')
    await atTheMember()
    expect(asked).toHaveLength(1)
    expect(new URL(asked[0]).origin).toBe(shop.server.url)
    expect(await staff.page.locator('.camera').count()).toBe(0)
    expect(staff.problems).toEqual([])
  })

  test('a picture of the bar code or of the QR code does as well, without a camera; an empty one says so', async () => {
    staff = await atTheCounter(null)
    const choose = async (picture: Grey): Promise<void> => {
      const [chooser] = await Promise.all([
        staff.page.waitForEvent('filechooser'),
        staff.page.locator('.camera__button', { hasText: '选照片' }).click(),
      ])
      await chooser.setFiles({ name: 'code.png', mimeType: 'image/png', buffer: pngOf(picture) })
    }
    await staff.tap('扫会员码')
    await staff.expects('用不了相机，可以选一张照片，或返回手动输入')
    await staff.fits(phoneWidths)
    await staff.picture('scan-no-camera')
    await choose({ width: 64, height: 64, pixels: Buffer.alloc(64 * 64, 255) })
    await staff.expects('照片里没有找到码，换一张试试')
    await choose(barPicture(await freshCode()))
    await atTheMember()
    await staff.page.goBack()
    await staff.tap('扫会员码')
    await choose(qrPicture(await freshCode()))
    await atTheMember()
  })

  test('closing the scanner leaves the field for typing', async () => {
    staff = await atTheCounter(qrPicture('nothing to see', { scale: 1 }))
    await staff.tap('扫会员码')
    await staff.page.locator('.camera__button', { hasText: '取消' }).click()
    expect(await staff.page.locator('.camera').count()).toBe(0)
    await staff.fill('会员码或手机号', await freshCode())
    await staff.tap('查找')
    await atTheMember()
  })
})
