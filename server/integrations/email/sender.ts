import nodemailer from 'nodemailer'
import { type DeliveryClass, deliveryError, networkError } from '../delivery'

/** One e-mail. `id` names it: it becomes the Message-ID, so that a receiver can tell a repeat. */
export interface Email {
  id: string
  to: string
  subject: string
  text: string
}
export interface EmailSender {
  /** Answers the server's own number of the message, or our Message-ID. Throws DeliveryError. */
  send(email: Email): Promise<{ id: string }>
}

/** SMTP reply codes of RFC 5321 as our classes; 4xx means: not accepted now, try later. */
const classOf = (reply: number, command: string): DeliveryClass => {
  if (reply === 421 || reply === 450 || reply === 451 || reply === 452) return reply === 450 ? 'rate' : 'transient'
  if (reply >= 400 && reply < 500) return 'transient'
  if (reply === 530 || reply === 534 || reply === 535 || reply === 538) return 'config'
  if (reply === 550 || reply === 551 || reply === 553 || reply === 511) return command === 'DATA' ? 'content' : 'user'
  return reply === 552 || reply === 554 ? 'content' : 'config'
}

/**
 * E-mail by SMTP. An answer to DATA that never comes leaves the fate unknown: SMTP has no way to ask, so such a message is not repeated.
 * @param url `smtp://user:password@host:port` or `smtps://…`
 * @param from `店名 <care@shop.example>`
 */
export const createSmtpEmail = ({
  url,
  from,
  timeoutMs = 10_000,
}: {
  url: string
  from: string
  timeoutMs?: number
}): EmailSender => {
  const domain = /@([^>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  const transport = nodemailer.createTransport(url, {
    from,
    // A pool of one keeps the connection for the next message of a round.
  })
  const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
  Object.assign(transport.options, limits)
  return {
    send: async ({ id, to, subject, text }) => {
      const messageId = `<${id}@${domain}>`
      try {
        await transport.sendMail({ from, to, subject, text, messageId })
        return { id: messageId }
      } catch (error) {
        const e = error as { responseCode?: number; command?: string; code?: string; message: string }
        if (e.responseCode) {
          const kind = classOf(e.responseCode, e.command ?? '')
          throw deliveryError(kind, String(e.responseCode), `mail refused: ${e.responseCode}`)
        }
        // Before DATA was sent nothing can have been accepted.
        if (e.command && e.command !== 'DATA' && e.code !== 'ETIMEDOUT')
          throw deliveryError('transient', e.code ?? null, `the mail server broke off at ${e.command}`)
        if (e.code === 'ECONNECTION' || (e.code === 'ESOCKET' && e.command === 'CONN'))
          throw deliveryError('transient', e.code, 'the mail server cannot be reached')
        throw networkError(error, 'the mail server')
      }
    },
  }
}

export interface KeptEmail extends Email {
  at: number
}

/** The stand-in: mails stay in memory, where a developer or a test reads them. The log gets neither address nor text. */
export const createLocalEmail = ({
  now,
  log,
}: {
  now: () => number
  log?: (entry: { id: string; subject: string }) => void
}): EmailSender & { list: () => readonly KeptEmail[] } => {
  const kept: KeptEmail[] = []
  return {
    send: async (email) => {
      kept.unshift({ ...email, at: now() })
      kept.length = Math.min(kept.length, 100)
      log?.({ id: email.id, subject: email.subject })
      return { id: `local-${email.id}` }
    },
    list: () => kept,
  }
}
