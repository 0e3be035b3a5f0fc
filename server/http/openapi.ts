import { extendZodWithOpenApi, OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'
import { contract, type Key } from '../../shared/contract'
import type { Endpoint } from '../../shared/contract/define'
import { errors } from '../../shared/errors'
import { type Permission, permissions } from '../../shared/permissions'

extendZodWithOpenApi(z)

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string().optional(),
  }),
})

/** Who may call, in the words of the reference. */
const access = (allow: Endpoint['allow']): string =>
  allow === 'public' ? '公开' : allow === 'member' ? '会员' : `权限：${permissions[allow as Permission]}（${allow}）`

/** The OpenAPI 3.1 document of the whole contract; made once, from the very schemas that check the requests. */
export const openApiDocument = (version: string): object => {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
  for (const key of Object.keys(contract) as Key[]) {
    const endpoint: Endpoint = contract[key]
    const [method, path] = key.split(' ')
    const named = [...path.matchAll(/:(\w+)/g)].map((m) => m[1])
    const shape = endpoint.input.shape
    const pick = (names: string[]): z.ZodObject => z.object(Object.fromEntries(names.map((n) => [n, shape[n]])))
    const rest = Object.keys(shape).filter((n) => !named.includes(n))
    const mutating = method !== 'GET'
    const headers =
      mutating && endpoint.idempotency !== 'natural'
        ? z.object({ 'Idempotency-Key': z.string().min(8).max(64) })
        : undefined
    const common: Endpoint['errors'] = [
      'invalid_input',
      'too_many_requests',
      ...(endpoint.allow === 'public' ? [] : (['unauthenticated', 'session_expired', 'forbidden'] as const)),
      ...(headers ? (['idempotency_key_reused'] as const) : []),
    ]
    const refusals = groupByStatus([...endpoint.errors, ...common])
    registry.registerPath({
      method: method.toLowerCase() as 'get',
      path: `/api${path.replace(/:(\w+)/g, '{$1}')}`,
      summary: endpoint.summary,
      description: access(endpoint.allow),
      tags: [path.split('/')[1]],
      security: endpoint.allow === 'public' ? [] : [{ bearer: [] }],
      request: {
        ...(named.length ? { params: pick(named) } : {}),
        ...(!mutating && rest.length ? { query: pick(rest) } : {}),
        ...(mutating && rest.length
          ? { body: { required: true, content: { 'application/json': { schema: pick(rest) } } } }
          : {}),
        ...(headers ? { headers } : {}),
      },
      responses: {
        200: { description: '成功', content: { 'application/json': { schema: endpoint.output } } },
        ...Object.fromEntries(
          [...refusals].map(([status, codes]) => [
            status,
            {
              description: codes.map((c) => `\`${c}\` ${errors[c].message}`).join('\n\n'),
              content: { 'application/json': { schema: errorSchema } },
            },
          ]),
        ),
      },
    })
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Huiyuan 惠员',
      version,
      description: '会员中心接口。每个改动都带 Idempotency-Key，重复提交得到同一个回答。',
    },
    servers: [{ url: '/' }],
  })
}

const groupByStatus = (codes: Endpoint['errors'][number][]): Map<number, Endpoint['errors'][number][]> => {
  const out = new Map<number, Endpoint['errors'][number][]>()
  for (const code of codes) out.set(errors[code].status, [...(out.get(errors[code].status) ?? []), code])
  return out
}
