import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { RevokedDatum } from '../integrations/wechat/push-events'
import type { Keys } from '../keys'

/** The member that an outside identity (openid, unionid …) points at, or null. */
export const memberByIdentity = async (
  db: Reader,
  keys: Keys,
  kind: string,
  value: string,
): Promise<string | null> => {
  const [row] = await db.read<{ memberId: string }>(
    'SELECT memberId FROM member_identity WHERE kind = ? AND valueHash = ?',
    [kind, keys.blind(kind, value)],
  )
  return row?.memberId ?? null
}

/** What each withdrawn consent takes from the member's row. Location, photos and files are never kept, so there is nothing to delete. */
const columnsOf: Partial<Record<RevokedDatum, string>> = {
  'nickname-and-avatar': "name = '', avatar = NULL",
  nickname: "name = ''",
  avatar: 'avatar = NULL',
  phone: 'phoneHash = NULL, phoneSealed = NULL',
}

/** Deletes exactly the data whose consent the member withdrew in WeChat. */
export const withdrawData = async (tx: Tx, memberId: string, revoked: readonly RevokedDatum[]): Promise<void> => {
  for (const datum of new Set(revoked)) {
    const columns = columnsOf[datum]
    if (columns) tx.write(`UPDATE member SET ${columns} WHERE id = ?`, [memberId])
    if (datum === 'phone') await forgetIdentities(tx, memberId, ['phone'])
  }
}

/** Cuts the member from outside accounts that no longer exist. */
export const forgetIdentities = async (tx: Tx, memberId: string, kinds: readonly string[]): Promise<void> =>
  tx.write(`DELETE FROM member_identity WHERE memberId = ? AND kind IN ${marks(kinds)}`, [memberId, ...kinds])
