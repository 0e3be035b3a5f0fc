/** WeChat's own host. Any other base means the local sandbox. */
export const wechatBaseUrl = 'https://api.weixin.qq.com'

/**
 * Refuses to start a production server against anything but a remote https host.
 *
 * The sandbox signs anybody in as anybody, so pointing a production server at it must be impossible, not just
 * discouraged.
 *
 * @throws Error naming the offending base when `nodeEnv` is `production` and the base is not https, has credentials
 *   in it, or names a loopback, private, link-local or unspecified address.
 */
export function assertWechatBase({ nodeEnv, baseUrl }: { nodeEnv: string | undefined; baseUrl: string }): void {
  let url: URL
  try {
    url = new URL(baseUrl)
  } catch {
    throw new Error(`WECHAT_API_BASE is not an address: ${baseUrl}`)
  }
  if (nodeEnv !== 'production') return
  if (url.protocol !== 'https:') {
    throw new Error(`WECHAT_API_BASE must be https in production, got ${url.protocol}//${url.host}`)
  }
  if (url.username || url.password) throw new Error('WECHAT_API_BASE must not carry credentials')
  if (isLocalHost(url.hostname)) {
    throw new Error(`WECHAT_API_BASE must not point at this machine or a private network in production: ${url.host}`)
  }
}

/**
 * `URL` has already brought every spelling of an IPv4 address (octal, hexadecimal, one number) into dotted form, and
 * IPv6 into its shortest form, so a look at the normal form is enough.
 */
function isLocalHost(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '').toLowerCase()
  if (host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local') || !/[.:]/.test(host)) return true
  if (host.startsWith('[')) {
    return /^\[(::1?|::ffff:.*|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)\]$/.test(host)
  }
  return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(host)
}
