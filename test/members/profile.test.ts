import { describeEachDatabase } from '../support/databases'
import { signInByPhone, signInByWechat, signInOperator } from '../support/people'
import { startServer, type TestServer } from '../support/server'

const day = 86_400_000

describeEachDatabase('profile', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database })
  })
  afterAll(() => server.stop())
  const codeOf = (a: { status: number; error?: { code: string } }) => [a.status, a.error?.code]

  test('what is given changes, the rest stays', async () => {
    const { token } = await signInByPhone(server, '13611110001')
    const before = await server.call('GET /me', {}, { as: token })
    expect(before.body.name).toBe(`会员${before.body.cardNo.slice(-4)}`)
    const renamed = await server.call('PATCH /me', { name: '  林晓雨 ', gender: 'female' }, { as: token })
    const after = { ...before.body, name: '林晓雨', gender: 'female' }
    expect(renamed.body).toEqual({ ...after, earned: [{ field: 'name', title: '称呼', points: 5 }] })
    expect((await server.call('GET /me', {}, { as: token })).body).toEqual(after)
  })

  test('the birthday is free once and then fixed for 365 days', async () => {
    const { token, id } = await signInByPhone(server, '13611110002')
    const lunar = { calendar: 'lunar', month: 8, day: 15 } as const
    const set = await server.call('PATCH /me', { birthday: lunar }, { as: token })
    expect(set.body).toMatchObject({ birthday: lunar, birthdayChangeableOn: '2027-11-22' })
    // The same one again is no change; another is.
    expect((await server.call('PATCH /me', { birthday: lunar, name: '甲' }, { as: token })).status).toBe(200)
    const locked = await server.call('PATCH /me', { birthday: { ...lunar, day: 16 }, name: '乙' }, { as: token })
    expect(codeOf(locked)).toEqual([409, 'birthday_locked'])
    expect(locked.error?.message).toContain('2027-11-22')
    // A refused change leaves nothing behind, not even the name beside it.
    expect((await server.call('GET /me', {}, { as: token })).body).toMatchObject({ name: '甲', birthday: lunar })
    const [row] = await server.deps.db.read<{ birthdayKey: string; birthdaySealed: string }>(
      'SELECT birthdayKey, birthdaySealed FROM member WHERE id = ?',
      [id],
    )
    expect(row.birthdaySealed).not.toContain('lunar')
  })

  test('a birthday in a leap month keeps its name and is found under the ordinary month', async () => {
    const { token, id } = await signInByPhone(server, '13611110006')
    const leap = { calendar: 'lunar', month: 4, day: 3, leap: true } as const
    const set = await server.call('PATCH /me', { birthday: leap }, { as: token })
    expect(set.body.birthday).toEqual(leap)
    const { id: other, token: othersToken } = await signInByPhone(server, '13611110007')
    await server.call('PATCH /me', { birthday: { calendar: 'lunar', month: 4, day: 3 } }, { as: othersToken })
    const rows = await server.deps.db.read<{ birthdayKey: string }>(
      'SELECT birthdayKey FROM member WHERE id IN (?, ?)',
      [id, other],
    )
    expect(new Set(rows.map((r) => r.birthdayKey)).size).toBe(1)
  })

  test('after 365 days it may be changed again', async () => {
    const { token, id } = await signInByPhone(server, '13611110003')
    const solar = { calendar: 'solar', month: 2, day: 29 } as const
    await server.call('PATCH /me', { birthday: solar }, { as: token })
    await server.deps.db.tx(async (tx) =>
      tx.write("UPDATE member SET birthdayChangedOn = '2025-11-22' WHERE id = ?", [id]),
    )
    const changed = await server.call('PATCH /me', { birthday: { ...solar, day: 28 } }, { as: token })
    expect(changed.body).toMatchObject({ birthday: { ...solar, day: 28 }, birthdayChangeableOn: '2027-11-22' })
  })

  test('of two first birthdays at once one stays', async () => {
    const { token } = await signInByPhone(server, '13611110004')
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        server.call('PATCH /me', { birthday: { calendar: 'solar', month: i + 1, day: 1 } }, { as: token }),
      ),
    )
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.filter((a) => a.error?.code === 'birthday_locked')).toHaveLength(11)
  })

  test.each([
    { birthday: { calendar: 'solar', month: 2, day: 30 } },
    { birthday: { calendar: 'lunar', month: 1, day: 31 } },
    { birthday: { calendar: 'solar', month: 13, day: 1 } },
    { birthday: { calendar: 'solar', month: 1, day: 1.5 } },
    { birthday: { calendar: 'solar', month: 1, day: 1, year: 1990 } },
    { name: '' },
    { name: '一'.repeat(21) },
    { name: 'a\u0000b' },
    { gender: 'other' },
    { tierLevel: 3 },
    { personalised: false },
    { birthday: { calendar: 'solar', month: 4, day: 3, leap: true } },
    { birthday: { calendar: 'lunar', month: 12, day: 3, leap: true } },
    { birthday: { calendar: 'lunar', month: 4, day: 3, leap: false } },
  ])('bad input %j is refused', async (input) => {
    const { token } = await signInByPhone(server, '13611110005')
    expect(codeOf(await server.call('PATCH /me', input as never, { as: token }))).toEqual([400, 'invalid_input'])
    server.clock.advance(day)
  })

  describe('phone', () => {
    test('by the WeChat button, masked in the answer', async () => {
      const { token } = await signInByWechat(server, 'lin')
      const { code } = await server.sandbox<{ code: string }>('phone', { user: 'lin' })
      const bound = await server.call('POST /me/phone', { wechatCode: code }, { as: token })
      expect(bound.body.phoneMasked).toBe('138****0001')
      const spent = await server.call('POST /me/phone', { wechatCode: code }, { as: token })
      expect(codeOf(spent)).toEqual([400, 'wechat_code_invalid'])
      const again = await server.sandbox<{ code: string }>('phone', { user: 'lin' })
      expect((await server.call('POST /me/phone', { wechatCode: again.code }, { as: token })).status).toBe(200)
    })
    test('by SMS code; a wrong code binds nothing and counts', async () => {
      const { token } = await signInByWechat(server, 'zhou')
      server.clock.advance(60_000)
      const { body } = await server.call('POST /auth/sms/codes', { phone: '13611110010' })
      const smsCode = body.standInCode as string
      const wrong = smsCode === '000000' ? '111111' : '000000'
      const refused = await server.call('POST /me/phone', { phone: '13611110010', smsCode: wrong }, { as: token })
      expect(codeOf(refused)).toEqual([400, 'sms_code_wrong'])
      const [counted] = await server.deps.db.read<{ failures: number }>(
        "SELECT failures FROM attempt WHERE scope = 'sms'",
      )
      expect(counted.failures).toBe(1)
      const bound = await server.call('POST /me/phone', { phone: '13611110010', smsCode }, { as: token })
      expect(bound.body.phoneMasked).toBe('136****0010')
      expect((await signInByPhone(server, '13611110010')).id).toBe(bound.body.id)
    })
    test('of another member is refused, whoever proves it', async () => {
      await signInByPhone(server, '13800000003')
      const { token } = await signInByWechat(server, 'chen')
      const { code } = await server.sandbox<{ code: string }>('phone', { user: 'chen' })
      const taken = await server.call('POST /me/phone', { wechatCode: code }, { as: token })
      expect(codeOf(taken)).toEqual([409, 'phone_taken'])
      expect((await server.call('GET /me', {}, { as: token })).body.phoneMasked).toBeNull()
    })
    test('two members binding one phone at once: one has it', async () => {
      const [a, b] = [await signInByWechat(server, 'wu'), await signInByWechat(server, 'zhao')]
      const codes = await Promise.all([0, 1].map(() => server.sandbox<{ code: string }>('phone', { user: 'sun' })))
      server.deps.wechat.getPhoneNumber = async () => ({ phone: '13800000006', countryCode: '86' })
      const answers = await Promise.all(
        [a, b].map((p, i) => server.call('POST /me/phone', { wechatCode: codes[i].code }, { as: p.token })),
      )
      expect(answers.map((x) => x.status).sort()).toEqual([200, 409])
      expect(answers.find((x) => x.status === 409)?.error?.code).toBe('phone_taken')
    })
    test('neither way is bad input', async () => {
      const { token } = await signInByWechat(server, 'lin')
      expect(codeOf(await server.call('POST /me/phone', {}, { as: token }))).toEqual([400, 'invalid_input'])
      expect(codeOf(await server.call('POST /me/phone', { phone: '13611110011' }, { as: token }))).toEqual([
        400,
        'invalid_input',
      ])
    })
  })

  test('a whole phone is shown to who may see it, for a reason, and the audit says so', async () => {
    const member = await signInByPhone(server, '13611110020')
    const owner = await signInOperator(server, { role: 'owner' })
    const auditor = await signInOperator(server, { role: 'auditor' })
    const input = { memberId: member.id, reason: '会员来电核对' }
    const key = 'POST /admin/members/:memberId/phone-reveals'
    expect((await server.call(key, input, { as: auditor.token })).status).toBe(403)
    expect((await server.call(key, { ...input, reason: '' }, { as: owner.token })).status).toBe(400)
    const shown = await server.call(key, input, { as: owner.token })
    expect(shown.body).toEqual({ phone: '13611110020', name: '' })
    expect(codeOf(await server.call(key, { ...input, memberId: 'nobody' }, { as: owner.token }))).toEqual([
      404,
      'member_not_found',
    ])
    const { body } = await server.call(
      'GET /admin/audits',
      { subjectId: member.id, action: key },
      { as: auditor.token },
    )
    expect(body.items).toHaveLength(1)
    expect(body.items[0]).toMatchObject({ operatorId: owner.id, action: key, title: '查看完整手机号（写入审计）' })
    expect(body.items[0].detail).toContain('会员来电核对')
  })
})
