import type { Visitor } from './browser'

/** Joins, or signs in, on the page that asks for it: a telephone number and the code that the stand-in shows there. */
export const signInHere = async (visitor: Visitor, phone: string): Promise<void> => {
  await visitor.fill('手机号', phone)
  await visitor.tap('获取验证码')
  const note = await visitor.sees(/演示环境不发短信，验证码是 \d{6}/).innerText()
  await visitor.fill('验证码', /\d{6}/.exec(note)?.[0] ?? '')
  await visitor.press('同意会员章程与隐私政策')
  await visitor.picture(`login-${phone}`)
  await visitor.tap('登录 / 入会')
}

/** Joins, or signs in, in the member app, which then shows its home page. */
export const signInOnPhone = async (visitor: Visitor, phone: string): Promise<void> => {
  await visitor.page.goto('/m/#/packages/login/index')
  await signInHere(visitor, phone)
}

/** Goes to a tab of the member app by the bar at the bottom. */
export const openTab = (visitor: Visitor, tab: '首页' | '礼遇' | '会员码' | '卡券' | '我的'): Promise<void> =>
  visitor.page.getByRole('tab', { name: tab, exact: true }).filter({ visible: true }).last().click()

/** The 18 digits on the code page. */
export const readCode = async (visitor: Visitor): Promise<string> =>
  (await visitor.sees(/^88\d{2} /).innerText()).replace(/\D/g, '')

/** Types an amount in yuan on the pad at the counter. */
export const typeAmount = async (visitor: Visitor, amount: string): Promise<void> => {
  for (const key of amount) await visitor.press(key)
}

/** Asks for new codes and reads the one that is then shown: those from before are void, and may still be on the page for a moment. */
export const refreshCode = async (visitor: Visitor): Promise<string> => {
  const answer = visitor.page.waitForResponse((response) => response.url().includes('/api/me/code?refresh=1'))
  await visitor.tap('立即刷新')
  const { codes } = (await (await answer).json()) as { codes: { code: string }[] }
  for (let waitedMs = 0; waitedMs < 5000; waitedMs += 50) {
    const code = await readCode(visitor)
    if (codes.some((one) => one.code === code)) return code
    await visitor.page.waitForTimeout(50)
  }
  throw new Error('The page does not show the codes that it asked for')
}
