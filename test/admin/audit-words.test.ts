import { acts, detailText, subjectPage } from '../../client/admin/audit/words'
import { contract } from '../../shared/contract'

test('what was sent is said in words', () => {
  expect(detailText('{"memberId":"m1","points":200,"reason":"漏记一单"}')).toBe('积分：+200，原因：漏记一单')
  expect(detailText('{"templateId":"t1","version":3,"to":"paused"}')).toBe('变为：已暂停')
  expect(detailText('{"name":"周宁","role":"cashier","storeIds":["s1"],"phone":"***","active":false}')).toBe(
    '名称：周宁，角色：店员，门店：1 个，手机号：***，启用：否',
  )
})

test('a detail that was cut is shown as it was kept', () => {
  expect(detailText('{"name":"周')).toBe('{"name":"周')
  expect(detailText('"x"')).toBe('"x"')
})

test('the thing an act was about leads to its page', () => {
  expect(subjectPage('POST /admin/members/:memberId/phone-reveals', 'm1')).toBe('/members/m1')
  expect(subjectPage('POST /auth/operator', 'x')).toBeNull()
})

test('every act to search for is a key of the contract', () => {
  for (const act of acts) expect(Object.keys(contract)).toContain(act.key)
})
