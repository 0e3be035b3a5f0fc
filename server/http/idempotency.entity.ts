import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, code, int, line, time } from '../db/columns'

/** The answer given to one caller's key. Written in the request's own transaction, so it exists exactly when the effect does. */
@Entity('idempotency')
@Index('idempotency_age', ['createdAt'])
export class Idempotency {
  /** `<actor>:<key>`: two callers may use one key without knowing of each other. */
  @PrimaryColumn(line) id!: string
  @Column(line) endpoint!: string
  @Column(code) requestHash!: string
  @Column(int) status!: number
  /** JSON of the answer, sealed where it carries tokens. */
  @Column(body) response!: string
  @Column(time) createdAt!: number
}
