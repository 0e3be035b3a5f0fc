import { composeCode, readCode } from '../../server/members/rules'
import { describeEachDatabase } from '../support/databases'
import { openStore, type Person, signInByPhone, signInOperator } from '../support/people'
import { startServer, type TestServer } from '../support/server'

const step = 60_000

describeEachDatabase('member code', (database) => {
  let server: TestServer
  let storeId: string
  beforeAll(async () => {
    server = await startServer({ database })
    storeId = await openStore(server)
    // Every tier of the shop is needed to show somebody at the counter.
    await server.deps.db.tx(async (tx) =>
      tx.insert(
        'tier',
        [{ trackId: 'group', level: 0, name: '新叶', threshold: 0, multiplierBp: 10_000, benefits: '[]' }],
        { ignore: true },
      ),
    )
  })
  afterAll(() => server.stop())
  // Each test has a till of its own, so that lock-outs do not meet.
  const till = () => signInOperator(server, { role: 'cashier', storeIds: [storeId] })
  const scan = (code: string, cashier: Person) =>
    server.call('POST /staff/scans', { storeId, code }, { as: cashier.token })
  const codes = async (person: Person, refresh?: '1') =>
    (await server.call('GET /me/code', { refresh }, { as: person.token })).body.codes
  const codeOf = (a: { status: number; error?: { code: string } }) => [a.status, a.error?.code]
  const refusals = (memberId: string) =>
    server.deps.db.read<{ refusal: string }>('SELECT refusal FROM code_refusal WHERE memberId = ? ORDER BY id', [
      memberId,
    ])
  const wrongOtp = (code: string): string => {
    const { handle, otp } = readCode(code) as { handle: string; otp: string }
    // Far from any step's own digits is not knowable, but one of a hundred thousand is a risk a test can take.
    return composeCode({ handle, otp: String((Number(otp) + 50_000) % 100_000).padStart(5, '0') })
  }
  /** To the first millisecond of the next step, so that what is "the present step" is certain. */
  const nextStep = () => server.clock.set((Math.floor(server.clock.now() / step) + 1) * step)

  test('hands out the present and the next four steps, and identifies the member once, masked', async () => {
    const member = await signInByPhone(server, '13511110001')
    const cashier = await till()
    nextStep()
    const answer = await server.call('GET /me/code', {}, { as: member.token })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body.serverTime).toBe(server.clock.now())
    expect(answer.body.stepSeconds).toBe(60)
    expect(answer.body.codes.map((c) => c.from - server.clock.now())).toEqual([0, 1, 2, 3, 4].map((i) => i * step))
    expect(new Set(answer.body.codes.map((c) => c.code)).size).toBe(5)
    for (const { code } of answer.body.codes) expect(code).toMatch(/^881\d{15}$/)
    const seen = await scan(answer.body.codes[0].code, cashier)
    expect(seen.status).toBe(200)
    expect(seen.body.member).toMatchObject({ memberId: member.id, phoneMasked: '135****0001', nameMasked: '会员' })
    expect(seen.body.expiresAt).toBe(server.clock.now() + 3 * 60_000)
    expect(codeOf(await scan(answer.body.codes[0].code, cashier))).toEqual([409, 'member_code_used'])
    expect(await refusals(member.id)).toEqual([{ refusal: 'member_code_used' }])
  })

  test('the same request repeated with its key is answered again, not refused', async () => {
    const member = await signInByPhone(server, '13511110002')
    const cashier = await till()
    const [{ code }] = await codes(member)
    const options = { as: cashier.token, idempotencyKey: 'scan-repeat-001' }
    const first = await server.call('POST /staff/scans', { storeId, code }, options)
    const again = await server.call('POST /staff/scans', { storeId, code }, options)
    expect(again.status).toBe(200)
    expect(again.body.scanId).toBe(first.body.scanId)
  })

  test('the present and the last step are good, an older one is not', async () => {
    const member = await signInByPhone(server, '13511110003')
    const cashier = await till()
    nextStep()
    const [first, second, third] = await codes(member)
    server.clock.advance(2 * step - 1)
    expect((await scan(first.code, cashier)).status).toBe(200)
    server.clock.advance(1)
    expect((await scan(second.code, cashier)).status).toBe(200)
    server.clock.advance(2 * step)
    expect(codeOf(await scan(third.code, cashier))).toEqual([409, 'member_code_expired'])
    expect(await refusals(member.id)).toEqual([{ refusal: 'member_code_expired' }])
  })

  test('a code of a step that has not come is refused, and good when it has', async () => {
    const member = await signInByPhone(server, '13511110004')
    const cashier = await till()
    nextStep()
    const [, , third] = await codes(member)
    expect(codeOf(await scan(third.code, cashier))).toEqual([409, 'member_code_expired'])
    server.clock.advance(2 * step)
    expect((await scan(third.code, cashier)).status).toBe(200)
  })

  test('a refresh gives a new code within the same minute, and the old screenshot is worth nothing', async () => {
    const member = await signInByPhone(server, '13511110005')
    const cashier = await till()
    nextStep()
    const [old] = await codes(member)
    const [fresh] = await codes(member, '1')
    expect(fresh.from).toBe(old.from)
    expect(fresh.code).not.toBe(old.code)
    expect(codeOf(await scan(old.code, cashier))).toEqual([409, 'member_code_expired'])
    expect((await scan(fresh.code, cashier)).status).toBe(200)
    // After a scan the member refreshes and is scanned again in the same minute.
    const [third] = await codes(member, '1')
    expect((await scan(third.code, cashier)).status).toBe(200)
    expect(codeOf(await scan(fresh.code, cashier))).toEqual([409, 'member_code_expired'])
  })

  test('one code scanned fifty times at once opens one counter session', async () => {
    const member = await signInByPhone(server, '13511110006')
    const tills = await Promise.all([till(), till(), till(), till(), till()])
    const [{ code }] = await codes(member)
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => scan(code, tills[i % 5])))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.filter((a) => a.error?.code === 'member_code_used')).toHaveLength(49)
    const scans = await server.deps.db.read('SELECT id FROM scan WHERE memberId = ?', [member.id])
    expect(scans).toHaveLength(1)
  })

  test('each device has its own; the digits of one do not fit the handle of the other', async () => {
    const here = await signInByPhone(server, '13511110007', 'here')
    const there = await signInByPhone(server, '13511110007', 'there')
    const cashier = await till()
    nextStep()
    const [mine] = await codes(here)
    const [theirs] = await codes(there)
    const [a, b] = [readCode(mine.code), readCode(theirs.code)]
    expect(a?.handle).not.toBe(b?.handle)
    const crossed = composeCode({ handle: a?.handle ?? '', otp: b?.otp ?? '' })
    if (a?.otp !== b?.otp) expect(codeOf(await scan(crossed, cashier))).toEqual([400, 'member_code_invalid'])
    expect((await scan(mine.code, cashier)).body.member.memberId).toBe(here.id)
    expect((await scan(theirs.code, cashier)).body.member.memberId).toBe(here.id)
  })

  test('after log-out the device’s codes are worth nothing, the other device’s stay good', async () => {
    const here = await signInByPhone(server, '13511110008', 'here')
    const there = await signInByPhone(server, '13511110008', 'there')
    const cashier = await till()
    const [mine] = await codes(here)
    const [theirs] = await codes(there)
    await server.call('POST /auth/logout', { refreshToken: here.refreshToken }, { as: here.token })
    expect(codeOf(await scan(mine.code, cashier))).toEqual([400, 'member_code_invalid'])
    expect((await scan(theirs.code, cashier)).status).toBe(200)
    expect(codeOf(await server.call('GET /me/code', {}, { as: here.token }))).toEqual([401, 'session_revoked'])
  })

  test('five guesses at one member lock that member’s codes, also from several tills at once; the lock ends', async () => {
    const member = await signInByPhone(server, '13511110009')
    const tills = await Promise.all([till(), till(), till(), till()])
    nextStep()
    const [{ code }] = await codes(member)
    const guesses = await Promise.all(Array.from({ length: 12 }, (_, i) => scan(wrongOtp(code), tills[i % 4])))
    expect(guesses.filter((g) => g.error?.code === 'member_code_invalid')).toHaveLength(5)
    expect(guesses.filter((g) => g.error?.code === 'member_code_locked')).toHaveLength(7)
    const locked = await scan(code, await till())
    expect(codeOf(locked)).toEqual([429, 'member_code_locked'])
    expect(locked.error?.details?.retryAfterSeconds).toBe(600)
    expect(await refusals(member.id)).toHaveLength(13)
    server.clock.advance(10 * 60_000)
    const [fresh] = await codes(member)
    const again = await signInOperator(server, { role: 'cashier', storeIds: [storeId] })
    expect((await scan(fresh.code, again)).status).toBe(200)
  })

  test('five guesses by one till lock that till, not another one', async () => {
    const cashier = await till()
    for (let i = 0; i < 5; i++) {
      const unknown = composeCode({ handle: `99999999${i}`, otp: '12345' })
      expect(codeOf(await scan(unknown, cashier))).toEqual([400, 'member_code_invalid'])
    }
    const member = await signInByPhone(server, '13511110010')
    const [{ code }] = await codes(member)
    expect(codeOf(await scan(code, cashier))).toEqual([429, 'member_code_locked'])
    expect((await scan(code, await till())).status).toBe(200)
  })

  test('slips of the finger are refused and logged but not counted as guesses', async () => {
    const cashier = await till()
    const member = await signInByPhone(server, '13511110011')
    const [{ code }] = await codes(member)
    const slip = code.slice(0, 17) + ((Number(code[17]) + 1) % 10)
    for (let i = 0; i < 6; i++) expect(codeOf(await scan(slip, cashier))).toEqual([400, 'member_code_invalid'])
    expect((await scan(code, cashier)).status).toBe(200)
    const logged = await server.deps.db.read('SELECT id FROM code_refusal WHERE operatorId = ?', [cashier.id])
    expect(logged).toHaveLength(6)
  })

  test('what cannot be a code is bad input; a till scans only in its own store', async () => {
    const cashier = await till()
    for (const bad of ['', '88', '134567890123456789', '88123456789012345a', '8812345678901234567'])
      expect(codeOf(await scan(bad, cashier))).toEqual([400, 'invalid_input'])
    const member = await signInByPhone(server, '13511110012')
    const [{ code }] = await codes(member)
    const elsewhere = await openStore(server, '徐汇店')
    const refused = await server.call('POST /staff/scans', { storeId: elsewhere, code }, { as: cashier.token })
    expect(codeOf(refused)).toEqual([403, 'store_out_of_scope'])
    // That refusal did not spend the code.
    expect((await scan(code, cashier)).status).toBe(200)
  })

  test('the counter session ends after three minutes and belongs to its store', async () => {
    const member = await signInByPhone(server, '13511110013')
    const cashier = await till()
    const [{ code }] = await codes(member)
    const { scanId } = (await scan(code, cashier)).body
    const show = (as: string) => server.call('GET /staff/scans/:scanId', { scanId }, { as })
    expect((await show(cashier.token)).status).toBe(200)
    const other = await signInOperator(server, { role: 'cashier', storeIds: [await openStore(server, '浦东店')] })
    expect(codeOf(await show(other.token))).toEqual([403, 'store_out_of_scope'])
    server.clock.advance(3 * 60_000)
    expect(codeOf(await show(cashier.token))).toEqual([409, 'scan_expired'])
    const none = await server.call('GET /staff/scans/:scanId', { scanId: 'nothing' }, { as: cashier.token })
    expect(codeOf(none)).toEqual([404, 'scan_not_found'])
  })

  test('a member whose membership has ended is refused at the counter', async () => {
    const member = await signInByPhone(server, '13511110014')
    const cashier = await till()
    const [{ code }] = await codes(member)
    await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET status = 'inactive' WHERE id = ?", [member.id]))
    expect(codeOf(await scan(code, cashier))).toEqual([409, 'member_inactive'])
    expect(await refusals(member.id)).toEqual([{ refusal: 'member_inactive' }])
  })
})
