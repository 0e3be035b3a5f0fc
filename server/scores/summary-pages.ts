import type { Output } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import type { OperatorActor } from '../http/actor'
import { allStores } from '../operators/service'
import { requireWholeGroup } from './freshness'
import { type Summaries, summaryDays } from './summaries'
import { effectDays, returnDays } from './summary-facts'

/** The newest sums of a key; null before the first night. Primary key. */
const newest = async <K extends keyof Summaries>(db: Reader, key: K): Promise<Summaries[K] | null> => {
  const [row] = await db.read<{ value: string }>(
    'SELECT value FROM score_summary WHERE `key` = ? ORDER BY onDay DESC LIMIT 1',
    [key],
  )
  return row ? (JSON.parse(row.value) as Summaries[K]) : null
}

/** Who uses which reward, and whether those who did come back more often than those who let it lapse. */
export const rewardMixOf = async (
  db: Reader,
  actor: OperatorActor,
): Promise<Output<'GET /admin/scores/reward-mix'>> => {
  requireWholeGroup(actor)
  return {
    definition: `最近 ${summaryDays} 天；“回来”指用过（或过期）后 ${returnDays} 天内在另一天又消费，只算满 ${returnDays} 天的`,
    caveat: '用券的人本来就更常来，差别不全是券的功劳；要知道券带来了多少，请用实验或留出组',
    rewards: (await newest(db, 'reward-mix')) ?? [],
  }
}

/** Members by the store they buy in most, and purchases by channel. */
export const storesOfScores = async (db: Reader, actor: OperatorActor): Promise<Output<'GET /admin/scores/stores'>> => {
  requireWholeGroup(actor)
  const [found, open] = await Promise.all([newest(db, 'stores'), allStores(db)])
  return {
    definition: `会员归到消费最多的门店；渠道是最近 ${summaryDays} 天消费的录入来源`,
    stores: (found?.stores ?? []).map((store) => ({
      ...store,
      name: open.find((s) => s.id === store.storeId)?.name ?? '已停用的门店',
    })),
    channels: found?.channels ?? [],
  }
}

/** What choosing by each model has brought, against those held back. */
export const benefitOfModels = async (
  db: Reader,
  actor: OperatorActor,
): Promise<Output<'GET /admin/scores/benefit'>> => {
  requireWholeGroup(actor)
  return {
    definition: `条件里写明用了这个模型的旅程和群发里，被选中的人与留出不发的人在其后 ${effectDays} 天的消费之差，只算已满 ${effectDays} 天的人；成本是券的减免与送出的积分（1 分按 1 分钱）`,
    // Sums of nights before the names were kept have none.
    models: ((await newest(db, 'benefit')) ?? []).map((model) => ({ ...model, counted: model.counted ?? [] })),
  }
}
