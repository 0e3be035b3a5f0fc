import { checkMapping, loadMapping } from '../../server/imports/mapping'
import {
  type Candidate,
  dateReader,
  matchCancellation,
  purchaseOf,
  type Row,
  rowReader,
  type SoldRow,
} from '../../server/imports/rules'
import { startOfDay } from '../../shared/time'

const now = startOfDay('2026-11-22')
const context = { shopZoneMinutes: 480, now }
const retail = loadMapping('online-retail')
const header = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
]
const row = (over: Partial<Record<string, string>> = {}): Row => {
  const fields: Record<string, string> = {
    InvoiceNo: '536365',
    StockCode: '85123A',
    Description: 'HEART',
    Quantity: '6',
    InvoiceDate: '2010-12-01 08:26:00',
    UnitPrice: '2.55',
    CustomerID: '17850',
    Country: 'UK',
    ...(over as Record<string, string>),
  }
  return rowReader(
    retail,
    header,
    context,
  )(
    7,
    header.map((name) => fields[name]),
  )
}
const sold = (over: Partial<Record<string, string>> = {}): SoldRow => {
  const made = row(over)
  if (made.kind !== 'sold') throw new Error(JSON.stringify(made))
  return made
}

describe('a row of Online Retail', () => {
  test('is read with its amount in pence', () => {
    expect(row()).toEqual({
      kind: 'sold',
      line: 7,
      invoice: '536365',
      customer: '17850',
      at: startOfDay('2010-12-01') + (8 * 60 + 26) * 60_000,
      sku: '85123A',
      product: 'HEART',
      category: '礼品',
      quantity: 6,
      unitFen: 255,
      amountFen: 1530,
      storeCode: null,
    })
  })
  test.each([
    ['3', '0.125', 38, 13],
    ['1', '0.001', 0, 0],
    ['1', '0.005', 1, 1],
    ['80995', '2.08', 16846960, 208],
    ['2', '1', 200, 100],
  ])('%s × %s is rounded once, as a line', (Quantity, UnitPrice, amountFen, unitFen) => {
    expect(sold({ Quantity, UnitPrice })).toMatchObject({ amountFen, unitFen })
  })
  test.each([
    ['no_customer', { CustomerID: '', UnitPrice: '0', Quantity: 'x' }],
    ['no_price', { UnitPrice: '0' }],
    ['no_price', { UnitPrice: '0.000' }],
    ['bad_price', { UnitPrice: '-11062.06' }],
    ['no_invoice', { InvoiceNo: '' }],
    ['bad_price', { UnitPrice: 'two' }],
    ['bad_price', { UnitPrice: '' }],
    ['bad_price', { UnitPrice: '1e3' }],
    ['bad_quantity', { Quantity: '1.5' }],
    ['bad_quantity', { Quantity: '0' }],
    ['bad_quantity', { Quantity: '-3' }],
    ['bad_quantity', { InvoiceNo: 'C1', Quantity: '3' }],
    ['bad_date', { InvoiceDate: '2010-02-30 08:26:00' }],
    ['bad_date', { InvoiceDate: '01/12/2010' }],
    ['bad_date', { InvoiceDate: '2010-12-01 24:00:00' }],
    ['bad_date', { InvoiceDate: '2030-12-01 08:00:00' }],
    ['bad_product', { StockCode: '' }],
    ['bad_product', { StockCode: 'x'.repeat(65) }],
  ])('is refused: %s %j', (reason, over) => {
    expect(row(over)).toMatchObject({ kind: 'rejected', line: 7, reason })
  })
  test('a cancelled row has positive figures', () => {
    expect(row({ InvoiceNo: 'C536379', Quantity: '-2' })).toMatchObject({
      kind: 'cancelled',
      invoice: 'C536379',
      quantity: 2,
      amountFen: 510,
    })
  })
  test('a header without a column that the mapping names is an error, not a thousand refused rows', () => {
    expect(() => rowReader(retail, header.slice(1), context)).toThrow(/no column InvoiceNo/)
  })
})

