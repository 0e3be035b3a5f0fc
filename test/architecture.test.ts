import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { routes } from '../server/routes'
import { contract } from '../shared/contract'

/**
 * The shape of the house, as the README draws it. Every rule reads the source through the TypeScript compiler, so a comment or a text
 * that merely looks like an import counts for nothing. An exception stands in a list below with its reason.
 */
const root = join(__dirname, '..')

/** Modules of the server from left to right: each imports only the service.ts of modules to its left. */
const modules = [
  'operators',
  'members',
  'interactions',
  'messages',
  'points',
  'tiers',
  'coupons',
  'rewards',
  'checkins',
  'profiles',
  'insights',
  'scores',
  'segments',
  'experiments',
  'recommendations',
  'campaigns',
  'journeys',
  'purchases',
  'dashboards',
  'shifts',
  'referrals',
  'community',
  'feedback',
  'assistant',
  'privacy',
  'imports',
  'invariants',
]
/** Files of the frame that reach into a module, and why. */
const framed: Record<string, string> = {
  'server/db/data-source.ts': 'table of contents of entities',
  'server/routes.ts': 'table of contents of routes',
  'server/schedule.ts': 'table of contents of jobs',
  'server/app.ts': 'mounts WeChat’s push, which speaks XML, before any body parser',
  'server/process.ts': 'tells the sandbox where WeChat’s push is',
  'server/http/bind.ts': 'every act of an operator is audited in its own transaction',
}
/** Programs at the right edge, which may use every module's service. */
const programs = ['server/main.ts', 'server/process.ts', 'server/commands/', 'server/demo/', 'server/jobs/']
/** Files of modules that speak HTTP outside the contract, and why. */
const rawRoutes: Record<string, string> = {
  'server/privacy/download.ts': 'hands a copy of a member’s data out as a file, under a signed link',
  'server/messages/push.ts': 'WeChat pushes XML under its own signature, which no contract key describes',
}
/** Files that may read the clock or make a Date, and why. */
const clockReaders: Record<string, string> = {
  'server/clock.ts': 'the one source of now',
}
/** Files that may tell the databases apart, and why. */
const databaseAware: Record<string, string> = {
  'server/db/dialect.ts': 'the only file that knows which database it talks to',
  'server/db/transaction.ts': 'queues writers where one connection writes',
  'server/db/data-source.ts': 'migrations in a transaction only where DDL can be undone',
  'server/http/batcher.ts': 'how many batches may be under way',
  'server/demo/service.ts': 'a claim to seed that is found in a SQLite file is left by a process that died',
  'server/db/migrations/table.ts': 'the character set is said only where a database has several',
}
/** Readers of process.env beside config/env.ts, and why. */
const envReaders: Record<string, string> = {
  'config/env.ts': 'the reader',
  'server/commands/make-migration.ts': 'hands the whole environment to that reader with another database',
  'server/commands/import.ts': 'the folder the command was typed in, which is no setting',
}
/** Files outside the modules that are pure, so that rules may use them. */
const pureElsewhere: Record<string, string> = {
  'server/integrations/wechat/templates.ts':
    'what WeChat accepts in the fields of a message, as tables and functions of text',
}
/** Files above the limit, and why splitting them would hurt. */
const maxLines = 350
const longFiles: Record<string, string> = {}

interface Import {
  file: string
  line: number
  /** As written. */
  text: string
  /** Path from the root without extension, for a relative import; otherwise the package or alias. */
  target: string
  typeOnly: boolean
  /** Names taken, as the other file exports them. */
  names: string[]
}
interface Source {
  file: string
  text: string
  tree: ts.SourceFile
  imports: Import[]
}

const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path)
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })

const onlyTypes = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  const clause = node.importClause
  if (!clause) return false
  if (clause.isTypeOnly) return true
  const named = clause.namedBindings
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((e) => e.isTypeOnly)
}

const namesOf = (node: ts.Node): string[] => {
  if (ts.isImportDeclaration(node)) {
    const named = node.importClause?.namedBindings
    return named && ts.isNamedImports(named) ? named.elements.map((e) => (e.propertyName ?? e.name).text) : ['*']
  }
  if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause))
    return node.exportClause.elements.map((e) => e.name.text)
  return ['*']
}

