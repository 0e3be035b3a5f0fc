/**
 * What members agree to, and which wording is in force. Whoever changes a document's text in a way that asks for a new yes raises its
 * version here: every member is then asked again, and the ledger keeps which version each of them agreed to.
 */
export const documents = {
  terms: { title: '会员章程', version: 1 },
  privacy: { title: '隐私政策', version: 1 },
} as const

/** A document's name. */
export type DocumentName = keyof typeof documents
export const documentNames = Object.keys(documents) as DocumentName[]
