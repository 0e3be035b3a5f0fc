import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { closeSessionsOf } from '../operators/service'
import type { Member } from './entity'

/** What is left where a name stood. */
const erasedName = ''

/** The keyed hashes by which some members would be known again: of their phones and of every identity. At most 500 members. */
export const returnKeysOf = async (db: Reader, memberIds: readonly string[]): Promise<Map<string, string[]>> => {
  const [phones, identities] = await Promise.all([
    db.read<{ id: string; phoneHash: string }>(
      `SELECT id, phoneHash FROM member WHERE id IN ${marks(memberIds)} AND phoneHash IS NOT NULL`,
      [...memberIds],
    ),
    db.read<{ memberId: string; kind: string; valueHash: string }>(
      `SELECT memberId, kind, valueHash FROM member_identity WHERE memberId IN ${marks(memberIds)}`,
      [...memberIds],
    ),
  ])
  return new Map(
    memberIds.map((memberId) => [
      memberId,
      [
        ...phones.filter((p) => p.id === memberId).map((p) => `phone:${p.phoneHash}`),
        ...identities.filter((i) => i.memberId === memberId).map((i) => `${i.kind}:${i.valueHash}`),
      ],
    ]),
  )
}

/**
 * Takes everything that tells who a member was out of the member's own tables: name, picture, phone, birthday, identities, codes and
 * sessions. The row stays with its id, because purchases and ledgers keep their sums by it. The card number becomes one that nobody had.
 */
export const eraseMember = async (tx: Tx, memberId: string, now: number): Promise<void> => {
  const [member] = await tx.read<Member>(`SELECT * FROM member WHERE id = ?${tx.lock}`, [memberId])
  if (!member) return
  if (member.phoneHash) tx.write('DELETE FROM sms_code WHERE phoneHash = ?', [member.phoneHash])
  tx.write('DELETE FROM member_identity WHERE memberId = ?', [memberId])
  tx.write('DELETE FROM code_handle WHERE memberId = ?', [memberId])
  tx.write(
    `UPDATE member SET name = ?, avatar = NULL, gender = 'unknown', phoneHash = NULL, phoneSealed = NULL, birthdaySealed = NULL,
       birthdayKey = NULL, birthdayChangedOn = NULL, cardNo = ?, status = 'inactive', personalised = 0 WHERE id = ?`,
    [erasedName, `left-${memberId}`, memberId],
  )
  closeSessionsOf(tx, 'member', memberId, now)
}

/** Switches personal recommendations; answers whether that changed anything. */
export const setPersonalised = async (tx: Tx, memberId: string, on: boolean): Promise<boolean> =>
  (await tx.run('UPDATE member SET personalised = ? WHERE id = ? AND personalised <> ?', [
    Number(on),
    memberId,
    Number(on),
  ])) === 1

/** Puts another picture, or none, in the place of a member's. */
export const setAvatar = (tx: Tx, memberId: string, avatar: string | null): void =>
  tx.write('UPDATE member SET avatar = ? WHERE id = ?', [avatar, memberId])
