import type { Tx } from '../db/transaction'
import { attachPhotos, photoUrl, removePhotos } from '../http/uploads'
import { type Member, setAvatar } from '../members/service'
import { type Earned, rewarding } from '../profiles/service'

/** The name at the end of a photo's address. */
const nameIn = (url: string): string => url.slice(url.lastIndexOf('/') + 1)

/** Puts a photo that the member sent in the place of their picture, or takes it away; the old one is no longer served. */
export const changeAvatar = async (
  tx: Tx,
  memberId: string,
  photo: string | null,
  now: number,
): Promise<{ avatar: string | null; earned: Earned }> => {
  const { result, earned } = await rewarding(tx, memberId, now, (member) => putAvatar(tx, member, photo, now))
  return { avatar: result, earned }
}

const putAvatar = async (
  tx: Tx,
  { id: memberId, avatar: before }: Pick<Member, 'id' | 'avatar'>,
  photo: string | null,
  now: number,
): Promise<string | null> => {
  const [attached] = photo ? await attachPhotos(tx, memberId, [photo], now) : []
  const avatar = attached ? photoUrl(attached.name) : null
  setAvatar(tx, memberId, avatar)
  if (before?.startsWith(photoUrl(''))) removePhotos(tx, [nameIn(before)], now)
  return avatar
}
