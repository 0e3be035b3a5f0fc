import type { Output } from '../../shared/contract'
import { type ModelCode, modelCodes, modelWords, usedWords } from '../../shared/score-words'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { ModelCard } from './entity'
import type { Card } from './model-card'

/** The cards of the models: how each did on the members' own past. */

type Stored = Pick<Card, 'figures' | 'calibration' | 'lift' | 'protocol' | 'limits'>
type CardView = Output<'GET /admin/model-cards'>['items'][number]

const viewOf = (row: ModelCard): CardView => {
  const model = row.model as ModelCode
  const used = row.used as Card['used']
  return {
    id: row.id,
    model,
    ...modelWords[model],
    onDay: row.onDay,
    used,
    usedText: usedWords[used],
    method: row.method,
    verdict: row.verdict,
    createdAt: row.createdAt,
    figures: (JSON.parse(row.figures) as Stored).figures,
  }
}

/** The newest card of each model. Index model_card_model. */
export const newestCards = async (db: Reader): Promise<ModelCard[]> => {
  const rows = await Promise.all(
    modelCodes.map((model) =>
      db.read<ModelCard>('SELECT * FROM model_card WHERE model = ? ORDER BY onDay DESC, id DESC LIMIT 1', [model]),
    ),
  )
  return rows.flat()
}

export const listCards = async (db: Reader): Promise<Output<'GET /admin/model-cards'>> => ({
  items: (await newestCards(db)).map(viewOf),
})

const historyLength = 30

/** One card with its curve, its deciles and the cards before it. */
export const showCard = async (db: Reader, cardId: string): Promise<Output<'GET /admin/model-cards/:cardId'>> => {
  const [row] = await db.read<ModelCard>('SELECT * FROM model_card WHERE id = ?', [cardId])
  if (!row) throw refuse('model_card_not_found')
  const history = await db.read<ModelCard>(
    'SELECT * FROM model_card WHERE model = ? ORDER BY onDay DESC, id DESC LIMIT ?',
    [row.model, historyLength],
  )
  const { calibration, lift, protocol, limits } = JSON.parse(row.figures) as Stored
  return {
    ...viewOf(row),
    calibration,
    lift,
    protocol,
    limits,
    history: history.map((card) => ({
      id: card.id,
      onDay: card.onDay,
      used: usedWords[card.used as Card['used']],
      main: (JSON.parse(card.figures) as Stored).figures[0]?.value ?? null,
    })),
  }
}
