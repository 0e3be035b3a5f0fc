import { randomUUID } from 'node:crypto'
import { createWechatClient } from '../../server/integrations/wechat/client'
import { sandboxApp } from '../../server/integrations/wechat/sandbox/cast'
import { createMemoryTokenStore } from '../../server/integrations/wechat/token'
import type { Message, SubscribeGrant } from '../../server/messages/entity'
import { bankAccepts } from '../../server/messages/grants'
import {
  type MessageKind,
  type NewMessage,
  type Planned,
  queueMessages,
  scheduleMessages,
  type Wanted,
} from '../../server/messages/service'
import { sandboxPrefix } from '../../server/process'
import { addMembers, ownerToken, rows, templateId } from '../jobs/people'
import { type TestServer, testNow } from '../support/server'

/** Data that fill every field of every template. */
const data = {
  gift: '88 积分',
  until: '2026-12-31',
  what: '300 积分',
  on: '2026-11-30',
  tier: '银卡会员',
  coupon: '生日礼券',
  value: '30元',
  change: '66',
  balance: '1066',
  store: '人民路店',
  amount: '128.00元',
  points: '128',
}

/** Queues one message to the inbox and as a subscribe message. */
export const queue = (
  { deps, clock }: TestServer,
  memberId: string,
  kind: MessageKind = 'tier_up',
  more: Partial<NewMessage> = {},
): Promise<void> =>
  deps.db.tx(async (tx) =>
    queueMessages(
      tx,
      [
        {
          memberId,
          kind,
          title: '升级啦',
          text: '恭喜升级',
          page: 'pages/home/index',
          data,
          dedupeKey: randomUUID(),
          channels: ['inbox', 'subscribe'],
          ...more,
        },
      ],
      clock.now(),
    ),
  )

/** Banks rights, `count` of them, as so many reports far enough apart not to be taken for one. */
export const grant = ({ deps, clock }: TestServer, memberId: string, key = 'tier', count = 1): Promise<void> =>
  deps.db.tx((tx) =>
    bankAccepts(
      tx,
      Array.from({ length: count }, () => ({
        memberId,
        templateId: templateId(key),
        sourceKey: `report:${randomUUID()}`,
      })),
      clock.now(),
    ),
  )

/** The subscribe rows of the outbox, oldest first. */
export const outbox = (server: TestServer): Promise<Message[]> =>
  rows<Message>(server, "SELECT * FROM message WHERE channel = 'subscribe' ORDER BY id")

export const grants = (server: TestServer): Promise<SubscribeGrant[]> =>
  rows<SubscribeGrant>(server, 'SELECT * FROM subscribe_grant ORDER BY id')

/** The person in the sandbox accepts, as often as asked; the events that follow are cut off where only the sandbox's credit matters. */
export const credit = async (server: TestServer, user: string, count = 1, key = 'tier'): Promise<void> => {
  for (let i = 0; i < count; i++) await server.sandbox('subscribe', { user, templateIds: [templateId(key)] })
}

/** What really arrived on the person's phone. */
export const arrived = async (server: TestServer, user: string): Promise<{ msgid: string; title: string }[]> => {
  const response = await fetch(`${server.url}/__wechat/__control/sends?user=${user}`)
  return ((await response.json()) as { items: { msgid: string; title: string }[] }).items
}

export const sendPath = '/cgi-bin/message/subscribe/send'

/** Forgets every message, right and setting between two tests, and puts clock, sandbox and WeChat client back; members stay. */
export const afresh = async (server: TestServer, more: { timeoutMs?: number } = {}): Promise<void> => {
  const { deps, clock } = server
  clock.set(testNow)
  await server.sandbox('reset', {})
  const tables = [
    'message',
    'subscribe_grant',
    'message_preference',
    'message_contact',
    'message_endpoint',
    'message_settings',
    'message_rate',
    'message_template',
    'idempotency',
    'audit',
  ]
  await deps.db.tx(async (tx) => {
    for (const table of tables) tx.write(`DELETE FROM ${table}`)
  })
  deps.wechat = createWechatClient({
    ...sandboxApp,
    baseUrl: `${server.url}${sandboxPrefix}`,
    tokenStore: createMemoryTokenStore(),
    now: () => clock.now(),
    ...more,
  })
}

