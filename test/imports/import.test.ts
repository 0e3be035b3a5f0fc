import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  databaseTarget,
  dryTarget,
  importFile,
  loadMapping,
  type Summary,
  type Target,
} from '../../server/imports/service'
import { checkInvariants } from '../../server/invariants/service'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'

const folder = mkdtempSync(join(tmpdir(), 'huiyuan-import-'))
let files = 0
const write = (content: string): string => {
  const file = join(folder, `${++files}.csv`)
  writeFileSync(file, content)
  return file
}
const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
/** Sales and cancellations with everything that may be wrong with a row; invoice 1 goes on after others began. */
const shopFile = write(
  [
    header,
    '1,A,TEAPOT,2,2011-01-01 10:00:00,12.50,100,UK',
    '1,A,TEAPOT,2,2011-01-01 10:00:00,12.50,100,UK',
    '2,B,"CUP, BLUE",10,2011-01-01 10:30:00,0.125,200,UK',
    '1,C,SAUCER,1,2011-01-01 10:01:00,3.30,100,UK',
    '3,A,TEAPOT,1,2011-01-02 09:00:00,13.00,100,UK',
    '4,A,TEAPOT,1,2011-01-02 09:00:00,12.50,,UK',
    '5,A,TEAPOT,1,2011-01-02 09:00:00,0,100,UK',
    '6,A,TEAPOT,x,2011-01-02 09:00:00,1,100,UK',
    '7,A,TEAPOT,1,02.01.2011,1,100,UK',
    '8,A,"TEAPOT,1,2011-01-02 09:00:00,1,100,UK',
    '9,A,TEAPOT,1,2011-01-02 09:00:00,1,100',
    '10,A,TEAPOT,1,2011-01-02 09:00:00,1,300,UK',
    '10,B,CUP,1,2011-01-02 09:00:00,1,301,UK',
    // Both lines of invoice 1 at this price, rather than the later purchase at another.
    'C11,A,TEAPOT,-3,2011-01-03 09:00:00,12.50,100,UK',
    'C12,A,TEAPOT,-1,2011-01-03 09:30:00,12.50,100,UK',
    'C12,A,TEAPOT,-1,2011-01-03 09:30:00,12.50,100,UK',
    'C12,A,TEAPOT,-1,2011-01-03 09:30:00,12.50,100,UK',
    'C13,B,CUP,-1,2010-12-31 09:00:00,0.125,200,UK',
    'C14,B,CUP,-1,2011-01-04 09:00:00,0.125,999,UK',
    '',
  ].join('\n'),
)
const mapping = loadMapping('online-retail')
const context = { shopZoneMinutes: 480, now: testNow }

const run = async (file: string, target: Target, over: Partial<Parameters<typeof importFile>[0]> = {}) => {
  const problems: string[] = []
  const summary = await importFile({
    file,
    mapping,
    dryRun: false,
    target,
    context,
    onProblem: (line, reason) => problems.push(`${line} ${reason}`),
    onProgress: () => undefined,
    ...over,
  })
  return { summary, problems }
}
const figures = ({ seconds, rowsPerSecond, created, dryRun, ...rest }: Summary) => rest

