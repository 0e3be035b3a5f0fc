/** Mini-program codes and links that open it. */
import { randomBytes } from 'node:crypto'
import { schemeRequest, unlimitedCodeRequest, urlLinkRequest } from '../schemas'
import { type Answer, type Endpoint, ok, refuse, type World } from './answers'
import { drawQr } from './png'
import { isPublished } from './subscribe'

/** Turns a page of the mini-program and its query into an address that opens the same page here. */
export type OpenLink = (page: string, query: string) => string

const homePage = 'pages/home/index'
const sceneCharacters = /^[\w!#$&'()*+,/:;=?@.~-]+$/
const dayMs = 86_400_000
const longestLifeMs = 30 * dayMs
const shortestLifeMs = 60_000

type Expiry = { expire_type?: 0 | 1; expire_time?: number; expire_interval?: number }

export function codeEndpoints(openLink: OpenLink): Record<string, Endpoint> {
  return {
    '/wxa/getwxacodeunlimit': {
      method: 'POST',
      needsToken: true,
      perMinute: 5000,
      minuteErrcode: 45009,
      handle: (world, { body }) => {
        const request = unlimitedCodeRequest.safeParse(body)
        if (!request.success) {
          return refuse(world, request.error.issues[0]?.path[0] === 'scene' ? 40169 : 40097)
        }
        const { scene, page = homePage, check_path: checkPath, width = 430, is_hyaline: hyaline } = request.data
        if (body && 'scancode_time' in (body as object)) return refuse(world, 85096)
        if (scene.length < 1 || scene.length > 32) return refuse(world, 40169)
        if (!sceneCharacters.test(scene)) return refuse(world, 40129)
        if (!isPublished(checkPath === false ? null : world.state.pages, page)) return refuse(world, 41030)
        const bytes = drawQr(openLink(page, `scene=${encodeURIComponent(scene)}`), width, hyaline ?? false)
        return { kind: 'image', bytes, type: 'image/png' }
      },
    },

    '/wxa/generate_urllink': {
      method: 'POST',
      needsToken: true,
      perMinute: 6000,
      minuteErrcode: 45009,
      handle: (world, { body, origin }) => {
        const request = urlLinkRequest.safeParse(body)
        if (!request.success) return refuse(world, 40097)
        const { path = homePage, query = '', ...expiry } = request.data
        return issueLink(world, path, query, expiry, (ticket) => ({ url_link: `${origin}/__link/${ticket}` }))
      },
    },

    '/wxa/generatescheme': {
      method: 'POST',
      needsToken: true,
      perMinute: 6000,
      minuteErrcode: 45009,
      handle: (world, { body }) => {
        const request = schemeRequest.safeParse(body)
        if (!request.success) return refuse(world, 40097)
        const { jump_wxa: target, ...expiry } = request.data
        return issueLink(world, target?.path || homePage, target?.query ?? '', expiry, (ticket) => ({
          openlink: `weixin://dl/business/?t=${ticket}`,
        }))
      },
    },
  }
}

function issueLink(
  world: World,
  rawPage: string,
  query: string,
  expiry: Expiry,
  answer: (ticket: string) => Record<string, string>,
): Answer {
  const now = world.now()
  const page = rawPage.replace(/^\//, '')
  if (page.length > 1024 || !isPublished(world.state.pages, page)) return refuse(world, 40165)
  if (query.length > 1024 || !/^[\x20-\x7e]*$/.test(query)) return refuse(world, 40212)
  const life =
    expiry.expire_type === 1
      ? (expiry.expire_interval ?? 30) * dayMs
      : expiry.expire_time === undefined
        ? longestLifeMs
        : expiry.expire_time * 1000 - now
  // A request for exactly thirty days must not fail because a second has passed on the way.
  if (life < shortestLifeMs || life > longestLifeMs + 1000) return refuse(world, 85401)
  const ticket = randomBytes(9).toString('base64url')
  world.state.links.set(ticket, { page, query, expiresAt: now + life })
  return ok(answer(ticket))
}
