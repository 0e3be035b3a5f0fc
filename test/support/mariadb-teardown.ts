import type { PrivateMariadb } from './mariadb'

/** Jest's global tear-down: stops the run's MariaDB and removes its data. */
const teardown = async (): Promise<void> => {
  await (globalThis as { huiyuanMariadb?: PrivateMariadb }).huiyuanMariadb?.stop()
}
export default teardown
