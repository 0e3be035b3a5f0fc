import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import Koa from 'koa'
import type { Deps } from '../../server/deps'
import { headers } from '../../server/http/headers'
import { pages } from '../../server/http/pages'

/** How the built clients reach a browser: compressed, kept for good where the name says the content, never stale where it does not. */
describe('Built clients', () => {
  const dist = mkdtempSync(join(tmpdir(), 'huiyuan-dist-'))
  const script = 'export const answer = 42;\n'.repeat(400)
  const page = `<!doctype html><script src="js/app.0a1b2c3d.js"></script>${'<!-- words -->'.repeat(200)}`
  let server: Server
  beforeAll(async () => {
    const files: Record<string, string> = {
      'h5/index.html': page,
      'h5/js/app.0a1b2c3d.js': script,
      'h5/static/zxing-reader-3.1.3.wasm': 'not really',
      'admin/index.html': page,
      'admin/favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'admin/assets/index-Ab3_dE9x.js': script,
    }
    for (const [name, text] of Object.entries(files)) {
      const file = join(dist, name)
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, text)
    }
    const app = join(dist, 'h5/js/app.0a1b2c3d.js')
    writeFileSync(`${app}.br`, brotliCompressSync(script))
    writeFileSync(`${app}.gz`, gzipSync(script))
    const koa = new Koa()
    koa.use(headers({ NODE_ENV: 'test' }))
    for (const layer of pages({} as Deps, dist)) koa.use(layer)
    server = createServer(koa.callback())
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  afterAll(async () => {
    await new Promise((done) => server.close(done))
    rmSync(dist, { recursive: true, force: true })
  })
  // node:http, because fetch unpacks what it gets and does not say how it came.
  const ask = (path: string, more: Record<string, string> = {}): Promise<{ answer: IncomingMessage; body: Buffer }> =>
    new Promise((done, fail) => {
      const { port } = server.address() as AddressInfo
      get({ port, path, headers: more }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () => done({ answer, body: Buffer.concat(parts) }))
      }).on('error', fail)
    })

  test('a file named by its content is kept for good and comes as the build compressed it', async () => {
    const { answer, body } = await ask('/m/js/app.0a1b2c3d.js', { 'accept-encoding': 'gzip, deflate, br' })
    expect(answer.headers['content-encoding']).toBe('br')
    expect(answer.headers['content-type']).toContain('javascript')
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(brotliDecompressSync(body).toString()).toBe(script)
    const zipped = await ask('/m/js/app.0a1b2c3d.js', { 'accept-encoding': 'gzip' })
    expect(gunzipSync(zipped.body).toString()).toBe(script)
    const plain = await ask('/m/js/app.0a1b2c3d.js')
    expect([plain.answer.headers['content-encoding'], plain.body.toString()]).toEqual([undefined, script])
    expect(plain.answer.headers.vary).toContain('Accept-Encoding')
  })

  test('what the build left plain is compressed on the way', async () => {
    const { answer, body } = await ask('/admin/assets/index-Ab3_dE9x.js', { 'accept-encoding': 'gzip' })
    expect(answer.headers['cache-control']).toContain('immutable')
    expect(gunzipSync(body).toString()).toBe(script)
  })

  test('the entry page is asked for each time and sent only when it is another one', async () => {
    const { answer } = await ask('/m/')
    expect(answer.headers['cache-control']).toBe('no-cache')
    const etag = String(answer.headers.etag)
    expect(etag).toMatch(/^W\/"/)
    const again = await ask('/m/', { 'if-none-match': etag })
    expect([again.answer.statusCode, again.body.length]).toEqual([304, 0])
    // A route of the admin page is the same entry.
    const deep = await ask('/admin/members/123', { 'if-none-match': 'W/"other"' })
    expect([deep.answer.statusCode, deep.body.toString()]).toEqual([200, page])
    writeFileSync(join(dist, 'h5/index.html'), `${page}<!-- newer -->`)
    expect((await ask('/m/', { 'if-none-match': etag })).answer.statusCode).toBe(200)
  })

  test('a name that says nothing is kept for an hour; the code reader may be compiled in the member app only', async () => {
    expect((await ask('/admin/favicon.svg')).answer.headers['cache-control']).toBe('public, max-age=3600')
    const wasm = (await ask('/m/static/zxing-reader-3.1.3.wasm')).answer
    expect(wasm.headers['content-type']).toBe('application/wasm')
    expect(wasm.headers['cache-control']).toContain('immutable')
    const policyOf = async (path: string) => String((await ask(path)).answer.headers['content-security-policy'])
    expect(await policyOf('/m/')).toContain("'wasm-unsafe-eval'")
    expect(await policyOf('/admin/')).not.toContain('wasm')
    expect(await policyOf('/m/')).not.toContain("'unsafe-eval'")
    expect((await ask('/m/js/gone.0a1b2c3d.js')).answer.statusCode).toBe(404)
  })
})
