import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import type { Row } from '../../server/db/statement'
import type { Db } from '../../server/db/transaction'
import { usualSettings } from '../../server/messages/channel-rules'
import { civilDay } from '../../shared/time'

/** The shop of the benches of care: members with nothing but what a campaign asks of them. */

export const benchNow = Date.UTC(2026, 10, 22, 2, 0, 0)
export const memberId = (i: number): string => `m${String(i).padStart(9, '0')}`
export const campaignId = (i: number): string => `bench-campaign-${i}`

const settings = (url: string) =>
  readEnv({
    NODE_ENV: 'test',
    DATABASE_URL: url,
    DEMO: '0',
    LOG_LEVEL: 'error',
    APP_SECRET: 'a secret that only the bench uses, 32 characters',
  })

export const openShop = async (url: string): Promise<{ db: Db; env: ReturnType<typeof settings> }> => {
  const env = settings(url)
  const db = await openDb(env)
  await migrate(db)
  return { db, env }
}

export const insertMany = async (db: Db, table: string, count: number, row: (i: number) => Row): Promise<void> => {
  for (let from = 0; from < count; from += 5000)
    await db.tx(async (tx) =>
      tx.insert(
        table,
        Array.from({ length: Math.min(5000, count - from) }, (_, i) => row(from + i)),
      ),
    )
}

export const insertMembers = (db: Db, members: number): Promise<void> => {
  const today = civilDay(benchNow)
  return insertMany(db, 'member', members, (i) => ({
    id: memberId(i),
    groupId: 'group',
    cardNo: String(10_000_000 + i),
    name: `会员${i}`,
    gender: 'unknown',
    joinedAt: benchNow,
    joinedOn: today,
    joinedMonthDay: today.slice(5),
    joinedBy: 'import',
    status: 'active',
    tierLevel: i % 4,
    personalised: 1,
  }))
}

/** One in twenty members has had today's message already. */
export const insertToldToday = (db: Db, members: number): Promise<void> =>
  insertMany(db, 'message', Math.floor(members / 20), (i) => ({
    id: `told${String(i).padStart(9, '0')}`,
    dedupeKey: `told:${i}`,
    memberId: memberId(i * 20),
    channel: 'inbox',
    kind: 'offer',
    title: '早些时候',
    text: '',
    status: 'sent',
    attempts: 0,
    nextAttemptAt: benchNow,
    createdAt: benchNow,
    topic: 'offer',
    priority: 5,
    countsOn: civilDay(benchNow),
  }))

/** A template, the cap that the told ones meet, and campaigns to everybody with a control group of a tenth. */
export const insertCampaigns = (db: Db, count: number): Promise<void> =>
  db.tx(async (tx) => {
    const content = { inbox: { title: '会员日', text: '本周末会员日，双倍积分等你来。', page: 'pages/home/index' } }
    tx.insert('message_template', [
      {
        id: 'benchtemplate',
        name: '会员日',
        topic: 'offer',
        content: JSON.stringify(content),
        version: 1,
        archived: 0,
        updatedAt: 0,
      },
    ])
    const capped = { ...usualSettings, caps: { ...usualSettings.caps, inbox: { day: 1, week: null } } }
    tx.insert('message_settings', [{ name: 'messages', value: JSON.stringify(capped), version: 1 }])
    tx.insert(
      'campaign',
      Array.from({ length: count }, (_, i) => ({
        id: campaignId(i),
        name: `压测 ${i}`,
        state: 'scheduled',
        version: 1,
        templateId: 'benchtemplate',
        channels: '["inbox"]',
        sendAt: benchNow,
        holdoutPercent: 10,
        holdoutReason: '',
        priority: 5,
        position: '',
        createdAt: benchNow,
      })),
    )
  })
