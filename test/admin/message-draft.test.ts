import {
  findBlanks,
  newBlock,
  smsParts,
  type TemplateContent,
  textAt,
  withSamples,
  withTextAt,
} from '../../client/admin/messages/draft'

const forms = [
  {
    key: 'coupon',
    title: '优惠券到账通知',
    when: '收到新券时',
    fields: [
      { key: 'thing1', usual: '{coupon}' },
      { key: 'date3', usual: '' },
    ],
  },
]

test('a text is changed where its path says; the parameters of a text message follow its places', () => {
  const content: TemplateContent = { ...newBlock('sms', forms), ...newBlock('subscribe', forms) }
  const written = withTextAt(
    withTextAt(content, 'sms.text', '{name}，{points} 分，{name}'),
    'subscribe.fields.date3',
    '{until}',
  )
  expect(written.sms?.params).toEqual(['name', 'points'])
  expect(textAt(written, 'subscribe.fields.date3')).toBe('{until}')
  expect(content.sms?.text).toBe('')
  expect(withTextAt(content, 'inbox.title', '不在')).toBe(content)
})

test('a line break is kept where a channel keeps it', () => {
  const content: TemplateContent = { ...newBlock('inbox', forms), ...newBlock('email', forms) }
  expect(withTextAt(content, 'inbox.text', '一\n二').inbox?.text).toBe('一 二')
  expect(withTextAt(content, 'email.text', '一\n二').email?.text).toBe('一\n二')
})

test('what is empty is named by its path', () => {
  const content: TemplateContent = { ...newBlock('inbox', forms), ...newBlock('subscribe', forms) }
  expect(findBlanks(content).map((one) => one.path)).toEqual(['inbox.title', 'inbox.text', 'subscribe.fields.date3'])
})

test('a preview shows samples, and a long text message costs several', () => {
  expect(withSamples('{name}，{points} 分')).toBe('林晓雨，1280 分')
  expect([70, 71, 134, 135].map((length) => smsParts('字'.repeat(length)))).toEqual([1, 2, 2, 3])
})
