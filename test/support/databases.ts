import { mariadbVariable } from './mariadb'

/** The databases every suite runs on. */
export type DatabaseName = 'sqlite' | 'mariadb'

/** Runs a suite on SQLite and on MariaDB. Without a MariaDB one skipped test says so; HUIYUAN_REQUIRE_ALL=1 makes it fail. */
export const describeEachDatabase = (name: string, suite: (database: DatabaseName) => void): void => {
  describe(`${name} on SQLite`, () => suite('sqlite'))
  describe(`${name} on MariaDB`, () => {
    if (process.env[mariadbVariable]) return suite('mariadb')
    if (process.env.HUIYUAN_REQUIRE_ALL === '1')
      return test('needs mariadbd', () => {
        throw new Error('HUIYUAN_REQUIRE_ALL=1 and mariadbd was not found')
      })
    test.skip('SKIPPED: mariadbd was not found on this machine; install MariaDB 10.11 or set HUIYUAN_MARIADBD', () =>
      undefined)
  })
}