const load = (file: string): Source => {
  const text = readFileSync(join(root, file), 'utf8')
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, kind)
  const imports: Import[] = []
  const add = (node: ts.Node, specifier: ts.Expression | undefined, typeOnly: boolean): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return
    const target = specifier.text.startsWith('.')
      ? relative(root, join(root, dirname(file), specifier.text))
      : specifier.text
    const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1
    imports.push({ file, line, text: specifier.text, target, typeOnly, names: namesOf(node) })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, onlyTypes(node))
    else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')
    )
      add(node, node.arguments[0], false)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node, node.argument.literal as ts.Expression, true)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return { file, text, tree, imports }
}

const server = filesBelow('server').map(load)
const shared = filesBelow('shared').map(load)
const clients = filesBelow('client').map(load)
const config = filesBelow('config').map(load)

/** Nodes of a file that a rule forbids, as `file:line text`. */
const find = (sources: Source[], forbidden: (node: ts.Node, source: Source) => boolean): string[] =>
  sources.flatMap((source) => {
    const hits: string[] = []
    const visit = (node: ts.Node): void => {
      if (forbidden(node, source)) {
        const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart())
        hits.push(`${source.file}:${line + 1} ${node.getText().split('\n')[0].slice(0, 100)}`)
      }
      ts.forEachChild(node, visit)
    }
    visit(source.tree)
    return hits
  })
const moduleOf = (path: string): string | null => {
  const [top, folder] = path.split('/')
  return top === 'server' && modules.includes(folder) ? folder : null
}
const say = (i: Import): string => `${i.file}:${i.line} imports ${i.text}`
const isCall = (node: ts.Node, text: string): boolean => ts.isCallExpression(node) && node.expression.getText() === text

describe('modules of the server', () => {
  const crossing = server
    .flatMap((s) => s.imports)
    .filter((i) => moduleOf(i.target) && moduleOf(i.target) !== moduleOf(i.file))

  test('every folder of server/ has a place in the picture', () => {
    const frame = ['commands', 'db', 'demo', 'http', 'integrations', 'jobs']
    const folders = readdirSync(join(root, 'server'), { withFileTypes: true }).filter((e) => e.isDirectory())
    expect(folders.map((f) => f.name).filter((name) => !modules.includes(name) && !frame.includes(name))).toEqual([])
  })
  test('a module imports only modules to its left', () => {
    const wrong = crossing.filter((i) => {
      const from = moduleOf(i.file)
      return from && modules.indexOf(moduleOf(i.target) as string) > modules.indexOf(from)
    })
    expect(wrong.map(say)).toEqual([])
  })
  test('and of those only service.ts', () => {
    const wrong = crossing.filter((i) => moduleOf(i.file) && !i.target.endsWith('/service'))
    expect(wrong.map(say)).toEqual([])
  })
  test('the frame does not reach into modules', () => {
    const wrong = crossing.filter(
      (i) =>
        !moduleOf(i.file) &&
        !(i.file in framed) &&
        !(programs.some((p) => i.file.startsWith(p)) && i.target.endsWith('/service')),
    )
    expect(wrong.map(say)).toEqual([])
  })
  test('rules.ts is pure: no database, settings, clock or web framework', () => {
    const rules = server.filter((s) => /\/(\w+-)?rules\.ts$/.test(s.file))
    expect(rules.length).toBeGreaterThan(2)
    // A pure function of a module to the left comes through its service.ts, which must have it from its own rules.ts.
    const fromRules = (i: Import): boolean => {
      const service = i.target.endsWith('/service') ? server.find((s) => s.file === `${i.target}.ts`) : undefined
      const pure = service?.imports.filter((e) => e.text === './rules').flatMap((e) => e.names) ?? []
      return i.names.every((name) => pure.includes(name))
    }
    const wrong = rules
      .flatMap((s) => s.imports)
      .filter(
        (i) =>
          !i.typeOnly &&
          !i.target.startsWith('shared/') &&
          i.target !== 'server/errors' &&
          !(`${i.target}.ts` in pureElsewhere) &&
          !(i.target.startsWith(dirname(i.file)) && /(rules|words)$/.test(i.target)) &&
          // A digest is a function of its input.
          !(i.target === 'node:crypto' && i.names.every((name) => name === 'createHash' || name === 'hash')) &&
          !fromRules(i),
      )
    expect(wrong.map(say)).toEqual([])
    expect(find(rules, (n) => isCall(n, 'Math.random'))).toEqual([])
  })
  test('routes.ts is a list: it decides nothing', () => {
    const lists = server.filter((s) => s.file.endsWith('/routes.ts'))
    expect(lists.length).toBeGreaterThan(3)
    expect(find(lists, (n) => ts.isIfStatement(n) || ts.isForOfStatement(n) || ts.isTryStatement(n))).toEqual([])
    const wrong = lists.flatMap((s) => s.imports).filter((i) => i.target.endsWith('/entity') || i.target === 'typeorm')
    expect(wrong.map(say)).toEqual([])
  })
  test('services know nothing of Koa', () => {
    const wrong = server
      .filter((s) => moduleOf(s.file) && !(s.file in rawRoutes))
      .flatMap((s) => s.imports)
      .filter((i) => /^(koa|@koa\/)/.test(i.target))
    expect(wrong.map(say)).toEqual([])
  })
  test('every contract key is served exactly once', () => {
    const served = routes.map((r) => r.key as string)
    expect([...new Set(served)].length).toBe(served.length)
    expect(Object.keys(contract).filter((key) => !served.includes(key))).toEqual([])
  })
})

