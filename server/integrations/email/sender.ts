import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { type DeliveryClass, deliveryError } from '../delivery'

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
  if (reply >= 400 && reply < 500) return 'transient'
  // The server does not let the shop in: no other message would fare better.
  if (reply === 530 || reply === 534 || reply === 535 || reply === 538) return 'account'
  if (command === 'RCPT TO') return 'user'
  return command === 'DATA' ? 'content' : 'config'
}

interface SmtpFailure {
  code?: string
  command?: string
  responseCode?: number
}

/**
 * What a failed exchange means. A reply is the server's word. Without one it depends on whether the message itself had begun to leave:
 * before that nothing can have been accepted, after it nobody knows, since SMTP has no way to ask.
 */
const failureOf = (error: SmtpFailure, begun: boolean): Error => {
  const { code = null, command = '', responseCode } = error
  if (responseCode) {
    const kind = classOf(responseCode, begun ? 'DATA' : command)
    return deliveryError(kind, String(responseCode), `mail refused: ${responseCode}`)
  }
  if (begun) return deliveryError('unknown', null, `the mail server gave no answer (${code ?? 'cut off'})`)
  if (code === 'EENVELOPE') return deliveryError('user', null, 'the address cannot be one')
  if (code === 'EAUTH') return deliveryError('account', code, 'the mail server knows no way to sign in')
  return deliveryError('transient', null, `the mail server broke off before the message (${code ?? 'cut off'})`)
}

interface Exchange {
  server: ReturnType<typeof parseConnectionUrl>
  timeoutMs: number
  from: string
  to: string
  message: Buffer
}

/** One message over one connection. Resolves when the server has taken it; throws DeliveryError. */
const exchange = ({ server, timeoutMs, from, to, message }: Exchange): Promise<void> =>
  new Promise((done, fail) => {
    const { auth, ...address } = server
    const connection = new SMTPConnection({
      ...address,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
    })
    let begun = false
    const end = (error: SmtpFailure): void => {
      clearTimeout(deadline)
      connection.close()
      fail(failureOf(error, begun))
    }
    // A server that keeps the line busy with a byte now and then would never meet the limit for silence.
    const deadline = setTimeout(() => end({ code: 'ETIMEDOUT' }), 3 * timeoutMs)
    connection.on('error', end)
    // Nothing is read from it before the server has asked for the message (354), so the first read is the moment it begins to leave.
    const body = new Readable({
      read() {
        begun = true
        this.push(message)
        this.push(null)
      },
    })
    const hand = (): void =>
      connection.send({ from, to: [to] }, body, (error) => {
        if (error) return end(error)
        clearTimeout(deadline)
        connection.quit()
        done()
      })
    connection.connect((error) => {
      if (error) return end(error)
      if (!auth || !connection.allowsAuth) return hand()
      connection.login(auth, (refused) => (refused ? end(refused) : hand()))
    })
  })

/**
 * E-mail by SMTP. An answer to the message that never comes leaves its fate unknown: such a message is not repeated.
 * @param url `smtp://user:password@host:port` or `smtps://…`
 * @param from `店名 <care@shop.example>`
 * @param timeoutMs longest silence of the server; the whole exchange may take three times as long
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
  const server = parseConnectionUrl(url)
  const domain = /@([^>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  return {
    send: async ({ id, to, subject, text }) => {
      const messageId = `<${id}@${domain}>`
      // As an object the address is one address, whatever stands in it; a text would be read as a list.
      const mail = new MailComposer({ from, to: { name: '', address: to }, subject, text, messageId }).compile()
      const sender = mail.getEnvelope().from
      const message = await mail.build()
      await exchange({ server, timeoutMs, from: sender || from, to, message })
      return { id: messageId }
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
