import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import {
  body,
  bodyOrNull,
  code,
  codeOrNull,
  day,
  id,
  idOrNull,
  int,
  line,
  lineOrNull,
  time,
  timeOrNull,
} from '../db/columns'

/** 旅程: what is edited. Members walk through a published version, never through the draft. */
@Entity('journey')
@Index('journey_built_in', ['builtIn'], { unique: true })
@Index('journey_state', ['state', 'id'])
export class Journey {
  @PrimaryColumn(id) id!: string
  /** Key of one that came with the system, null for the shop's own. */
  @Column(codeOrNull) builtIn!: string | null
  @Column(line) name!: string
  @Column(body) description!: string
  /** draft, published, paused, ended. */
  @Column(code) state!: string
  /** The version that new members enter; 0 while never published. */
  @Column(int) version!: number
  /** JSON of contract journeyDefinition, as last saved. */
  @Column(body) draft!: string
  /** Goes up with every save; a save on an older one is refused. */
  @Column(int) revision!: number
  @Column(time) createdAt!: number
  @Column(time) updatedAt!: number
  @Column(timeOrNull) publishedAt!: number | null
  @Column(timeOrNull) endedAt!: number | null
  /** Since when it lets members in without a break: set when it is first published and when it goes on after a pause. */
  @Column(timeOrNull) openSince!: number | null
}

/** A definition as it was published; insert only. */
@Entity('journey_version')
export class JourneyVersion {
  @PrimaryColumn(id) journeyId!: string
  @PrimaryColumn({ type: 'int' }) version!: number
  @Column(body) definition!: string
  @Column(time) publishedAt!: number
}

/**
 * One member on one journey. (journey, member, entryKey) is unique: the key names the occasion, so whatever the clock, the tail of the log
 * or a second replica do, an occasion is entered once. Held members have a row too: they are the control group.
 */
@Entity('journey_run')
@Index('journey_run_entry', ['journeyId', 'memberId', 'entryKey'], { unique: true })
@Index('journey_run_due', ['state', 'dueAt'])
@Index('journey_run_member', ['memberId', 'state'])
@Index('journey_run_report', ['journeyId', 'version', 'state', 'enteredAt'])
export class JourneyRun {
  @PrimaryColumn(id) id!: string
  @Column(id) journeyId!: string
  @Column({ type: 'int' }) version!: number
  @Column(id) memberId!: string
  @Column(line) entryKey!: string
  /** active, done, exited, held, failed. */
  @Column(code) state!: string
  /** The node it stands at; null before the first and after the last. */
  @Column(codeOrNull) nodeId!: string | null
  /** When the engine looks at it again; null while it is over. */
  @Column(timeOrNull) dueAt!: number | null
  /** The event it waits for, and since when. */
  @Column(codeOrNull) waitEvent!: string | null
  @Column(timeOrNull) waitSince!: number | null
  /** 1 once the awaited event has happened. */
  @Column(int) waitMet!: number
  /** JSON of what the trigger knew: places for texts, such as what expires when. */
  @Column(bodyOrNull) vars!: string | null
  @Column(time) enteredAt!: number
  @Column(timeOrNull) endedAt!: number | null
  @Column(lineOrNull) endReason!: string | null
  /** When the goal was reached, and until when it counts. */
  @Column(timeOrNull) goalAt!: number | null
  @Column(timeOrNull) goalUntil!: number | null
}

/**
 * A node passed by a run; insert only. A definition has no circles, so (run, node) is the effect key: its row commits with the effect, and
 * a second attempt breaks on it. nodeId `entry` is the entering itself.
 */
@Entity('journey_step')
@Index('journey_step_funnel', ['journeyId', 'version', 'nodeId', 'outcome'])
export class JourneyStep {
  @PrimaryColumn(id) runId!: string
  @PrimaryColumn(code) nodeId!: string
  @Column(id) journeyId!: string
  @Column({ type: 'int' }) version!: number
  /** next, yes, no, branch:<n>, arm:<key>, happened, timeout, given, refused:<code>, sent:<channel>, unsent:<reason> … */
  @Column(code) outcome!: string
  @Column(time) at!: number
}

/** How far the entering of members has come: `log:<source>` of a tailed log, `journey:<id>` of a daily search. The row is the lock. */
@Entity('journey_cursor')
export class JourneyCursor {
  @PrimaryColumn(code) name!: string
  @Column(line) position!: string
  /** The moment a daily search was last complete for (epoch ms). */
  @Column(timeOrNull) treatedAt!: number | null
  @Column(time) updatedAt!: number
}

/** 店员待办: something a journey asks a person of the store to do for a member. */
@Entity('staff_task')
@Index('staff_task_effect', ['effectKey'], { unique: true })
@Index('staff_task_store', ['storeId', 'state', 'id'])
export class StaffTask {
  @PrimaryColumn(id) id!: string
  @Column(line) effectKey!: string
  @Column(id) memberId!: string
  /** The member's store; null: any store. */
  @Column(idOrNull) storeId!: string | null
  @Column(line) title!: string
  @Column(body) note!: string
  @Column(day) dueOn!: string
  /** open or done. */
  @Column(code) state!: string
  @Column(time) createdAt!: number
  @Column(timeOrNull) doneAt!: number | null
  @Column(idOrNull) doneBy!: string | null
  @Column(lineOrNull) result!: string | null
}
