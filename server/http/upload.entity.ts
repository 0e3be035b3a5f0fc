import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { code, idOrNull, int, time, timeOrNull } from '../db/columns'

/** A photo that somebody sent. It belongs to its sender until it is attached to something of theirs; what stays loose is swept away. */
@Entity('upload')
@Index('upload_member', ['memberId', 'createdAt'])
@Index('upload_loose', ['attachedAt', 'createdAt'])
@Index('upload_removed', ['removedAt'])
export class Upload {
  /** `<32 random hex digits>.<type>`: the address nobody can guess. */
  @PrimaryColumn(code) name!: string
  @Column(idOrNull) memberId!: string | null
  @Column(idOrNull) operatorId!: string | null
  @Column(int) bytes!: number
  /** Pixels, as they are shown. */
  @Column(int) width!: number
  @Column(int) height!: number
  @Column(time) createdAt!: number
  @Column(timeOrNull) attachedAt!: number | null
  /** From then on the photo is not served any more; its file goes with the next sweep. */
  @Column(timeOrNull) removedAt!: number | null
}
