import { afterFailure, lockedSeconds, reachOf } from '../../server/operators/rules'

const minute = 60_000
const policy = { scope: 'x', failures: 3, windowMinutes: 15, lockMinutes: 5 }

describe('counted guesses', () => {
  test('the last tolerated failure locks, for the policy’s time', () => {
    const one = afterFailure(undefined, policy, 0)
    const two = afterFailure(one, policy, minute)
    expect([lockedSeconds(one, 0), lockedSeconds(two, minute)]).toEqual([0, 0])
    const three = afterFailure(two, policy, 2 * minute)
    expect(lockedSeconds(three, 2 * minute)).toBe(300)
    expect(lockedSeconds(three, 7 * minute - 1)).toBe(1)
    expect(lockedSeconds(three, 7 * minute)).toBe(0)
  })
  test('a window that has passed starts anew', () => {
    const two = afterFailure(afterFailure(undefined, policy, 0), policy, 0)
    expect(afterFailure(two, policy, 15 * minute)).toEqual({
      failures: 1,
      windowStartedAt: 15 * minute,
      lockedUntil: null,
    })
  })
  test('nobody has failed: nothing is locked', () => {
    expect(lockedSeconds(undefined, 0)).toBe(0)
  })
})

describe('where an account works', () => {
  test('counter roles need a store, group roles work everywhere without one', () => {
    expect(reachOf('cashier', [])).toBeNull()
    expect(reachOf('manager', [])).toBeNull()
    expect(reachOf('cashier', ['a'])).toEqual({ allStores: false })
    for (const role of ['owner', 'operator', 'auditor', 'pos'] as const) {
      expect(reachOf(role, [])).toEqual({ allStores: true })
      expect(reachOf(role, ['a'])).toEqual({ allStores: false })
    }
  })
})
