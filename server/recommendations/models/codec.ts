import { deflateSync, inflate } from 'node:zlib'
import type { ItemModel, Weights } from './blend'
import type { History } from './histories'
import type { Neighbours } from './neighbours'
import type { Task } from './tune'

/**
 * Histories and models as text, which every database stores alike: little-endian arrays one after the other, in base64. A history takes
 * ten bytes an entry, a model about two megabytes for 3,000 items.
 */

/** Packs a member's entries: items, then times, first and last days. Times beyond 65,535 stay there. */
export const packHistory = (h: Omit<History, 'visits'>): string => {
  const n = h.item.length
  const bytes = new ArrayBuffer(n * 10)
  new Uint32Array(bytes, 0, n).set(h.item)
  new Uint16Array(bytes, n * 4, n).set(Array.from(h.times, (t) => Math.min(t, 65_535)))
  new Uint16Array(bytes, n * 6, n).set(h.firstDay)
  new Uint16Array(bytes, n * 8, n).set(h.lastDay)
  return Buffer.from(bytes).toString('base64')
}

/** Reads what `packHistory` made. */
export const unpackHistory = (entries: string, visits: number): History => {
  const packed = Buffer.from(entries, 'base64')
  // Small buffers lie anywhere in a shared pool; views need a place of their own that begins at a multiple of four.
  const bytes = new ArrayBuffer(packed.length)
  packed.copy(new Uint8Array(bytes))
  const n = packed.length / 10
  return {
    item: new Uint32Array(bytes, 0, n),
    times: new Uint16Array(bytes, n * 4, n),
    firstDay: new Uint16Array(bytes, n * 6, n),
    lastDay: new Uint16Array(bytes, n * 8, n),
    visits,
  }
}

/** What is needed to serve: the item model, the weights of both tasks, and what sells. */
export interface ServedModel extends ItemModel {
  weights: Record<Task, Weights>
  /** Day the model was learnt on, as a day number. */
  day: number
  /** First day each item was sold; 65,535 for one never sold in the days read. */
  firstSold: Uint16Array
  /** Items that sell best now, best first: in the whole shop, and by store. */
  best: number[]
  bestByStore: Record<string, number[]>
}

const makers = { Int32Array, Uint32Array, Uint16Array, Float32Array } as const
type Plain = Int32Array | Uint32Array | Uint16Array | Float32Array
interface Head {
  arrays: { name: string; kind: keyof typeof makers; length: number }[]
  meta: object
}

const pack = (arrays: Record<string, Plain>, meta: object): string => {
  const head: Head = {
    arrays: Object.entries(arrays).map(([name, a]) => ({
      name,
      kind: a.constructor.name as keyof typeof makers,
      length: a.length,
    })),
    meta,
  }
  const text = Buffer.from(JSON.stringify(head))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(text.length)
  const parts = Object.values(arrays).map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))
  return deflateSync(Buffer.concat([size, text, ...parts]), { level: 4 }).toString('base64')
}

const unpack = async (blob: string): Promise<{ arrays: Record<string, Plain>; meta: unknown }> => {
  const bytes = await new Promise<Buffer>((done, fail) =>
    inflate(Buffer.from(blob, 'base64'), (error, result) => (error ? fail(error) : done(result))),
  )
  const size = bytes.readUInt32LE(0)
  const head = JSON.parse(bytes.subarray(4, 4 + size).toString('utf8')) as Head
  let at = 4 + size
  const arrays: Record<string, Plain> = {}
  for (const { name, kind, length } of head.arrays) {
    const made = new makers[kind](length)
    Buffer.from(made.buffer).set(bytes.subarray(at, at + made.byteLength))
    arrays[name] = made
    at += made.byteLength
  }
  return { arrays, meta: head.meta }
}

const arraysOf = (name: string, n: Neighbours): Record<string, Plain> => ({
  [`${name}.start`]: n.start,
  [`${name}.item`]: n.item,
  [`${name}.weight`]: n.weight,
})
const neighboursOf = (name: string, arrays: Record<string, Plain>): Neighbours => ({
  start: arrays[`${name}.start`] as Int32Array,
  item: arrays[`${name}.item`] as Uint32Array,
  weight: arrays[`${name}.weight`] as Float32Array,
})

/** Packs a whole model; takes tens of milliseconds, so it is done where the model was learnt. */
export const packModel = (m: ServedModel): string =>
  pack(
    {
      ...arraysOf('ease', m.ease),
      ...arraysOf('neighbours', m.neighbours),
      ...arraysOf('content', m.content),
      rebuy: m.rebuy,
      popular: m.popular,
      firstSold: m.firstSold,
    },
    { items: m.items, weights: m.weights, day: m.day, best: m.best, bestByStore: m.bestByStore },
  )

/** Reads a whole model; inflating happens off the event loop. */
export const unpackModel = async (blob: string): Promise<ServedModel> => {
  const { arrays, meta } = await unpack(blob)
  return {
    ...(meta as Pick<ServedModel, 'items' | 'weights' | 'day' | 'best' | 'bestByStore'>),
    ease: neighboursOf('ease', arrays),
    neighbours: neighboursOf('neighbours', arrays),
    content: neighboursOf('content', arrays),
    rebuy: arrays.rebuy as Float32Array,
    popular: arrays.popular as Float32Array,
    firstSold: arrays.firstSold as Uint16Array,
  }
}

/** Item-kNN alone, as it is published between the nights. */
export const packNeighbours = (n: Neighbours): string => pack(arraysOf('neighbours', n), {})
export const unpackNeighbours = async (blob: string): Promise<Neighbours> =>
  neighboursOf('neighbours', (await unpack(blob)).arrays)
