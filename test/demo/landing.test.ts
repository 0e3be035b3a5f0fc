import { startServer, type TestServer } from '../support/server'

describe('the landing page', () => {
  let server: TestServer
  afterEach(() => server.stop())
  const open = async (env: Record<string, string> = {}): Promise<string> => {
    server = await startServer({ database: 'sqlite', env })
    const response = await fetch(server.url)
    expect(response.headers.get('content-type')).toContain('text/html')
    return response.text()
  }

  test('with the demo on: the member app in a frame, every door, the accounts', async () => {
    const html = await open()
    for (const part of [
      '<iframe src="/m/?demo=member#/"',
      'href="/m/?demo=staff#/packages/staff/index"',
      'href="/admin/"',
      'href="/reference/"',
      'href="/healthz"',
      '13800138000',
      '13800138001',
      'demo-operator',
      'demo-pos',
      'huiyuan-demo',
      '拾光生活馆',
      'CC0',
    ])
      expect(html).toContain(part)
    // Nothing may come from elsewhere: the page must work without the internet, and the policy forbids it anyway.
    expect(html).not.toMatch(/(src|href)="https?:/)
  })

  test('with the demo off: doors only, and not one account', async () => {
    const html = await open({ DEMO: '0', SHOP_NAME: '<b>花店</b>' })
    const body = html.slice(html.indexOf('<body'))
    expect(body).toContain('href="/m/"')
    expect(body).toContain('&lt;b&gt;花店&lt;/b&gt;')
    expect(body).not.toMatch(/demo|1380013|<iframe/)
    expect(html).not.toContain('<b>花店')
  })
})
