import type { Env } from '../../config/env'
import { messagePlaces } from '../../shared/message'
import { templateIdFor } from '../integrations/wechat/sandbox/cast'
import { kindOf, messageKinds, type TemplateKey, templates } from './rules'

type Settings = Pick<Env, 'WECHAT_TEMPLATES' | 'WECHAT_APP_ID' | 'NODE_ENV'>

const isKey = (key: string): key is TemplateKey => Object.hasOwn(templates, key)

/**
 * The subscribe templates this shop has, by our key: from WECHAT_TEMPLATES, or the sandbox's own where no AppID is set.
 * Throws for a key that nothing uses, which is a typing mistake in the settings.
 */
export const templateIds = (env: Settings): Map<TemplateKey, string> => {
  const given = env.WECHAT_TEMPLATES.split(',')
    .map((pair) => pair.trim())
    .filter(Boolean)
    .map((pair): [TemplateKey, string] => {
      const [key, id] = pair.split('=').map((part) => part.trim())
      if (!isKey(key) || !id)
        throw new Error(`WECHAT_TEMPLATES: “${pair}” is not <${Object.keys(templates).join('|')}>=<id>`)
      return [key, id]
    })
  const sandboxed = !env.WECHAT_APP_ID && env.NODE_ENV !== 'production'
  const own = sandboxed
    ? (Object.keys(templates) as TemplateKey[]).map((key) => [key, templateIdFor(key)] as const)
    : []
  return new Map([...own, ...given])
}

/** The template id that messages of this kind are sent with, or null when there is none. */
export const templateIdOf = (env: Settings, kind: string): string | null => {
  const key = kindOf(kind)?.template
  return (key && templateIds(env).get(key)) ?? null
}

/** The subscribe templates with their fields, for whoever writes one: WeChat's keys, and the place that usually stands in each. */
export const subscribeForms = (): {
  key: string
  title: string
  when: string
  fields: { key: string; usual: string }[]
}[] =>
  Object.entries(templates).map(([key, about]) => {
    const kind = Object.keys(messageKinds)
      .map(kindOf)
      .find((one) => one?.template === key)
    const fields = Object.entries(kind?.fields ?? {}).map(([field, place]) => ({
      key: field,
      usual: messagePlaces[place] ? `{${place}}` : '',
    }))
    return { key, ...about, fields }
  })
