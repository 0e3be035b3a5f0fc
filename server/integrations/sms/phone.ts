/** A number in E.164 form, or null when it cannot be one. Eleven digits beginning with 1 are a mainland mobile. */
export function toE164(phone: string): string | null {
  const compact = phone.replace(/[\s-]/g, '')
  if (/^1[3-9]\d{9}$/.test(compact)) return `+86${compact}`
  return /^\+[1-9]\d{6,14}$/.test(compact) ? compact : null
}

/** A number for logs: the first three and last four digits of the national part. */
export function maskPhone(phone: string): string {
  const national = phone.replace(/^\+86/, '').replace(/\D/g, '')
  return national.length < 8 ? '****' : `${national.slice(0, 3)}****${national.slice(-4)}`
}
