import type { Output } from '@shared/contract'
import './ticket.css'

/** What stands on a ticket. */
export type TicketFace = Output<'POST /admin/coupon-templates/previews'>['face']

/** How long text may grow before the stub needs a smaller size. */
const stubSize = (value: string): number =>
  value.length <= 3 ? 32 : value.length <= 5 ? 28 : value.length <= 7 ? 22 : 16

/** A coupon as its holder sees it: stub, perforation, body. The same shape as in the member app. */
export function Ticket({
  face,
  look = 'default',
  line,
  action,
}: {
  face: TicketFace
  look?: 'default' | 'today' | 'off'
  line: string
  action: string | null
}) {
  const stub = look === 'default' && face.tierOnly ? 'gold' : look
  const [, number = face.value, fold] = /^(.*?)(折)?$/.exec(face.value) ?? []
  return (
    <div className={`tk ${stub}`}>
      <div className='in'>
        <div className='stub'>
          <div className='v num' style={{ fontSize: stubSize(number) }}>
            {face.kind === 'amount' ? <small>¥</small> : null}
            {number}
            {fold ? <small>{fold}</small> : null}
          </div>
          <div className='c'>{face.condition}</div>
        </div>
        <div className='body'>
          <div className='row between g2'>
            <div className='grow'>
              <div className='nm'>{face.name}</div>
              {face.description ? <div className='ds'>{face.description}</div> : null}
              <div className='ds'>{line}</div>
            </div>
            {action ? <span className='use'>{action}</span> : null}
          </div>
        </div>
      </div>
    </div>
  )
}
