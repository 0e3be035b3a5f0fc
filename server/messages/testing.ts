import type { Output, Parsed } from '../../shared/contract'
import { fillPlaces, reasonText } from '../../shared/message'
import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { type Content, checkContent, compose, samplePlaces } from './compose-rules'
import { scheduleMessages } from './schedule'
import { templateContents } from './template-store'

/** What each channel would refuse of a content, and how it reads with samples in its places. */
export const checkTemplate = (content: Content): Output<'POST /admin/message-templates/check'> => {
  const preview: Record<string, string> = {}
  for (const channel of ['inbox', 'subscribe', 'sms', 'email', 'wecom'] as const) {
    const said = compose(content, channel, samplePlaces())
    if (said) preview[channel] = channel === 'inbox' || channel === 'email' ? `${said.title}\n${said.text}` : said.text
  }
  return { problems: checkContent(content), preview }
}

/**
 * Sends a template to one member, each channel for itself. It is a service message of the shop to somebody who tries it out, so caps and quiet hours do
 * not hold it; an address and a right it needs like any other.
 */
export const testSend = async (
  tx: Tx,
  deps: Deps,
  { templateId, memberId, channels }: Parsed<'POST /admin/message-templates/:templateId/test-sends'>,
  now: number,
): Promise<Output<'POST /admin/message-templates/:templateId/test-sends'>> => {
  const template = (await templateContents(tx, [templateId])).get(templateId)
  if (!template) throw refuse('message_template_not_found')
  const [member] = await tx.read<{ name: string }>('SELECT name FROM member WHERE id = ?', [memberId])
  if (!member) throw refuse('member_not_found')
  const places = { ...samplePlaces(), today: civilDay(now), ...(member.name ? { name: member.name } : {}) }
  const trial = newId(now)
  const planned = await scheduleMessages(
    tx,
    deps.env,
    channels.map((channel) => ({
      memberId,
      dedupeKey: `test:${trial}:${channel}`,
      content: template.content,
      topic: 'service' as const,
      channels: [channel],
      places,
      personal: false,
      priority: 1,
      source: 'test',
      sourceRef: templateId,
    })),
    now,
  )
  return {
    items: planned.map((p, i) => {
      const reason = p.refusals[0]?.reason ?? null
      const said = compose(template.content, channels[i], places)
      return {
        channel: channels[i],
        status: p.channel ? (p.channel === 'inbox' ? 'sent' : 'pending') : 'skipped',
        reason,
        text: reason ? reasonText(reason) : fillPlaces(said?.text ?? '', places),
      }
    }),
  }
}
