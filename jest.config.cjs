// Three projects: `server` runs TypeScript through swc on Node; `client` compiles the mini-program with its own Babel
// configuration, exactly as in the build; `admin` is the operators' page in jsdom.

/** Packages that ship ES modules only, which Jest's CommonJS loader cannot read untransformed. */
const ESM_ONLY = ['jose', 'uqr', 'lodash-es', '@tarojs']

const shared = {
  rootDir: __dirname,
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/'],
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY.join('|')})/)`],
}

const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true, decorators: true },
      transform: {
        legacyDecorator: true,
        // Entities name their column types, as tsx (esbuild) emits no metadata either: tests run what production runs.
        decoratorMetadata: false,
        useDefineForClassFields: false,
        react: { runtime: 'automatic' },
      },
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
]

// A cast such as `<T>(x)` and a generic arrow function read differently with and without JSX, so .ts files get their own.
const swcWithoutJsx = [
  swc[0],
  { ...swc[1], jsc: { ...swc[1].jsc, parser: { syntax: 'typescript', tsx: false, decorators: true } } },
]

const styleStandIns = {
  '\\.module\\.(css|scss)$': 'identity-obj-proxy',
  '\\.(css|scss)$': '<rootDir>/test/client/stand-ins/empty.cjs',
  '\\.(png|jpe?g|svg)$': '<rootDir>/test/client/stand-ins/empty.cjs',
}

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'server',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/mariadb-setup.ts',
      globalTeardown: '<rootDir>/test/support/mariadb-teardown.ts',
      testPathIgnorePatterns: [...shared.testPathIgnorePatterns, '<rootDir>/test/client/', '<rootDir>/test/admin/'],
      transform: { '\\.tsx$': swc, '\\.m?[jt]s$': swcWithoutJsx },
    },
    {
      ...shared,
      displayName: 'client',
      testEnvironment: 'jsdom',
      testMatch: ['<rootDir>/test/client/**/*.test.{ts,tsx}'],
      setupFiles: ['<rootDir>/test/client/setup.cjs'],
      transform: { '\\.m?[jt]sx?$': 'babel-jest' },
      moduleNameMapper: {
        '^@/(.*)$': '<rootDir>/client/miniapp/$1',
        '^@shared/(.*)$': '<rootDir>/shared/$1',
        '^@tarojs/components$': '<rootDir>/test/client/stand-ins/taro-components.tsx',
        '^@tarojs/taro$': '<rootDir>/test/client/stand-ins/taro.ts',
        ...styleStandIns,
      },
    },
    {
      ...shared,
      displayName: 'admin',
      testEnvironment: 'jsdom',
      testMatch: ['<rootDir>/test/admin/**/*.test.{ts,tsx}'],
      transform: { '\\.m?[jt]sx?$': swc },
      moduleNameMapper: { '^@shared/(.*)$': '<rootDir>/shared/$1', ...styleStandIns },
    },
  ],
}
