import { randomBytes } from 'node:crypto'
import type { Output, Parsed } from '../../shared/contract'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { hookProblem } from '../integrations/webhook/addresses'
import type { MessageEndpoint } from './entity'

type View = Output<'GET /admin/message-endpoints'>['items'][number]

const view = (e: MessageEndpoint): View => ({
  id: e.id,
  channel: e.channel as View['channel'],
  name: e.name,
  host: e.host,
  active: !!e.active,
  createdAt: e.createdAt,
})

/** Addresses of WeCom robots and webhooks; only their hosts are shown, since the whole address holds a key. */
export const listEndpoints = async (db: Reader): Promise<Output<'GET /admin/message-endpoints'>> => ({
  items: (await db.read<MessageEndpoint>('SELECT * FROM message_endpoint ORDER BY id DESC LIMIT 200')).map(view),
})

/** Adds an address. A webhook gets a secret, shown this once, with which its receiver checks signatures. */
export const createEndpoint = async (
  tx: Tx,
  deps: Pick<Deps, 'keys' | 'env'>,
  { channel, name, url }: Parsed<'POST /admin/message-endpoints'>,
  now: number,
): Promise<Output<'POST /admin/message-endpoints'>> => {
  const problem = hookProblem(url, deps.env.NODE_ENV === 'production')
  if (problem) throw refuse('message_endpoint_refused', { reason: problem })
  const secret = channel === 'webhook' ? randomBytes(24).toString('base64url') : ''
  const row: MessageEndpoint = {
    id: newId(now),
    channel,
    name,
    urlSealed: deps.keys.seal(url),
    host: new URL(url).host.slice(0, 180),
    secretSealed: deps.keys.seal(secret),
    active: 1,
    createdAt: now,
  }
  tx.insert('message_endpoint', [{ ...row }])
  return { ...view(row), secret: secret || null }
}

/** Switches an address on or off; what waits for one that is off is skipped with that reason. */
export const switchEndpoint = async (
  tx: Tx,
  { endpointId, active }: Parsed<'PUT /admin/message-endpoints/:endpointId'>,
): Promise<View> => {
  const [row] = await tx.read<MessageEndpoint>(`SELECT * FROM message_endpoint WHERE id = ?${tx.lock}`, [endpointId])
  if (!row) throw refuse('not_found')
  tx.write('UPDATE message_endpoint SET active = ? WHERE id = ?', [active ? 1 : 0, endpointId])
  return view({ ...row, active: active ? 1 : 0 })
}
