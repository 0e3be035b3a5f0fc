import { roles } from '../../shared/permissions'
import { bind } from '../http/bind'
import { createOperator, operatorPage, requireOperator, updateOperator } from './accounts'
import { auditPage } from './audits'
import { hashPassword } from './passwords'
import { closeSession, refreshSession } from './sessions'
import { checkPassword, signInOperator } from './sign-in'
import { allStores } from './stores'

const hashNew = (c: { input: { password: string } }): Promise<string> => hashPassword(c.input.password)
const hashChanged = async (c: { input: { password?: string } }): Promise<string | undefined> =>
  c.input.password === undefined ? undefined : hashPassword(c.input.password)

export const operatorsRoutes = [
  bind('POST /auth/operator', signInOperator, checkPassword),
  bind('POST /auth/refresh', ({ tx, deps, input, now }) =>
    refreshSession(tx, deps, { refreshToken: input.refreshToken, now }),
  ),
  bind('POST /auth/logout', async ({ tx, input, now }) => {
    closeSession(tx, input.refreshToken, now)
    return { ok: true as const }
  }),
  bind('GET /stores', async ({ tx }) => ({ items: await allStores(tx) })),
  bind('GET /admin/me', async ({ tx, deps, actor }) => ({
    id: actor.operatorId,
    name: actor.name,
    username: (await requireOperator(tx, actor.operatorId)).username,
    role: actor.role,
    roleName: roles[actor.role].name,
    permissions: [...roles[actor.role].permissions],
    shop: deps.env.SHOP_NAME,
    demo: deps.env.DEMO,
  })),
  bind('GET /admin/operators', ({ tx, deps, input }) => operatorPage(tx, deps.keys, input)),
  bind(
    'POST /admin/operators',
    ({ tx, deps, input: { password: _, ...input }, now, fetched }) =>
      createOperator(tx, deps.keys, { ...input, passwordHash: fetched }, now),
    hashNew,
  ),
  bind(
    'PATCH /admin/operators/:operatorId',
    ({ tx, deps, input: { password: _, ...input }, now, fetched }) =>
      updateOperator(tx, deps.keys, { ...input, passwordHash: fetched }, now),
    hashChanged,
  ),
  bind('GET /admin/audits', ({ tx, input }) => auditPage(tx, input)),
]
