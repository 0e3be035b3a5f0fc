import type { Output } from '../../shared/contract'
import type { AssistantMessage } from './entity'

type Shown = Output<'GET /me/assistant'>['messages'][number]

/** A line of a conversation as both sides see it. */
export const messageView = (m: AssistantMessage): Shown => ({
  id: m.id,
  at: m.at,
  from: m.sender as Shown['from'],
  kind: m.kind as Shown['kind'],
  text: m.text,
  topic: m.topic,
  ...(JSON.parse(m.more) as Pick<Shown, 'links' | 'chips'>),
  helpful: m.helpful === null ? null : m.helpful === 1,
})
