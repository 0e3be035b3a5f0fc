import { createOperator, createStore, foundGroup, hashPassword } from '../../server/operators/service'
import type { Output } from '../../shared/contract'
import type { Role } from '../../shared/permissions'
import type { TestServer } from './server'

/** Somebody signed in over HTTP. */
export interface Person {
  id: string
  token: string
  refreshToken: string
}
let made = 0

/** Opens a store in the fresh database; answers its id. */
export const openStore = (server: TestServer, name = '静安寺店'): Promise<string> =>
  server.deps.db.tx(async (tx) => {
    foundGroup(tx, '拾光生活馆')
    const input = { code: `store-${++made}`, name, address: '南京西路 1 号', hours: '10:00–22:00', phone: '' }
    return (await createStore(tx, input, { now: server.clock.now(), shop: '拾光生活馆' })).id
  })

export const testPassword = 'correct horse battery'
let hashed: Promise<string> | undefined

/** Makes an account (rows) and signs it in (HTTP). */
export const signInOperator = async (
  server: TestServer,
  account: { role: Role; storeIds?: string[]; phone?: string; username?: string },
): Promise<Person & { username: string }> => {
  hashed ??= hashPassword(testPassword)
  const passwordHash = await hashed
  const username = account.username ?? `${account.role}-${++made}`
  const { role, storeIds = [], phone } = account
  const row = await server.deps.db.tx((tx) =>
    createOperator(
      tx,
      server.deps.keys,
      { username, name: `${role} ${made}`, role, storeIds, phone, passwordHash },
      server.clock.now(),
    ),
  )
  const device = { id: `device-of-${username}`, platform: 'admin' } as const
  const { status, body } = await server.call('POST /auth/operator', { username, password: testPassword, device })
  if (status !== 200) throw new Error(`Sign-in of ${username} answered ${status}: ${JSON.stringify(body)}`)
  return { id: row.id, username, token: body.accessToken, refreshToken: body.refreshToken }
}

const personOf = async (server: TestServer, session: Output<'POST /auth/sms'>): Promise<Person> => {
  const me = await server.call('GET /me', {}, { as: session.accessToken })
  return { id: me.body.id, token: session.accessToken, refreshToken: session.refreshToken }
}

/** Joins or signs in with a phone and the SMS code that the stand-in shows. The clock moves on by a minute, for the limit of texts. */
export const signInByPhone = async (server: TestServer, phone: string, deviceId = 'phone-device'): Promise<Person> => {
  server.clock.advance(60_000)
  const sent = await server.call('POST /auth/sms/codes', { phone })
  const code = sent.body.standInCode
  if (!code) throw new Error(`No stand-in code: ${JSON.stringify(sent.body)}`)
  const signedIn = await server.call('POST /auth/sms', { phone, code, device: { id: deviceId, platform: 'h5' } })
  if (signedIn.status !== 200) throw new Error(`Sign-in by phone answered ${JSON.stringify(signedIn.body)}`)
  return personOf(server, signedIn.body)
}

/** Joins or signs in as one of the sandbox's people (lin, zhou, chen, wu, zhao, sun). */
export const signInByWechat = async (server: TestServer, user: string, deviceId = `${user}-phone`): Promise<Person> => {
  const { code } = await server.sandbox<{ code: string }>('login', { user })
  const signedIn = await server.call('POST /auth/wechat', { code, device: { id: deviceId, platform: 'weapp' } })
  if (signedIn.status !== 200) throw new Error(`Sign-in by WeChat answered ${JSON.stringify(signedIn.body)}`)
  return personOf(server, signedIn.body)
}
