import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { deliveryError } from '../delivery'

/**
 * Addresses that are not of the public internet: this machine, the own network, other machines' private ranges, cloud metadata, and the
 * ranges that translate to one of them (RFC 6890 and its registries).
 */
const innerV4 = new BlockList()
/** Apart from the other list: Node takes an IPv4 address for its mapped IPv6 form, which is refused here as a whole. */
const innerV6 = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  innerV4.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  innerV6.addSubnet(net, bits, 'ipv6')

/** Whether a numeric address lies outside the public internet; what is no address counts as outside too. */
export const isInner = (address: string): boolean => {
  if (isIP(address) === 4) return innerV4.check(address, 'ipv4')
  return isIP(address) !== 6 || innerV6.check(address, 'ipv6')
}

/**
 * Whether an address may be called: https to a public host. Off production http and this machine are allowed too, for stand-ins. `URL` has
 * brought every spelling of a numeric host into its normal form, so the normal form is what is looked at.
 * @returns the reason it may not, in words for the operator who typed it, or null
 */
export const hookProblem = (url: string, production: boolean): string | null => {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return '不是有效的地址'
  }
  if (parsed.username || parsed.password) return '地址里不能带账号密码'
  if (!production) return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? null : '要以 http 或 https 开头'
  if (parsed.protocol !== 'https:') return '要以 https 开头'
  const host = parsed.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host)) return isInner(host) ? '不能指向内网' : null
  const local = host === 'localhost' || /\.(localhost|local|internal|home\.arpa)$/.test(host) || !host.includes('.')
  return local ? '不能指向内网' : null
}

/** All addresses of a name, as node:dns answers them; replaced in tests. */
export type Resolve = (
  name: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * The name look-up of the very connection that carries the call: the address that was looked at is the address that is called, so a name
 * that changes its mind between a check and the call gains nothing. One inner address among several is enough to refuse.
 */
export const vettedLookup =
  (production: boolean, resolve: Resolve = systemLookup): LookupFunction =>
  (name, options, done) =>
    resolve(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      if (!addresses.length || (production && addresses.some((a) => isInner(a.address)))) {
        const refused: Error = deliveryError('config', 'refused_address', 'the name leads to an inner address')
        return done(refused, [])
      }
      if (options.all) return done(null, addresses)
      done(null, addresses[0].address, addresses[0].family)
    })
