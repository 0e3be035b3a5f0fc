import { randomUUID } from 'node:crypto'
import type { Message, SubscribeGrant } from '../../server/messages/entity'
import { bankAccepts } from '../../server/messages/grants'
import { type MessageKind, type NewMessage, queueMessages } from '../../server/messages/service'
import { rows, templateId } from '../jobs/people'
import type { TestServer } from '../support/server'

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
