import type { MigrationInterface } from 'typeorm'
import { core } from './1763769600000-core'

/** Every migration, oldest first; forward only. */
export const migrations: (new () => MigrationInterface)[] = [core]
