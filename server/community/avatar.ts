import type { Tx } from '../db/transaction'
import { attachPhotos, photoUrl, removePhotos } from '../http/uploads'
import { facesOf, setAvatar } from '../members/service'

/** The name at the end of a photo's address. */
const nameIn = (url: string): string => url.slice(url.lastIndexOf('/') + 1)

/** Puts a photo that the member sent in the place of their picture, or takes it away; the old one is no longer served. */
export const changeAvatar = async (
  tx: Tx,
  memberId: string,
  photo: string | null,
  now: number,
): Promise<{ avatar: string | null }> => {
  const before = (await facesOf(tx, [memberId])).get(memberId)?.avatar
  const [attached] = photo ? await attachPhotos(tx, memberId, [photo], now) : []
  const avatar = attached ? photoUrl(attached.name) : null
  setAvatar(tx, memberId, avatar)
  if (before?.startsWith(photoUrl(''))) removePhotos(tx, [nameIn(before)], now)
  return { avatar }
}
