import { documentNames, documents } from '@shared/documents'
import { call } from './api'
import { isWeapp, readStored, writeStored } from './platform'

const AGREED = 'agreed'
type Agreed = Record<string, number>

/** Whether the wordings in force were agreed to on this device; the server keeps the record that counts. */
export function hasAgreed(): boolean {
  const agreed = readStored<Agreed>(AGREED) ?? {}
  return documentNames.every((name) => (agreed[name] ?? 0) >= documents[name].version)
}

/** Records the yes to the wordings in force. Throws a Failure; the privacy centre then still asks. */
export async function giveConsents(): Promise<void> {
  const given = documentNames.map((name) => ({ name, version: documents[name].version }))
  await call('POST /me/consents', { documents: given, channel: isWeapp ? 'weapp' : 'h5' })
  noteAgreed()
}

/** Remembers on this device that everything in force was agreed to. */
export function noteAgreed(): void {
  writeStored(AGREED, Object.fromEntries(documentNames.map((name) => [name, documents[name].version])))
}

/** Forgets it with the member who signs out. */
export const forgetAgreed = (): void => writeStored(AGREED, null)
