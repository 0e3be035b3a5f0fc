import { render } from '@testing-library/react'
import { RuleSentence, runsOf } from '../../client/admin/coupons/RuleSentence'

const said = (sentence: string, marks: string[]) =>
  runsOf(sentence, marks)
    .map((run) => (run.marked ? `[${run.text}]` : run.text))
    .join('')

describe('the rule sentence', () => {
  test('marks each part once, in the order of the sentence', () => {
    expect(said('共 100 张，每人限 1 张。', ['100 张', '1 张'])).toBe('共 [100 张]，每人限 [1 张]。')
  })
  test('marks the second place of words said twice', () => {
    expect(said('满 30 元减 30 元', ['30 元', '30 元'])).toBe('满 [30 元]减 [30 元]')
  })
  test('never marks inside a mark, and passes over what was not said', () => {
    expect(said('每人限 100 张', ['100 张', '0 张', '不存在', ''])).toBe('每人限 [100 张]')
  })
  test('loses no word', () => {
    const sentence = '所有会员在 所有门店购买 任意商品，减 5 元。'
    expect(
      runsOf(sentence, ['所有', '所有门店', '任意商品', '减 5 元'])
        .map((run) => run.text)
        .join(''),
    ).toBe(sentence)
  })
  test('is drawn with its marks', () => {
    const { container } = render(<RuleSentence sentence='满 200 元减 30 元' marks={['满 200 元减 30 元']} />)
    expect(container.querySelector('b')?.textContent).toBe('满 200 元减 30 元')
  })
})
