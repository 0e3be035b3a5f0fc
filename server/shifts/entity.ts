import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { big, bigOrNull, body, codeOrNull, id, line, time, timeOrNull } from '../db/columns'

/** 班次. openKey is the operator while the shift is open and empty after: unique, so nobody has two open shifts. */
@Entity('shift')
@Index('shift_open', ['openKey'], { unique: true })
@Index('shift_store', ['storeId', 'id'])
@Index('shift_operator', ['operatorId', 'id'])
export class Shift {
  @PrimaryColumn(id) id!: string
  @Column(id) storeId!: string
  @Column(id) operatorId!: string
  @Column(codeOrNull) openKey!: string | null
  @Column(time) openedAt!: number
  @Column(timeOrNull) closedAt!: number | null
  @Column(big) openingCashFen!: number
  @Column(bigOrNull) countedCashFen!: number | null
  @Column(line) note!: string
  /** JSON of the contract's totals, frozen when the shift is closed; empty while it is open. */
  @Column(body) totals!: string
}