describe('where the outside comes in', () => {
  test('only config/env.ts reads process.env', () => {
    const wrong = find(
      [...server, ...shared, ...config.filter((s) => s.file === 'config/env.ts')],
      (n, s) => !(s.file in envReaders) && ts.isPropertyAccessExpression(n) && n.getText() === 'process.env',
    )
    expect(wrong).toEqual([])
  })
  test('only the clock knows the time', () => {
    const wrong = find(
      [...server, ...shared],
      (n, s) =>
        !(s.file in clockReaders) &&
        (isCall(n, 'Date.now') ||
          // A Date made from a given moment is a conversion, not a reading of the clock.
          (ts.isNewExpression(n) && n.expression.getText() === 'Date' && !n.arguments?.length)),
    )
    expect(wrong).toEqual([])
  })
  test('nobody opens a transaction inside another: on SQLite the inner one would wait for the outer one forever', () => {
    const takesTx = (fn: ts.SignatureDeclaration): boolean => fn.parameters.some((p) => p.name.getText() === 'tx')
    const wrong = find(server, (n) => {
      if (!ts.isCallExpression(n) || !/\bdb\.tx$/.test(n.expression.getText())) return false
      for (let up: ts.Node = n.parent; up; up = up.parent) if (ts.isFunctionLike(up) && takesTx(up)) return true
      return false
    })
    expect(wrong).toEqual([])
  })
  test('only db/dialect.ts and db/transaction.ts tell the databases apart', () => {
    const wrong = find(server, (n, s) => {
      if (s.file in databaseAware) return false
      if (ts.isStringLiteral(n)) return n.text === 'mysql' || n.text === 'sqlite'
      // Comparing the kind is a decision; passing it on, as /readyz does, is not.
      return ts.isBinaryExpression(n) && [n.left, n.right].some((side) => /\b(db|dialect)\.kind$/.test(side.getText()))
    })
    expect(wrong).toEqual([])
  })
  test('shared/ is portable: it imports only itself, zod and a calendar', () => {
    const wrong = shared
      .flatMap((s) => s.imports)
      .filter(
        (i) =>
          !i.target.startsWith('shared/') &&
          i.target !== 'zod' &&
          // The calendar's tables are the library's; only the server asks for lunar days.
          !(i.file === 'shared/lunar.ts' && i.target === 'tyme4ts'),
      )
    expect(wrong.map(say)).toEqual([])
    const outsideContract = shared
      .filter((s) => !s.file.startsWith('shared/contract/'))
      .flatMap((s) => s.imports)
      .filter((i) => i.target === 'zod')
    expect(outsideContract.map(say)).toEqual([])
  })
  test('what the mini-program carries brings neither zod nor the lunar calendar with it', () => {
    const byPath = new Map([...clients, ...shared].map((s) => [s.file.replace(/\.tsx?$/, ''), s]))
    const named = (target: string): string => target.replace(/^@shared\//, 'shared/').replace(/^@\//, 'client/miniapp/')
    const carried = new Map<string, string>()
    const queue = clients.map((s) => ({ source: s, via: s.file }))
    for (const { source, via } of queue) {
      if (carried.has(source.file)) continue
      carried.set(source.file, via)
      for (const i of source.imports.filter((x) => !x.typeOnly)) {
        const next = byPath.get(named(i.target)) ?? byPath.get(`${named(i.target)}/index`)
        if (next) queue.push({ source: next, via: `${via} -> ${next.file}` })
        else if (/^(zod|tyme4ts|typeorm|koa)\b/.test(i.target)) carried.set(i.target, `${via} -> ${i.target}`)
      }
    }
    expect([...carried].filter(([name]) => /^(zod|tyme4ts|typeorm|koa)\b/.test(name)).map(([, via]) => via)).toEqual([])
  })
  test('clients take only types from the contract, and nothing from the server', () => {
    const all = clients.flatMap((s) => s.imports)
    const contractUse = all.filter((i) => /(^|\/)shared\/contract/.test(i.target.replace('@shared/', 'shared/')))
    expect(contractUse.length).toBeGreaterThan(0)
    expect(contractUse.filter((i) => !i.typeOnly).map(say)).toEqual([])
    expect(all.filter((i) => i.target.startsWith('server/') || i.target === 'zod').map(say)).toEqual([])
  })
})

describe('style', () => {
  const own = [...server, ...shared, ...clients]

  test('no barrel files: a file that only passes others on hides where things live', () => {
    const wrong = own
      .filter((s) => /\/index\.tsx?$/.test(s.file) && s.tree.statements.length > 0)
      .filter((s) => s.tree.statements.every((n) => ts.isExportDeclaration(n) || ts.isImportDeclaration(n)))
      .map((s) => s.file)
    expect(wrong).toEqual([])
    const vague = own.map((s) => s.file).filter((f) => /\/(utils?|helpers?|common|misc|manager)(\/|\.tsx?$)/i.test(f))
    expect(vague).toEqual([])
  })
  test('classes are entities and the one error', () => {
    const wrong = find(server, (n, s) => {
      if (!ts.isClassDeclaration(n)) return false
      const entity = ts.getDecorators(n)?.some((d) => d.getText().startsWith('@Entity'))
      return !entity && s.file !== 'server/errors.ts'
    })
    expect(wrong).toEqual([])
  })
  test('no enums, no namespaces', () => {
    expect(
      find(
        own,
        (n) => ts.isEnumDeclaration(n) || (ts.isModuleDeclaration(n) && !(n.flags & ts.NodeFlags.GlobalAugmentation)),
      ),
    ).toEqual([])
  })
  test('no switched-off checks and no promises to finish later', () => {
    const wrong = own.flatMap((s) =>
      s.text
        .split('\n')
        .map((line, i) => `${s.file}:${i + 1} ${line.trim()}`)
        .filter((line) =>
          /@ts-(ignore|nocheck|expect-error)|eslint-disable|biome-ignore|\b(TODO|FIXME|XXX)\b/.test(line),
        ),
    )
    expect(wrong).toEqual([])
  })
  test(`files stay readable in one sitting: at most ${maxLines} lines`, () => {
    const long = own
      .map((s) => ({ file: s.file, lines: s.text.split('\n').length }))
      .filter((f) => f.lines > maxLines && !(f.file in longFiles) && !f.file.startsWith('server/db/migrations/'))
      .map((f) => `${f.file}: ${f.lines}`)
    expect(long).toEqual([])
    expect(Object.keys(longFiles).filter((f) => !own.some((s) => s.file === f))).toEqual([])
  })
  test('every exception in the lists above is still one', () => {
    const known = new Set([...server, ...config].map((s) => s.file))
    const lists = { framed, rawRoutes, clockReaders, databaseAware, envReaders, pureElsewhere }
    const gone = Object.entries(lists).flatMap(([list, files]) =>
      Object.keys(files)
        .filter((f) => !known.has(f))
        .map((f) => `${list}: ${f}`),
    )
    expect(gone).toEqual([])
  })
})
