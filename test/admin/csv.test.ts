import { csvText } from '../../client/admin/components/csv'

describe('an export', () => {
  test('opens in Excel as it was seen', () => {
    expect(csvText(['姓名', '消费（元）'], [['林*夏', 12.5]])).toBe('\uFEFF姓名,消费（元）\r\n林*夏,12.5\r\n')
  })
  test('keeps commas, quotes and line breaks inside their cell', () => {
    expect(csvText(['a'], [['她说"好"，\n再来,']])).toBe('\uFEFFa\r\n"她说""好""，\n再来,"\r\n')
  })
  test('never runs a name as a formula', () => {
    for (const evil of ['=HYPERLINK("x")', '+1', '-1', '@a']) expect(csvText(['a'], [[evil]])).toContain(`'${evil[0]}`)
    expect(csvText(['a'], [[-5]])).toBe('\uFEFFa\r\n-5\r\n')
  })
})
