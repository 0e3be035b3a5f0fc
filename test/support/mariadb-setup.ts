import { findMariadbd, mariadbVariable, type PrivateMariadb, startMariadb } from './mariadb'

/** Jest's global set-up: one private MariaDB for the whole run. Workers find it through the environment. */
const setup = async (): Promise<void> => {
  const program = findMariadbd()
  if (!program) return
  const mariadb = await startMariadb(program, { durable: false })
  process.env[mariadbVariable] = mariadb.server
  ;(globalThis as { huiyuanMariadb?: PrivateMariadb }).huiyuanMariadb = mariadb
}
export default setup
