import { Column, Entity, PrimaryColumn } from 'typeorm'
import { id, idOrNull, int, line, time } from '../db/columns'

/** 对照与成本口径: one row, what is held back from everything and what the money figures assume. */
@Entity('experiment_setting')
export class ExperimentSetting {
  @PrimaryColumn(id) id!: string
  /** Goes up with every change; a change of an older one is refused. */
  @Column(int) version!: number
  @Column(int) holdoutPercent!: number
  @Column(line) holdoutReason!: string
  @Column(int) marginPercent!: number
  /** Cost of a point in hundredths of a fen. */
  @Column(int) pointCostBp!: number
  @Column(int) smsFen!: number
  @Column(time) updatedAt!: number
  @Column(idOrNull) updatedBy!: string | null
}
