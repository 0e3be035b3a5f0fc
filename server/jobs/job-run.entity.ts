import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { bodyOrNull, code, int, time, timeOrNull } from '../db/columns'

/** One run of one job. (name, slot) is the claim: of any number of replicas one inserts it, and a dead one's lease is taken over. */
@Entity('job_run')
@Index('job_run_latest', ['name', 'slotAt'])
@Index('job_run_state', ['state', 'name', 'leaseUntil'])
export class JobRun {
  @PrimaryColumn(code) name!: string
  /** The civil minute the cron rang for, or `manual:<id>`. */
  @PrimaryColumn(code) slot!: string
  @Column(time) slotAt!: number
  /** running, done, failed. */
  @Column(code) state!: string
  @Column(code) owner!: string
  @Column(int) attempts!: number
  @Column(time) startedAt!: number
  @Column(timeOrNull) finishedAt!: number | null
  @Column(time) leaseUntil!: number
  /** Where the next batch begins; written in the batch's own transaction. */
  @Column(bodyOrNull) cursor!: string | null
  @Column(int) processed!: number
  @Column(int) failed!: number
  @Column(bodyOrNull) errorSample!: string | null
}
