import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { deriveKey, type Env } from '../config/env'

/**
 * Field encryption. `seal` gives `<key id>.<nonce + ciphertext + tag, base64url>` under AES-256-GCM; the key id is the start of a hash
 * of the key, so that after a rotation old rows open under the old secret. `blind` is a keyed hash for look-ups without opening.
 */
export interface Keys {
  seal(text: string): string
  open(sealed: string): string
  /** Keyed hash, 43 characters; `purpose` keeps a phone's hash from matching the same digits elsewhere. */
  blind(purpose: string, value: string): string
  /** Signs access tokens. */
  tokenKey: Uint8Array
  /** Whether a sealed value is under the newest key. */
  isCurrent(sealed: string): boolean
}

const keyId = (key: Buffer): string => createHmac('sha256', key).update('id').digest('base64url').slice(0, 6)

/** Keys of one process, derived from APP_SECRET (newest) and APP_SECRET_OLD. */
export const createKeys = (env: Pick<Env, 'APP_SECRET' | 'APP_SECRET_OLD'>): Keys => {
  const secrets = [env.APP_SECRET, ...env.APP_SECRET_OLD.split(',').filter(Boolean)]
  const rings = new Map(secrets.map((s) => deriveKey(s, 'fields')).map((k) => [keyId(k), k]))
  const current = deriveKey(env.APP_SECRET, 'fields')
  const currentId = keyId(current)
  // A rotation must not lose the look-ups, so the blind index stays under the oldest secret until rows are rebuilt.
  const blindKey = deriveKey(secrets[secrets.length - 1], 'blind')
  return {
    seal: (text) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current, nonce)
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${currentId}.${sealed.toString('base64url')}`
    },
    open: (sealed) => {
      const [id, data] = sealed.split('.')
      const key = rings.get(id)
      if (!key) throw new Error(`No key ${id}: set APP_SECRET_OLD to the secret this value was sealed under`)
      const raw = Buffer.from(data, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(0, 12))
      decipher.setAuthTag(raw.subarray(-16))
      return Buffer.concat([decipher.update(raw.subarray(12, -16)), decipher.final()]).toString('utf8')
    },
    blind: (purpose, value) => createHmac('sha256', blindKey).update(`${purpose}\0${value}`).digest('base64url'),
    tokenKey: deriveKey(env.APP_SECRET, 'tokens'),
    isCurrent: (sealed) => sealed.startsWith(`${currentId}.`),
  }
}
