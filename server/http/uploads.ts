import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import multer from '@koa/multer'
import type { Context, Middleware } from 'koa'
import { DAY_MS } from '../../shared/time'
import { type Bindable, marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { Tick } from '../jobs/job'
import type { Actor } from './actor'
import { createAuthenticator } from './auth'
import { readPicture } from './image'
import type { Upload } from './upload.entity'

export const uploadPolicy = {
  maxBytes: 2 * 1024 * 1024,
  maxFiles: 9,
  /** Photos one person may send in 24 hours. */
  perDay: 60,
  /** Longest side and most pixels of a photo, against pictures that are small as files and huge as pictures. */
  maxSide: 12_000,
  maxPixels: 50_000_000,
  /** A photo that was never attached to anything is deleted after this. */
  looseMs: DAY_MS,
  /** Browsers may keep a photo for this long, so that one its owner deleted is gone everywhere soon. */
  cacheSeconds: 300,
} as const

const prefix = '/api/uploads'
const namePattern = /^[0-9a-f]{32}\.(jpg|png|webp)$/
const mimeOf: Record<string, string> = { jpg: 'image/jpeg', png: 'image/png', webp: 'image/webp' }

/** Where a photo is fetched from, below the server's own address. */
export const photoUrl = (name: string): string => `${prefix}/${name}`
/** Two letters of the name are a folder, so that no folder holds a million files. */
const pathOf = (dataDir: string, name: string): string => join(resolve(dataDir), 'uploads', name.slice(0, 2), name)

/** A photo as stored with what it is attached to. */
export interface Photo {
  name: string
  width: number
  height: number
}
/** A stored photo as clients see it. */
export const photoView = (photo: Photo): Photo & { url: string } => ({ ...photo, url: photoUrl(photo.name) })
/** The photos of a row's JSON column. */
export const photosOf = (json: string): (Photo & { url: string })[] => (JSON.parse(json) as Photo[]).map(photoView)

/** Keeps one photo that was read and found sound: the file first, then its row. Answers what can be attached. */
export const keepPicture = async (
  deps: Pick<Deps, 'db' | 'env' | 'clock'>,
  owner: { memberId: string | null; operatorId: string | null },
  file: Buffer,
): Promise<Photo & { url: string }> => {
  const picture = readPicture(file)
  if (!picture) throw refuse('upload_not_a_photo')
  const { width, height, type, clean } = picture
  if (Math.max(width, height) > uploadPolicy.maxSide || width * height > uploadPolicy.maxPixels)
    throw refuse('upload_too_large', { maxMegabytes: 2 })
  const name = `${randomBytes(16).toString('hex')}.${type}`
  const path = pathOf(deps.env.DATA_DIR, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, clean, { flag: 'wx', mode: 0o640 })
  const row = { name, ...owner, bytes: clean.length, width, height, createdAt: deps.clock.now() }
  await deps.db.tx(async (tx) => tx.insert('upload', [{ ...row, attachedAt: null, removedAt: null }]))
  return photoView({ name, width, height })
}

/**
 * Attaches photos of a member to something of theirs and answers them in the given order. A photo of somebody else, one that was removed
 * or one that is attached already is refused.
 */
export const attachPhotos = async (
  tx: Tx,
  memberId: string,
  names: readonly string[],
  now: number,
): Promise<Photo[]> => {
  const wanted = [...new Set(names)]
  if (!wanted.length) return []
  const taken = await tx.run(
    `UPDATE upload SET attachedAt = ? WHERE name IN ${marks(wanted)} AND memberId = ? AND attachedAt IS NULL AND removedAt IS NULL`,
    [now, ...wanted, memberId],
  )
  if (taken !== wanted.length) throw refuse('upload_not_found')
  const rows = await tx.read<Photo>(`SELECT name, width, height FROM upload WHERE name IN ${marks(wanted)}`, wanted)
  return wanted.flatMap((name) => rows.find((r) => r.name === name) ?? [])
}

/**
 * Keeps pictures that operators uploaded, named by their addresses among `pictures`; drawings and outside addresses are left alone, and what
 * is kept already stays. A member's photo, or one that is not there, is refused.
 */
export const keepOperatorPictures = async (tx: Tx, pictures: readonly string[], now: number): Promise<void> => {
  const names = [...new Set(pictures.flatMap((p) => (p.startsWith(`${prefix}/`) ? [p.slice(prefix.length + 1)] : [])))]
  if (!names.length) return
  const rows = await tx.read<{ name: string }>(
    `SELECT name FROM upload WHERE name IN ${marks(names)} AND operatorId IS NOT NULL AND removedAt IS NULL ORDER BY name${tx.lock}`,
    names,
  )
  if (rows.length !== names.length) throw refuse('upload_not_found')
  tx.write(`UPDATE upload SET attachedAt = COALESCE(attachedAt, ?) WHERE name IN ${marks(names)}`, [now, ...names])
}

/** The photos among `names` that this member sent and that are still there. */
export const ownPhotos = (db: Reader, memberId: string, names: readonly string[]): Promise<Photo[]> =>
  db.read<Photo>(
    `SELECT name, width, height FROM upload WHERE name IN ${marks(names)} AND memberId = ? AND removedAt IS NULL`,
    [...names, memberId],
  )

/** Takes photos off the air at once; the sweep deletes their files. */
export const removePhotos = (tx: Tx, names: readonly string[], now: number): void => {
  if (names.length)
    tx.write(`UPDATE upload SET removedAt = ? WHERE name IN ${marks(names)} AND removedAt IS NULL`, [now, ...names])
}

/** Takes every photo of a member off the air. */
export const removePhotosOf = (tx: Tx, memberId: string, now: number): void =>
  tx.write('UPDATE upload SET removedAt = ? WHERE memberId = ? AND removedAt IS NULL', [now, memberId])

/** Deletes the files and rows of photos that were removed or never attached. A file that is gone already is no fault. */
export const sweepUploads = async (tick: Tick): Promise<void> => {
  const { deps, job } = tick
  for (let found = job.limit; found === job.limit && !tick.stopping(); ) {
    const loose = deps.clock.now() - uploadPolicy.looseMs
    const rows = await deps.db.read<Pick<Upload, 'name'>>(
      'SELECT name FROM upload WHERE removedAt IS NOT NULL OR (attachedAt IS NULL AND createdAt < ?) ORDER BY name LIMIT ?',
      [loose, job.limit],
    )
    found = rows.length
    if (!found) return
    const names = rows.map((r) => r.name)
    // Off the air first: a photo whose file is being deleted cannot be attached any more.
    await tick.step(async (tx, now) => {
      tx.write(
        `UPDATE upload SET removedAt = ? WHERE name IN ${marks(names)} AND removedAt IS NULL AND attachedAt IS NULL`,
        [now, ...names],
      )
      return { cursor: '', processed: 0 }
    })
    await Promise.all(names.map((name) => rm(pathOf(deps.env.DATA_DIR, name), { force: true })))
    await tick.step(async (tx) => {
      const gone = await tx.run(`DELETE FROM upload WHERE name IN ${marks(names)} AND removedAt IS NOT NULL`, names)
      return { cursor: '', processed: gone }
    })
  }
}

const ownerOf = (actor: Actor): { memberId: string | null; operatorId: string | null } => {
  if (actor.kind === 'member') return { memberId: actor.memberId, operatorId: null }
  if (actor.kind === 'operator') return { memberId: null, operatorId: actor.operatorId }
  throw refuse('unauthenticated')
}

const receive = multer({
  storage: multer.memoryStorage(),
  limits: {
    fileSize: uploadPolicy.maxBytes,
    files: uploadPolicy.maxFiles,
    fields: 4,
    parts: uploadPolicy.maxFiles + 4,
  },
})

/** What multer says of a body that breaks the limits, as refusals of ours. */
const refusalOf = (error: unknown): unknown => {
  const { code } = error as { code?: string }
  if (code === 'LIMIT_FILE_SIZE') return refuse('upload_too_large', { maxMegabytes: 2 })
  if (code?.startsWith('LIMIT_')) return refuse('upload_too_many', { max: uploadPolicy.maxFiles })
  return error instanceof Error && /multipart|boundary|form|busboy|terminated/i.test(error.message)
    ? refuse('upload_not_a_photo')
    : error
}

const accept = async (deps: Deps, ctx: Context, actor: Actor): Promise<void> => {
  const owner = ownerOf(actor)
  if (!ctx.is('multipart')) throw refuse('upload_not_a_photo')
  const [column, subject]: [string, Bindable] = owner.memberId
    ? ['memberId', owner.memberId]
    : ['operatorId', owner.operatorId]
  const [sent] = await deps.db.read<{ n: number }>(
    `SELECT COUNT(*) AS n FROM upload WHERE ${column} = ? AND createdAt > ?`,
    [subject, deps.clock.now() - DAY_MS],
  )
  if (sent.n >= uploadPolicy.perDay && owner.memberId) throw refuse('upload_day_limit', { limit: uploadPolicy.perDay })
  try {
    await receive.any()(ctx as never, async () => undefined)
  } catch (error) {
    throw refusalOf(error)
  }
  const files = (ctx as unknown as { files?: { buffer: Buffer }[] }).files ?? []
  if (!files.length) throw refuse('upload_not_a_photo')
  // All are looked at before one is kept, so that a refusal leaves nothing behind.
  if (files.some((f) => !readPicture(f.buffer))) throw refuse('upload_not_a_photo')
  const items = []
  for (const file of files) items.push(await keepPicture(deps, owner, file.buffer))
  ctx.status = 200
  ctx.body = { items }
  ctx.set('Cache-Control', 'no-store')
}

const show = async (deps: Deps, ctx: Context, name: string): Promise<void> => {
  const [row] = namePattern.test(name)
    ? await deps.db.read<{ bytes: number }>('SELECT bytes FROM upload WHERE name = ? AND removedAt IS NULL', [name])
    : []
  if (!row) throw refuse('not_found')
  ctx.status = 200
  ctx.type = mimeOf[name.split('.')[1]]
  ctx.length = row.bytes
  ctx.set('Cache-Control', `private, max-age=${uploadPolicy.cacheSeconds}`)
  // Whatever slipped in as a picture, a browser that opens it by itself neither runs nor frames it.
  ctx.set('Content-Security-Policy', "default-src 'none'; sandbox")
  ctx.set('Content-Disposition', 'inline')
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.body = ctx.method === 'HEAD' ? null : createReadStream(pathOf(deps.env.DATA_DIR, name))
}

/**
 * `POST /api/uploads` takes up to nine photos as multipart/form-data from a member or an operator and answers
 * `{ items: [{ name, url, width, height }] }`; `GET /api/uploads/<name>` shows one. Outside the contract, because neither is JSON.
 */
export const uploads = (deps: Deps): Middleware => {
  const auth = createAuthenticator(deps)
  return async (ctx, next) => {
    if (ctx.path === prefix && ctx.method === 'POST') {
      ctx.state.key = 'POST /uploads'
      const actor = await auth.authenticate(ctx.get('authorization') || undefined, ctx.ip)
      ctx.state.actor = actor.id
      return accept(deps, ctx, actor)
    }
    if (ctx.path.startsWith(`${prefix}/`) && (ctx.method === 'GET' || ctx.method === 'HEAD')) {
      ctx.state.key = 'GET /uploads/:name'
      return show(deps, ctx, ctx.path.slice(prefix.length + 1))
    }
    return next()
  }
}
