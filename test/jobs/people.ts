import type { SandboxTemplate } from '../../server/integrations/wechat/sandbox/cast'
import { openidFor, templateIdFor } from '../../server/integrations/wechat/sandbox/cast'
import { identityHashOf } from '../../server/members/lookup'
import { birthdayKeyOf } from '../../server/members/service'
import { openSession } from '../../server/operators/service'
import type { Birthday } from '../../shared/lunar'
import { startOfDay } from '../../shared/time'
import type { TestServer } from '../support/server'

/** A member as these tests need one; the row is written directly, because how members join is another suite's matter. */
export interface Person {
  id: string
  birthday?: Birthday
  joinedOn?: string
  tierLevel?: number
  status?: 'active' | 'inactive'
  personalised?: 0 | 1
  /** A key of the sandbox's cast: the member is bound to that person's openid. */
  wechat?: string
}

let cards = 10_000_000

/** Writes members. */
export const addMembers = ({ deps }: TestServer, people: readonly Person[]): Promise<void> =>
  deps.db.tx(async (tx) => {
    const rows = people.map(({ id, birthday, joinedOn = '2020-05-17', ...more }) => ({
      id,
      groupId: 'group',
      cardNo: String(++cards),
      name: '林晓雨',
      avatar: null,
      gender: 'unknown',
      phoneHash: null,
      phoneSealed: null,
      birthdaySealed: null,
      birthdayKey: birthday ? birthdayKeyOf(deps.keys, birthday) : null,
      birthdayChangedOn: null,
      joinedAt: startOfDay(joinedOn),
      joinedOn,
      joinedMonthDay: joinedOn.slice(5),
      joinedStoreId: null,
      joinedBy: 'import',
      status: more.status ?? 'active',
      tierLevel: more.tierLevel ?? 0,
      personalised: more.personalised ?? 1,
    }))
    tx.insert('member', rows)
    tx.insert(
      'member_identity',
      people.flatMap(({ id, wechat }) =>
        wechat
          ? [
              {
                kind: 'openid',
                valueHash: identityHashOf(deps.keys, { kind: 'openid', value: openidFor(wechat) }),
                memberId: id,
                valueSealed: deps.keys.seal(openidFor(wechat)),
                createdAt: 0,
              },
            ]
          : [],
      ),
    )
  })

/** An access token of a member or an operator. */
export const tokenOf = async (
  { deps, clock }: TestServer,
  kind: 'member' | 'operator',
  subjectId: string,
): Promise<string> => {
  const device = { id: `device-${subjectId}`, platform: 'h5' }
  const session = await deps.db.tx((tx) => openSession(tx, deps, { kind, subjectId, device, now: clock.now() }))
  return session.accessToken
}

/** An operator with the owner's role, and a token of theirs. */
export const ownerToken = async (server: TestServer): Promise<string> => {
  await server.deps.db.tx(async (tx) =>
    tx.insert('operator', [
      {
        id: 'owner',
        username: 'owner',
        name: '店主',
        role: 'owner',
        passwordHash: '',
        phoneHash: null,
        phoneSealed: null,
        active: 1,
        allStores: 1,
        createdAt: 0,
        lastSeenAt: null,
      },
    ]),
  )
  return tokenOf(server, 'operator', 'owner')
}

/** The sandbox's template id of one of our keys. */
export const templateId = (key: string): SandboxTemplate['templateId'] => templateIdFor(key)

/** All rows of a query. */
export const rows = <T>({ deps }: TestServer, text: string, params: (string | number)[] = []): Promise<T[]> =>
  deps.db.read<T>(text, params)
