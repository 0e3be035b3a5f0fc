import type { Output } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import { photosOf } from '../http/uploads'
import type { Keys } from '../keys'
import { allStores } from '../operators/service'
import type { Complaint, ComplaintReply } from './entity'
import { maskContact } from './rules'

type Row = Output<'GET /me/complaints'>['items'][number]
type Shown = Output<'GET /me/complaints/:complaintId'>

/** Letters of the text that a list shows. */
const summaryLetters = 60

const summarise = (text: string): string => {
  const letters = [...text.replace(/\s+/g, ' ')]
  return letters.length > summaryLetters ? `${letters.slice(0, summaryLetters).join('')}…` : letters.join('')
}

const rowOf = (c: Complaint, stores: readonly { id: string; name: string }[]): Row => ({
  id: c.id,
  no: c.no,
  at: c.openedAt,
  category: c.category as Row['category'],
  state: c.state as Row['state'],
  summary: summarise(c.text),
  storeName: stores.find((s) => s.id === c.storeId)?.name ?? null,
  dueAt: c.state === 'resolved' ? null : c.dueAt,
  lastAt: c.lastAt,
  replies: c.replies,
})

/** Complaints as lists show them. */
export const summaryRows = async (db: Reader, complaints: readonly Complaint[]): Promise<Row[]> => {
  if (!complaints.length) return []
  const stores = await allStores(db)
  return complaints.map((c) => rowOf(c, stores))
}

/** A complaint with its thread, oldest reply first. */
export const showComplaint = async (db: Reader, keys: Keys, c: Complaint): Promise<Shown> => {
  const [stores, replies] = await Promise.all([
    allStores(db),
    db.read<ComplaintReply>('SELECT * FROM complaint_reply WHERE complaintId = ? ORDER BY id', [c.id]),
  ])
  return {
    ...rowOf(c, stores),
    text: c.text,
    photos: photosOf(c.photos),
    contactMasked: c.contactSealed && maskContact(keys.open(c.contactSealed)),
    resolution: c.resolution,
    thread: replies.map((r) => ({
      id: r.id,
      at: r.at,
      from: r.sender === 'staff' ? ('staff' as const) : ('member' as const),
      name: r.sender === 'staff' ? (r.senderName ?? '店铺') : '我',
      text: r.text,
      photos: photosOf(r.photos),
    })),
  }
}