/** Members of both sides: rows of ours bound to people of the sandbox, which holds `credits` rights of each. Call after every `afresh`. */
export const crowd = async (server: TestServer, size: number, credits = 1, key = 'coupon'): Promise<string[]> => {
  const ids = Array.from({ length: size }, (_, i) => `c${String(i).padStart(3, '0')}`)
  const known = await rows<{ id: string }>(server, "SELECT id FROM member WHERE id LIKE 'c%'")
  const fresh = ids.filter((id) => !known.some((k) => k.id === id))
  await addMembers(
    server,
    fresh.map((id) => ({ id, wechat: id })),
  )
  await Promise.all(
    ids.map(async (id, i) => {
      const grants = { [templateId(key)]: credits }
      await server.sandbox('users', { key: id, nickname: '会员', phone: `139${String(10_000_000 + i)}`, grants })
    }),
  )
  return ids
}

/** A message of a campaign as these tests want it: an offer by the channels named. */
export const offer = (memberId: string, more: Partial<Wanted> = {}): Wanted => ({
  memberId,
  dedupeKey: randomUUID(),
  content: offerContent,
  topic: 'offer',
  channels: ['subscribe'],
  places: { name: '林晓雨' },
  personal: false,
  priority: 5,
  source: 'campaign:test',
  sourceRef: null,
  ...more,
})
const offerContent: Wanted['content'] = {
  inbox: { title: '会员日', text: '{name}，会员日到了', page: 'pages/coupons/index' },
  subscribe: {
    template: 'coupon',
    fields: { thing1: '会员日券', amount2: '30元', date3: '2026-12-31', thing4: '点击查看' },
    page: 'pages/coupons/index',
  },
  sms: { template: 'care', text: '{name}，会员日到了', params: ['name'] },
  email: { subject: '会员日到了，{name}', text: '{name}，会员日到了。' },
}

/** Plans messages as a campaign or a journey does. */
export const scheduled = ({ deps, clock }: TestServer, wanted: readonly Wanted[]): Promise<Planned[]> =>
  deps.db.tx((tx) => scheduleMessages(tx, deps.env, wanted, clock.now()))

/** Every message of a member, by channel and state with its reason, in the order they were made. */
export const fates = async (server: TestServer, memberId: string): Promise<string[]> => {
  const found = await rows<Message>(server, 'SELECT * FROM message WHERE memberId = ? ORDER BY id', [memberId])
  return found.map((m) => `${m.channel} ${m.status}${m.reason ? ` ${m.reason}` : ''}`)
}

/** What the member says in the preference centre. */
export const prefer = async (server: TestServer, memberId: string, said: Record<string, boolean>): Promise<void> =>
  server.deps.db.tx(async (tx) =>
    tx.upsert(
      'message_preference',
      ['memberId', 'subject'],
      ['allowed', 'at'],
      Object.entries(said).map(([subject, allowed]) => ({ memberId, subject, allowed: allowed ? 1 : 0, at: 0 })),
    ),
  )

/** Gives a member a phone number, and a confirmed e-mail address. */
export const reachable = async ({ deps }: TestServer, memberId: string, phone: string, email?: string): Promise<void> =>
  deps.db.tx(async (tx) => {
    tx.write('UPDATE member SET phoneHash = ?, phoneSealed = ? WHERE id = ?', [
      deps.keys.blind('phone', phone),
      deps.keys.seal(phone),
      memberId,
    ])
    if (email)
      tx.upsert(
        'message_contact',
        ['memberId', 'kind'],
        ['confirmedAt'],
        [
          {
            memberId,
            kind: 'email',
            valueHash: deps.keys.blind('email', email),
            valueSealed: deps.keys.seal(email),
            confirmedAt: 1,
            codeHash: null,
            codeUntil: null,
            attempts: 0,
            changedAt: 0,
          },
        ],
      )
  })

/** Lin, Zhou and Chen on WeChat, the first two with a phone, and an owner. */
export const threePeople = async (server: TestServer): Promise<void> => {
  await addMembers(server, [
    { id: 'lin', wechat: 'lin' },
    { id: 'zhou', wechat: 'zhou' },
    { id: 'chen', wechat: 'chen' },
  ])
  await ownerToken(server)
  await reachable(server, 'lin', '13800000001')
  await reachable(server, 'zhou', '13800000002')
}

/** A clean slate on which Lin and Zhou have asked for text messages. */
export const askingForTexts = async (server: TestServer): Promise<void> => {
  await afresh(server)
  await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET personalised = 1, status = 'active'"))
  await prefer(server, 'lin', { 'channel:sms': true })
  await prefer(server, 'zhou', { 'channel:sms': true })
}
