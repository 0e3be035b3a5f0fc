import { newId } from '../db/id'
import { marks, type Statement, sql } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import type { Scan } from './entity'
import { memberPolicy } from './rules'

/** Opens the minutes at the counter that follow a scan or a look-up by phone. */
export const openScan = async (
  tx: Tx,
  s: Pick<Scan, 'memberId' | 'storeId' | 'operatorId'> & { via: 'code' | 'phone' | 'offline'; now: number },
): Promise<Scan> => {
  const scan: Scan = {
    id: newId(s.now),
    memberId: s.memberId,
    storeId: s.storeId,
    operatorId: s.operatorId,
    via: s.via,
    createdAt: s.now,
    expiresAt: s.now + memberPolicy.scanMinutes * 60_000,
  }
  tx.insert('scan', [{ ...scan }])
  return scan
}

/** Some scans, for the packet that loads a command's state. Ids at most 500. */
export const selectScans = (ids: readonly string[]): Statement =>
  sql(`SELECT * FROM scan WHERE id IN ${marks(ids)}`, [...ids])

/** A scan that is still good, in a store where this operator works. */
export const loadScan = async (db: Reader, actor: OperatorActor, scanId: string, now: number): Promise<Scan> => {
  const [scan] = await db.read<Scan>('SELECT * FROM scan WHERE id = ?', [scanId])
  if (!scan) throw refuse('scan_not_found')
  inScope(actor, scan.storeId)
  if (scan.expiresAt <= now) throw refuse('scan_expired')
  return scan
}
