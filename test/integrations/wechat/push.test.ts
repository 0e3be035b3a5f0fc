import Koa from 'koa'
import {
  createPushReceiver,
  decryptPush,
  encryptPush,
  type PushOutcome,
  pushSignature,
} from '../../../server/integrations/wechat/push'
import { readPushEvents, type WechatEvent } from '../../../server/integrations/wechat/push-events'
import { openidFor, sandboxApp, templateIdFor } from '../../../server/integrations/wechat/sandbox/cast'
import { serve, startMs, startSandbox } from './support'

// The platform's published sample.
const token = 'AAAAA'
const aesKey = 'A'.repeat(43)
const appId = 'wxba5fad812f8e6fb9'
const encrypted =
  '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04='
const sampleMs = 1714112445_000
const sampleQuery = {
  timestamp: '1714112445',
  nonce: '415670741',
  openid: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  encrypt_type: 'aes',
  msg_signature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
}
const sampleBody = JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: encrypted })

const receiverAt = (ms: number, more: { appId?: string } = {}) => {
  const clock = { ms }
  return { clock, ...createPushReceiver({ appId, token, encodingAesKey: aesKey, now: () => clock.ms, ...more }) }
}
const ignore = async () => undefined

describe('the published sample', () => {
  it('has these signatures', () => {
    expect(pushSignature(token, '1714036504', '1514711492')).toBe('f464b24fc39322e44b38aa78f5edd27bd1441696')
    expect(pushSignature(token, '1714037059', '486452656')).toBe('899cf89e464efb63f54ddac96b0a0a235f53aa78')
    expect(pushSignature(token, '1714112445', '415670741', encrypted)).toBe('046e02f8204d34f8ba5fa3b1db94908f3df2e9b3')
  })

  it('decrypts', () => {
    const opened = decryptPush(aesKey, encrypted)
    expect(opened).toMatchObject({ random: 'a8eedb185eb2fecf', appId })
    expect(opened?.message).toHaveLength(167)
    expect(JSON.parse(opened?.message ?? '')).toEqual({
      ToUserName: 'gh_97417a04a28d',
      FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      CreateTime: 1714112445,
      MsgType: 'event',
      Event: 'debug_demo',
      debug_str: 'hello world',
    })
  })

  it('encrypts and signs a reply', () => {
    const reply = encryptPush(aesKey, appId, '{"demo_resp":"good luck"}', Buffer.from('707722b803182950'))
    expect(reply).toBe('ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==')
    expect(pushSignature(token, '1713424427', '415670741', reply)).toBe('1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1')
  })

  it('is received', async () => {
    const got: WechatEvent[] = []
    const { receive } = receiverAt(sampleMs)
    expect(await receive(sampleQuery, sampleBody, async (events) => void got.push(...events))).toEqual({
      accepted: true,
      repeated: false,
    })
    expect(got).toMatchObject([
      { kind: 'other', name: 'debug_demo', openid: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY', at: sampleMs },
    ])
  })
})

describe('set-up check', () => {
  const query = {
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
    timestamp: '1714036504',
    nonce: '1514711492',
    echostr: '4375120948345356249',
  }
  it('echoes for the right signature, and only while it is fresh', () => {
    expect(receiverAt(1714036504_000).checkUrl(query)).toBe(query.echostr)
    expect(receiverAt(1714036504_000).checkUrl({ ...query, nonce: '1' })).toBeNull()
    expect(receiverAt(1714036504_000).checkUrl({ ...query, echostr: ['a', 'b'] })).toBeNull()
    expect(receiverAt(1714036504_000 + 300_001).checkUrl(query)).toBeNull()
  })
})

describe('refusals', () => {
  const outcomeOf = (change: object, body = sampleBody, ms = sampleMs): Promise<PushOutcome> =>
    receiverAt(ms).receive({ ...sampleQuery, ...change }, body, () =>
      Promise.reject(new Error('must not be processed')),
    )

  it.each<[string, object, string, number, string]>([
    ['no signature', { msg_signature: undefined }, sampleBody, sampleMs, 'query'],
    ['a doubled nonce', { nonce: ['1', '2'] }, sampleBody, sampleMs, 'query'],
    ['a wrong signature', { msg_signature: '0'.repeat(40) }, sampleBody, sampleMs, 'signature'],
    ['another timestamp', { timestamp: '1714112446' }, sampleBody, sampleMs, 'signature'],
    ['an old timestamp', {}, sampleBody, sampleMs + 300_001, 'stale'],
    ['a future timestamp', {}, sampleBody, sampleMs - 300_001, 'stale'],
    ['a timestamp that is no number', { timestamp: 'now' }, sampleBody, sampleMs, 'stale'],
    ['a body that is no JSON', {}, '<xml/>', sampleMs, 'format'],
    ['a plain body', {}, '{"MsgType":"event"}', sampleMs, 'format'],
    ['an oversized body', {}, `{"Encrypt":"${'A'.repeat(300_000)}"}`, sampleMs, 'format'],
  ])('%s', async (_name, change, body, ms, reason) => {
    expect(await outcomeOf(change, body, ms)).toEqual({ accepted: false, reason })
  })

  it('a well-signed body that is not encrypted with our key', async () => {
    const foreign = encryptPush('B'.repeat(43), appId, '{}')
    const query = { ...sampleQuery, msg_signature: pushSignature(token, '1714112445', '415670741', foreign) }
    expect(await outcomeOf(query, JSON.stringify({ Encrypt: foreign }))).toEqual({ accepted: false, reason: 'format' })
    const short = 'AAAA'
    const cut = { ...sampleQuery, msg_signature: pushSignature(token, '1714112445', '415670741', short) }
    expect(await outcomeOf(cut, JSON.stringify({ Encrypt: short }))).toEqual({ accepted: false, reason: 'format' })
  })

  it('a push for another app', async () => {
    const { receive } = receiverAt(sampleMs, { appId: 'wx0000000000000000' })
    expect(await receive(sampleQuery, sampleBody, ignore)).toEqual({ accepted: false, reason: 'app' })
  })

  it('a key of the wrong length, at start', () => {
    expect(() => createPushReceiver({ appId, token, encodingAesKey: 'short', now: () => 0 })).toThrow('43 characters')
  })
})

it('processes a repeated delivery once, and again if the first processing failed', async () => {
  const { receive, clock } = receiverAt(sampleMs)
  await expect(receive(sampleQuery, sampleBody, () => Promise.reject(new Error('database is down')))).rejects.toThrow()
  let processed = 0
  const count = async () => {
    processed += 1
  }
  expect(await receive(sampleQuery, sampleBody, count)).toEqual({ accepted: true, repeated: false })
  clock.ms += 200_000
  expect(await receive(sampleQuery, sampleBody, count)).toEqual({ accepted: true, repeated: true })
  expect(processed).toBe(1)
})

describe('events', () => {
  const head = { ToUserName: 'gh', FromUserName: 'oUser', CreateTime: '1620963428', MsgType: 'event' }
  const read = (Event: string, fields: object) => readPushEvents({ ...head, Event, ...fields })
  const item = (TemplateId: string, SubscribeStatusString: string) => ({
    TemplateId,
    SubscribeStatusString,
    PopupScene: '0',
  })

  it('reads List as an object and as an array, with string and number forms', () => {
    const one = read('subscribe_msg_popup_event', { List: item('T1', 'accept') })
    const many = read('subscribe_msg_popup_event', { List: [item('T1', 'accept'), item('T2', 'reject')] })
    expect(one).toEqual([
      {
        kind: 'subscribe-answered',
        openid: 'oUser',
        at: 1620963428_000,
        templateId: 'T1',
        accepted: true,
        dedupeKey: 'oUser:1620963428:subscribe_msg_popup_event:T1',
      },
    ])
    expect(many).toMatchObject([
      { templateId: 'T1', accepted: true },
      { templateId: 'T2', accepted: false },
    ])
    expect(many?.[0]?.dedupeKey).toBe(one?.[0]?.dedupeKey)
    expect(read('subscribe_msg_change_event', { List: [item('T1', 'reject')] })).toMatchObject([
      { kind: 'subscribe-changed', accepted: false },
    ])
    expect(
      read('subscribe_msg_sent_event', { List: { TemplateId: 'T', MsgID: '1864323726461255680', ErrorCode: 0 } }),
    ).toMatchObject([{ kind: 'subscribe-sent', msgid: '1864323726461255680', ok: true }])
  })

  it('refuses events that lack what their name promises', () => {
    expect(read('subscribe_msg_popup_event', {})).toBeNull()
    expect(read('subscribe_msg_popup_event', { List: [] })).toBeNull()
    expect(read('subscribe_msg_sent_event', { List: [{ TemplateId: 'T' }] })).toBeNull()
    expect(readPushEvents({ Event: 'debug_demo' })).toBeNull()
  })

  it('names the data whose authorisation was withdrawn', () => {
    expect(read('user_authorization_revoke', { ' OpenID': 'oOther', AppID: 'wx', RevokeInfo: '8' })).toMatchObject([
      { kind: 'authorization-revoked', openid: 'oOther', revoked: ['phone'] },
    ])
    expect(read('user_authorization_revoke', { OpenID: 'oOther', RevokeInfo: '6,8,999' })).toMatchObject([
      { revoked: ['nickname-and-avatar', 'phone'] },
    ])
    expect(read('user_authorization_cancellation', { OpenID: 'oOther' })).toMatchObject([
      { kind: 'account-cancelled', openid: 'oOther' },
    ])
    expect(read('user_info_modified', {})).toMatchObject([{ kind: 'profile-modified', openid: 'oUser' }])
  })

  it('counts a verdict that could not be reached as failed', () => {
    const verdict = { trace_id: 't1', result: { suggest: 'risky', label: 20002 } }
    expect(read('wxa_media_check', { ...verdict, errcode: 0 })).toMatchObject([{ suggest: 'risky', label: 20002 }])
    expect(read('wxa_media_check', { trace_id: 't1', errcode: -1008 })).toMatchObject([{ suggest: 'failed' }])
  })
})

describe('from the sandbox, over HTTP', () => {
  const settings = { token: 'push-token', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
  const birthday = templateIdFor('birthday')

  /** A callback server as ours will be, and a sandbox that pushes to it. */
  async function start(failFirst = 0) {
    const events: WechatEvent[] = []
    const outcomes: PushOutcome[] = []
    let failures = failFirst
    const push = createPushReceiver({ appId: sandboxApp.appId, ...settings, now: () => startMs })
    const app = new Koa()
    app.silent = true
    app.use(async (ctx) => {
      const chunks: Buffer[] = []
      for await (const chunk of ctx.req) chunks.push(chunk as Buffer)
      const outcome = await push.receive(ctx.query, Buffer.concat(chunks).toString(), async (batch) => {
        failures -= 1
        if (failures >= 0) throw new Error('database is down')
        events.push(...batch)
      })
      outcomes.push(outcome)
      ctx.status = outcome.accepted ? 200 : 401
      ctx.body = outcome.accepted ? 'success' : 'no'
    })
    const callback = await serve(app)
    const world = await startSandbox({ sandbox: { pushTarget: { url: `${callback.url}/push`, ...settings } } })
    const close = async () => {
      await world.close()
      await callback.close()
    }
    return { ...world, events, outcomes, close }
  }

  it('tells of the answer to a pop-up, and of the message that was sent', async () => {
    const world = await start()
    try {
      await world.control('subscribe', { user: 'lin', templateIds: [birthday] })
      await world.control('subscribe', {
        user: 'lin',
        templateIds: [birthday, templateIdFor('points')],
        choice: { [birthday]: 'accept' },
      })
      const data = { thing1: '生日券', date2: '2026-12-22', thing3: '生日快乐' }
      const { msgid } = await world.client.sendSubscribe({ openid: openidFor('lin'), templateId: birthday, data })
      await world.sandbox.settle()
      const forms = world.sandbox.state().pushes.map(({ message }) => Array.isArray(message.List))
      expect(forms).toEqual([false, true, false])
      expect(world.events).toMatchObject([
        { kind: 'subscribe-answered', templateId: birthday, accepted: true },
        { kind: 'subscribe-answered', templateId: birthday, accepted: true },
        { kind: 'subscribe-answered', templateId: templateIdFor('points'), accepted: false },
        { kind: 'subscribe-sent', msgid, ok: true },
      ])
      expect(world.sandbox.state().pushes.every(({ accepted, attempts }) => accepted && attempts === 1)).toBe(true)
    } finally {
      await world.close()
    }
  })

  it('can repeat, forge, delay and reorder', async () => {
    const world = await start()
    try {
      const event = {
        event: 'user_authorization_revoke',
        user: 'lin',
        fields: { OpenID: openidFor('lin'), RevokeInfo: '8' },
      }
      await world.control('push', { ...event, copies: 3 })
      await world.sandbox.settle()
      expect(world.events).toMatchObject([
        { kind: 'authorization-revoked', openid: openidFor('lin'), revoked: ['phone'] },
      ])
      expect(world.outcomes.filter((one) => one.accepted && one.repeated)).toHaveLength(2)

      await world.control('push', { ...event, badSignature: true })
      await world.control('push', { ...event, ageSeconds: 301 })
      await world.sandbox.settle()
      expect(world.events).toHaveLength(1)
      const refused = world.outcomes.flatMap((one) => (one.accepted ? [] : [one.reason])).sort()
      expect(refused).toEqual(['signature', 'signature', 'signature', 'stale', 'stale', 'stale'])

      const list = [{ TemplateId: 'T', SubscribeStatusString: 'reject' }]
      const change = { event: 'subscribe_msg_change_event', user: 'lin', list }
      await world.control('push', { ...change, createTime: 1_700_000_010, delayMs: 0, form: 'array' })
      await world.sandbox.settle()
      await world.control('push', { ...change, createTime: 1_700_000_000 })
      await world.sandbox.settle()
      expect(world.events.slice(1).map(({ at }) => at)).toEqual([1_700_000_010_000, 1_700_000_000_000])
    } finally {
      await world.close()
    }
  })

  it('tries again when we fail, with the same request', async () => {
    const world = await start(2)
    try {
      await world.control('subscriptions', { user: 'lin', templateId: birthday, choice: 'reject' })
      await world.sandbox.settle()
      expect(world.events).toMatchObject([{ kind: 'subscribe-changed', templateId: birthday, accepted: false }])
      expect(world.sandbox.state().pushes).toMatchObject([{ attempts: 3, accepted: true, status: 200 }])
    } finally {
      await world.close()
    }
  })

  it('gives the verdict on an image', async () => {
    const world = await start()
    try {
      const check = (url: string) =>
        world.client.checkMedia({ openid: openidFor('lin'), scene: 3, type: 'image', url: `https://x.cn/${url}.jpg` })
      const traces = [await check('cat'), await check('risky'), await check('missing')].map(({ traceId }) => traceId)
      await world.sandbox.settle()
      const verdictOf = (trace: string | undefined) =>
        world.events.find((event) => event.kind === 'media-checked' && event.traceId === trace)
      expect(traces.map(verdictOf)).toMatchObject([{ suggest: 'pass' }, { suggest: 'risky' }, { suggest: 'failed' }])
    } finally {
      await world.close()
    }
  })
})
