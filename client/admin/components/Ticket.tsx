import type { Output } from '@shared/contract'
import './ticket.css'

/** What stands on a ticket. */
export type TicketFace = Output<'POST /admin/coupon-templates/previews'>['face']

/** The largest size, 16 to 32, at which a text fits the stub's 92 px; a Han character is as wide as it is high. */
function stubSize(value: string): number {
  const widths = [...value].reduce((sum, character) => sum + (/[\u2e80-\uffff]/.test(character) ? 1 : 0.6), 0)
  return Math.max(16, Math.min(32, Math.floor(92 / Math.max(widths, 1))))
}

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
          <div className={stubSize(number) === 16 ? 'v num many' : 'v num'} style={{ fontSize: stubSize(number) }}>
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
