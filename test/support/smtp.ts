import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** One message as a mail server received it. */
export interface Mail {
  from: string
  to: string[]
  /** Header lines as they came, folded ones joined. */
  headers: string[]
  /** Decoded from base64 or quoted-printable. */
  text: string
}

/** Builds the error with which a handler of smtp-server refuses. */
export const refusal = (responseCode: number, message = 'no'): Error =>
  Object.assign(new Error(message), { responseCode })

const decode = (body: string, encoding: string): string => {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

const parse = (raw: string): Pick<Mail, 'headers' | 'text'> => {
  const end = raw.indexOf('\r\n\r\n')
  const headers = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const encoding = /^Content-Transfer-Encoding: (\S+)/im.exec(headers.join('\n'))?.[1]?.toLowerCase() ?? '7bit'
  return {
    headers,
    text: decode(raw.slice(end + 4), encoding)
      .replace(/\r\n/g, '\n')
      .trimEnd(),
  }
}

/**
 * A real mail server on 127.0.0.1.
 * @param accept may refuse a finished message, or never call back
 */
export const startMailServer = async (
  options: SMTPServerOptions & { accept?: (mail: Mail, done: (error?: Error | null) => void) => void } = {},
): Promise<{ url: string; port: number; mails: Mail[]; close: () => Promise<void> }> => {
  const { accept, ...more } = options
  const mails: Mail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', ...(more.onAuth ? [] : ['AUTH'])],
    allowInsecureAuth: true,
    authOptional: !more.onAuth,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const mail = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((r) => r.address),
          ...parse(Buffer.concat(chunks).toString('utf8')),
        }
        mails.push(mail)
        if (accept) accept(mail, done)
        else done()
      })
    },
    ...more,
  })
  // Connections that a test cuts are errors to the server.
  server.on('error', () => undefined)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    mails,
    close: () => new Promise((done) => server.close(() => done())),
  }
}