describe('other shapes of files', () => {
  test('CDNOW: every row a purchase, numbered by customer and day, price from the total', () => {
    const read = rowReader(loadMapping('cdnow'), ['customer_id', 'date', 'number_of_cds', 'dollar_value'], context)
    const rows = [read(2, ['00002', '19970112', '1', '12.00']), read(3, ['00002', '19970112', '5', '77.01'])]
    expect(rows).toMatchObject([
      { invoice: '00002-19970112-1', at: startOfDay('1997-01-12') + 12 * 3_600_000, amountFen: 1200, unitFen: 1200 },
      { invoice: '00002-19970112-2', quantity: 5, amountFen: 7701, unitFen: 1540, sku: 'CD', product: 'CD 唱片' },
    ])
  })
  test('prices in fen, names from a catalogue, dates moved, cancellations by negative quantity', () => {
    const mapping = checkMapping(
      {
        name: 'till',
        title: 't',
        columns: { invoice: 'no', customer: 'who', at: 'at', sku: 'sku', quantity: 'n', unitPrice: 'p', store: 's' },
        grouping: 'invoice',
        dateFormat: 'M/d/yyyy H:mm',
        zone: '+00:00',
        shiftDays: 30,
        priceUnit: 'minor',
        cancellation: { by: 'negative' },
        store: { code: 'A', name: 'A' },
      },
      'test',
    )
    const goods = new Map([['T1', { name: '茶壶', category: '茶具' }]])
    const read = rowReader(mapping, ['no', 'who', 'at', 'sku', 'n', 'p', 's'], { ...context, goods })
    expect(read(2, ['9', 'm', '12/1/2010 8:26', 'T1', '2', '19900', 'JA'])).toMatchObject({
      kind: 'sold',
      at: Date.UTC(2010, 11, 31, 8, 26),
      amountFen: 39800,
      unitFen: 19900,
      product: '茶壶',
      category: '茶具',
      storeCode: 'JA',
    })
    expect(read(3, ['9', 'm', '12/1/2010 8:26', 'T2', '-2', '0.5', 'JA'])).toMatchObject({
      kind: 'cancelled',
      quantity: 2,
      amountFen: 1,
      product: 'T2',
      category: '其他',
    })
  })
  test('a mapping that contradicts itself says how', () => {
    expect(() =>
      checkMapping({ ...retail, columns: { customer: 'c', at: 'a', amount: 'x', unitPrice: 'y' } }, 'mine'),
    ).toThrow(/mine is wrong:\n {2}columns: name unitPrice or amount.*\n.*columns.invoice.*\n.*columns.sku.*\n.*prefix/)
    expect(() => checkMapping({ name: 'X' }, 'mine')).toThrow(/name: .*\n(.*\n)*.*columns/)
    expect(() => loadMapping('nothing-like-this')).toThrow(/Built in are online-retail, cdnow/)
  })
  test('a date without a time is noon, and an offset is not the shop’s', () => {
    expect(dateReader('yyyyMMdd', 480, 0)('20101201')).toBe(Date.UTC(2010, 11, 1, 4))
    expect(dateReader('yyyy-MM-dd HH:mm', -300, 0)('2010-12-01 20:00')).toBe(Date.UTC(2010, 11, 2, 1))
  })
})

describe('a purchase of rows', () => {
  test('keeps equal lines, begins when its first row does, and has one owner', () => {
    const rows = [sold({ InvoiceDate: '2010-12-01 08:27:00' }), sold(), sold(), sold({ CustomerID: '99' })]
    const { purchase, strangers } = purchaseOf(rows)
    expect(purchase).toMatchObject({ invoice: '536365', customer: '17850', at: sold().at })
    expect(purchase.rows).toHaveLength(3)
    expect(strangers).toMatchObject([{ reason: 'mixed_customers', line: 7 }])
  })
})

describe('the purchase of a cancelled row', () => {
  const c = (purchaseId: string, at: number, left: number, unitFen = 100, lineNo = 1): Candidate => ({
    purchaseId,
    at,
    left,
    unitFen,
    lineNo,
  })
  const find = (candidates: Candidate[], quantity = 2, at = 50, unitFen = 100) =>
    matchCancellation(candidates, { at, quantity, unitFen })

  test('is the latest earlier one with enough left', () => {
    const candidates = [c('a', 10, 5), c('b', 20, 5), c('late', 60, 5), c('short', 30, 1)]
    expect(find(candidates)).toEqual({ purchaseId: 'b', lines: [{ lineNo: 1, quantity: 2 }] })
    expect(candidates[1].left).toBe(3)
  })
  test('may be of the same moment, never of a later one', () => {
    expect(find([c('a', 50, 2)])?.purchaseId).toBe('a')
    expect(find([c('a', 51, 2)])).toBeNull()
  })
  test('at the same price goes before a later one at another price; another price is better than none', () => {
    expect(find([c('same', 10, 2), c('other', 20, 2, 90)])?.purchaseId).toBe('same')
    expect(find([c('same', 10, 1), c('other', 20, 2, 90)])?.purchaseId).toBe('other')
  })
  test('is used up: the next cancellation takes an older one, the third finds nothing', () => {
    const candidates = [c('a', 10, 2), c('b', 20, 3)]
    expect([find(candidates)?.purchaseId, find(candidates)?.purchaseId, find(candidates)]).toEqual(['b', 'a', null])
    expect(candidates.map((x) => x.left)).toEqual([0, 1])
  })
  test('may hold the goods on several lines: those at the cancelled price are taken first', () => {
    const candidates = [c('a', 10, 1, 90, 1), c('a', 10, 1, 100, 2), c('a', 10, 1, 100, 5)]
    expect(find(candidates, 3)).toEqual({
      purchaseId: 'a',
      lines: [
        { lineNo: 2, quantity: 1 },
        { lineNo: 5, quantity: 1 },
        { lineNo: 1, quantity: 1 },
      ],
    })
  })
  test('of two at the same moment is the one settled later', () => {
    expect(find([c('b', 20, 2), c('a', 20, 2)])?.purchaseId).toBe('b')
  })
})