describeEachDatabase('an import', (database) => {
  let server: TestServer
  beforeEach(async () => {
    server = await startServer({ database, env: { DEMO: '0' } })
  })
  afterEach(() => server.stop())

  const target = () => databaseTarget(server.deps, mapping)
  /** Every row of the tables an import writes, so that "nothing changed" means nothing. */
  const everything = async () => {
    const tables = [
      'store',
      'member',
      'member_identity',
      'purchase',
      'purchase_line',
      'refund',
      'refund_line',
      'points_account',
      'points_entry',
      'points_lot',
      'points_lot_move',
      'growth_account',
      'growth_entry',
      'tier_change',
      'member_stats',
      'product',
      'message',
    ]
    return Promise.all(
      tables.map(async (table) => [
        table,
        (await server.deps.db.read(`SELECT * FROM ${table}`)).map((r) => JSON.stringify(r)).sort(),
      ]),
    )
  }
  const expected = {
    mapping: 'online-retail',
    rows: 19,
    accepted: 12,
    rejected: { no_customer: 1, no_price: 1, bad_quantity: 1, bad_date: 1, unreadable: 2, mixed_customers: 1 },
    soldRows: 6,
    members: 3,
    purchases: 4,
    refunds: 6,
    refundsMatched: 3,
    revenueMinor: 2500 + 2500 + 330 + 125 + 1300 + 100,
  }

  test('makes members, purchases and refunds, reports the rest by line, and leaves the books closed', async () => {
    const { summary, problems } = await run(shopFile, target())
    expect(summary).toMatchObject(expected)
    expect(summary.accepted + Object.values(summary.rejected).reduce((a, b) => a + b, 0)).toBe(summary.rows)
    expect(summary.created).toEqual({ members: 3, purchases: 4, refunds: 3 })
    expect(problems.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))).toEqual([
      '7 no_customer',
      '8 no_price',
      '9 bad_quantity',
      '10 bad_date',
      '11 unreadable',
      '12 unreadable',
      '14 mixed_customers',
      '18 no_purchase_to_refund',
      '19 no_purchase_to_refund',
      '20 no_purchase_to_refund',
    ])
    const refunds = await server.deps.db.read(
      'SELECT r.externalNo, p.externalNo AS purchase, r.amountFen FROM refund r JOIN purchase p ON p.id = r.purchaseId ORDER BY r.externalNo',
    )
    expect(refunds).toEqual([
      { externalNo: 'C11#1', purchase: '1', amountFen: 3750 },
      { externalNo: 'C12#1', purchase: '1', amountFen: 1250 },
      { externalNo: 'C12#2', purchase: '3', amountFen: 1300 },
    ])
    const lines = await server.deps.db.read(
      "SELECT l.lineNo, l.productId, l.quantity, l.unitFen, l.amountFen, l.refundedQuantity FROM purchase_line l JOIN purchase p ON p.id = l.purchaseId WHERE p.externalNo = '1' ORDER BY l.lineNo",
    )
    expect(lines).toEqual([
      { lineNo: 1, productId: 'A', quantity: 2, unitFen: 1250, amountFen: 2500, refundedQuantity: 2 },
      { lineNo: 2, productId: 'A', quantity: 2, unitFen: 1250, amountFen: 2500, refundedQuantity: 2 },
      { lineNo: 3, productId: 'C', quantity: 1, unitFen: 330, amountFen: 330, refundedQuantity: 0 },
    ])
    // 53.30 yuan gave 53 points, 13 gave 13; what is left of both purchases is 3.30.
    const [points] = await server.deps.db.read<{
      balance: number
      spendFen: number
      joinedOn: string
      joinedBy: string
    }>(
      'SELECT a.balance, s.spendFen, m.joinedOn, m.joinedBy FROM points_account a JOIN member m ON m.id = a.memberId JOIN member_stats s ON s.memberId = m.id WHERE s.purchases = 2',
    )
    expect(points).toEqual({ balance: 3, spendFen: 330, joinedOn: '2011-01-01', joinedBy: 'import' })
    expect(await server.deps.db.read('SELECT id, name, category, priceFen FROM product ORDER BY id')).toEqual([
      { id: 'A', name: 'TEAPOT', category: '礼品', priceFen: 100 },
      { id: 'B', name: 'CUP, BLUE', category: '礼品', priceFen: 13 },
      { id: 'C', name: 'SAUCER', category: '礼品', priceFen: 330 },
    ])
    expect(await server.deps.db.read('SELECT code, name FROM store')).toEqual([
      { code: 'ONLINE-RETAIL', name: 'Online Retail' },
    ])
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })

  test('run twice changes nothing, in the same process and in another', async () => {
    const one = target()
    const first = await run(shopFile, one)
    const before = await everything()
    for (const again of [await run(shopFile, one), await run(shopFile, target())]) {
      expect(figures(again.summary)).toEqual(figures(first.summary))
      expect(again.summary.created).toEqual({ members: 0, purchases: 0, refunds: 0 })
      expect(again.problems).toEqual(first.problems)
    }
    expect(await everything()).toEqual(before)
  })

  test('a dry run gives the same figures and writes nothing', async () => {
    const before = await everything()
    const dry = await run(shopFile, dryTarget(), { dryRun: true })
    expect(await everything()).toEqual(before)
    const real = await run(shopFile, target())
    expect(figures(dry.summary)).toEqual(figures(real.summary))
    expect(dry.problems).toEqual(real.problems)
  })

  test('the same invoice with other content is refused row by row, and nothing of it is written', async () => {
    await run(shopFile, target())
    const before = await everything()
    const changed = write(readFileSync(shopFile, 'utf8').replace('1,C,SAUCER,1,', '1,C,SAUCER,2,'))
    const { summary, problems } = await run(changed, target())
    expect(summary.rejected.already_imported_differently).toBe(3)
    expect(problems.filter((p) => p.endsWith('already_imported_differently'))).toHaveLength(3)
    expect(summary.purchases).toBe(3)
    expect(await everything()).toEqual(before)
  })

  test('a later file cancels what an earlier file sold', async () => {
    await run(shopFile, target())
    const later = write(`${header}\nC20,C,SAUCER,-1,2011-02-01 09:00:00,3.30,100,UK\n`)
    const { summary } = await run(later, target())
    expect(summary).toMatchObject({ purchases: 0, refunds: 1, refundsMatched: 1 })
    expect((await run(later, target())).summary.created.refunds).toBe(0)
  })

  test('a cancellation that stands before its purchase in the file finds it at the end', async () => {
    const file = write(
      `${header}\nC1,A,POT,-1,2011-02-01 09:00:00,5,7,UK\n1,A,POT,1,2011-01-01 09:00:00,5,7,UK\n2,A,POT,1,2011-03-01 09:00:00,5,7,UK\n`,
    )
    expect((await run(file, target())).summary).toMatchObject({ refunds: 1, refundsMatched: 1 })
    const [purchase] = await server.deps.db.read<{ status: string }>(
      "SELECT status FROM purchase WHERE externalNo = '1'",
    )
    expect(purchase.status).toBe('refunded')
  })

  test('an import that broke off is finished by running it again, with the state of an unbroken one', async () => {
    const sample = join(__dirname, '../data/online-retail-sample.csv.gz')
    const whole = target()
    let chunks = 0
    const breaking: Target = {
      settle: async (chunk) => {
        if (++chunks === 2) throw new Error('power cut')
        return whole.settle(chunk)
      },
    }
    await expect(run(sample, breaking)).rejects.toThrow('power cut')
    const broken = await server.deps.db.read<{ n: number }>('SELECT COUNT(*) AS n FROM purchase')
    expect(Number(broken[0].n)).toBeGreaterThan(0)
    const { summary } = await run(sample, target())
    // Counted without the server's code: test/data/README.md.
    expect(summary).toMatchObject({
      rows: 2864,
      soldRows: 2565,
      purchases: 100,
      members: 30,
      revenueMinor: 3_196_902,
      refunds: 38,
      rejected: {
        no_customer: 240,
        no_price: 12,
        unreadable: 2,
        bad_quantity: 3,
        bad_price: 2,
        bad_date: 1,
        no_invoice: 1,
      },
    })
    expect(summary.created.purchases + Number(broken[0].n)).toBe(summary.purchases)
    const dry = await run(sample, dryTarget(), { dryRun: true })
    expect(figures(summary)).toEqual(figures(dry.summary))
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })

  test('stores by code: known ones are used, unknown ones are reported', async () => {
    const till = { ...loadMapping('demo'), store: { code: 'JA', name: '静安寺店', address: '' } }
    const file = write(
      'invoice,at,store,member,sku,quantity,unitPriceFen\n1,2026-11-01 10:00,JA,5,A,1,1000\n2,2026-11-01 10:00,XX,5,A,1,1000\n3,2026-11-01 10:00,,6,A,2,1000\n',
    )
    const people = new Map([['5', { name: '林知夏', phone: '13800138000', storeCode: 'JA' }]])
    const { summary, problems } = await run(file, databaseTarget(server.deps, till, people), { mapping: till })
    expect(problems).toEqual(['3 unknown_store'])
    expect(summary).toMatchObject({ purchases: 2, members: 2, rejected: { unknown_store: 1 } })
    const members = await server.deps.db.read(
      'SELECT m.name, s.code FROM member m JOIN store s ON s.id = m.joinedStoreId ORDER BY m.name',
    )
    expect(members).toEqual([
      { name: '', code: 'JA' },
      { name: '林知夏', code: 'JA' },
    ])
  })

  test('how it was paid comes with the rows where the file says it; an unknown word counts as other', async () => {
    const till = {
      ...loadMapping('demo'),
      columns: { ...loadMapping('demo').columns, pay: 'paid' },
      pay: { 微信: 'wechat', 现金: 'cash' } as const,
      store: { code: 'JA', name: '静安寺店', address: '' },
    }
    const file = write(
      'invoice,at,store,member,sku,quantity,unitPriceFen,paid\np1,2026-11-02 10:00,JA,7,A,1,1000,微信\np2,2026-11-03 10:00,JA,7,A,1,1000,现金\np3,2026-11-04 10:00,JA,7,A,1,1000,支票\n',
    )
    const { summary } = await run(file, databaseTarget(server.deps, till, new Map()), { mapping: till })
    expect(summary).toMatchObject({ purchases: 3, rejected: {} })
    expect(
      await server.deps.db.read(
        "SELECT externalNo AS no, payKind AS kind FROM purchase WHERE externalNo IN ('p1', 'p2', 'p3') ORDER BY externalNo",
      ),
    ).toEqual([
      { no: 'p1', kind: 'wechat' },
      { no: 'p2', kind: 'cash' },
      { no: 'p3', kind: 'other' },
    ])
  })

  test('an empty file and a file of another shape end with a sentence', async () => {
    await expect(run(write(''), target())).rejects.toThrow(/is empty/)
    await expect(run(write('a,b\n1,2\n'), target())).rejects.toThrow(/no column InvoiceNo/)
  })
})
