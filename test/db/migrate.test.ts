import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import { createDatabase, mariadbVariable } from '../support/mariadb'

const server = process.env[mariadbVariable]
const onMariadb = server ? test : test.skip

onMariadb('four replicas that start at once on an empty database migrate it once', async () => {
  const { url, drop } = await createDatabase(server ?? '')
  const replicas = await Promise.all(Array.from({ length: 4 }, () => openDb(readEnv({ DATABASE_URL: url }))))
  try {
    const ran = await Promise.all(replicas.map(migrate))
    expect(ran.filter((names) => names.length)).toHaveLength(1)
    expect(await replicas[3].read('SELECT COUNT(*) AS n FROM member')).toEqual([{ n: 0 }])
  } finally {
    await Promise.all(replicas.map((db) => db.close()))
    await drop()
  }
})
