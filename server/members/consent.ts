import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { RevokedDatum } from '../integrations/wechat/push-events'

/** What each withdrawn consent takes from the member's row. Location, photos and files are never kept, so there is nothing to delete. */
const columnsOf: Partial<Record<RevokedDatum, string>> = {
  'nickname-and-avatar': "name = '', avatar = NULL",
  nickname: "name = ''",
  avatar: 'avatar = NULL',
  phone: 'phoneHash = NULL, phoneSealed = NULL',
}

/** Deletes exactly the data whose consent the member withdrew in WeChat. */
export const withdrawData = (tx: Tx, memberId: string, revoked: readonly RevokedDatum[]): void => {
  for (const datum of new Set(revoked)) {
    const columns = columnsOf[datum]
    if (columns) tx.write(`UPDATE member SET ${columns} WHERE id = ?`, [memberId])
  }
}

/** Cuts the member from outside accounts that no longer exist. */
export const forgetIdentities = (tx: Tx, memberId: string, kinds: readonly string[]): void =>
  tx.write(`DELETE FROM member_identity WHERE memberId = ? AND kind IN ${marks(kinds)}`, [memberId, ...kinds])
