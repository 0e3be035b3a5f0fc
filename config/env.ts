import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * The only reader of process.env. Everything has a default that suits one machine and a demo; production refuses to start with the
 * defaults that would be unsafe there (secrets, sandbox, demo).
 */
const flag = z.enum(['0', '1', 'true', 'false']).transform((v) => v === '1' || v === 'true')
const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  /** api, jobs or all: what this process does. */
  ROLE: z.enum(['api', 'jobs', 'all']).default('all'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  /** sqlite:<file> or mysql://user:password@host:port/database (MySQL 8, MariaDB 10.11+, TiDB). */
  DATABASE_URL: z.string().default('sqlite:data/huiyuan.sqlite'),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(16),
  /** Signs tokens and derives the keys of the field encryption. At least 32 characters in production. */
  APP_SECRET: z.string().min(16).default('development-secret-not-for-production'),
  /** Older secrets, comma separated, newest first: fields encrypted under them stay readable after a rotation. */
  APP_SECRET_OLD: z.string().default(''),
  TIME_ZONE_OFFSET_MINUTES: z.coerce.number().int().min(-720).max(840).default(480),
  SHOP_NAME: z.string().default('拾光生活馆'),
  /** Seeds an empty database with the demo shop and offers its accounts on the landing page. */
  DEMO: flag.default(true),
  /** Where uploaded photos are kept; replicas share it. */
  DATA_DIR: z.string().default('data'),
  /** The server's address as the world sees it, without a trailing slash; links and WeChat's photo check need it. */
  PUBLIC_URL: z.string().default(''),
  /** An OpenAI-compatible endpoint (…/v1) that words the assistant's FAQ answers; empty: the FAQ's own words. */
  ASSISTANT_URL: z.string().default(''),
  ASSISTANT_KEY: z.string().default(''),
  ASSISTANT_MODEL: z.string().default(''),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** Requests a minute for one member or one address; the till systems' role is not limited by it. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(10).default(600),
  RATE_LIMIT_AUTH_PER_MINUTE: z.coerce.number().int().min(1).default(30),
  /** Number of reverse proxies in front whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  WECHAT_APP_ID: z.string().default(''),
  WECHAT_APP_SECRET: z.string().default(''),
  WECHAT_API_BASE: z.string().default(''),
  WECHAT_PUSH_TOKEN: z.string().default(''),
  WECHAT_PUSH_AES_KEY: z.string().default(''),
  /** Subscribe templates, "key=template id" comma separated: birthday=…,anniversary=…,expiring=… */
  WECHAT_TEMPLATES: z.string().default(''),
  SMS_DRIVER: z.enum(['log', 'tencent', 'alibaba']).default('log'),
  SMS_TENCENT_SECRET_ID: z.string().default(''),
  SMS_TENCENT_SECRET_KEY: z.string().default(''),
  SMS_TENCENT_APP_ID: z.string().default(''),
  SMS_TENCENT_SIGN: z.string().default(''),
  SMS_TENCENT_TEMPLATE_LOGIN: z.string().default(''),
  SMS_ALIBABA_KEY_ID: z.string().default(''),
  SMS_ALIBABA_KEY_SECRET: z.string().default(''),
  SMS_ALIBABA_SIGN: z.string().default(''),
  SMS_ALIBABA_TEMPLATE_LOGIN: z.string().default(''),
  /** Templates of care texts, "our name=carrier's id:place/place" comma separated, the places in the carrier's order. */
  SMS_TEMPLATES: z.string().default(''),
  /** smtp(s)://user:password@host:port; empty: mails are kept in memory and logged. */
  SMTP_URL: z.string().default(''),
  EMAIL_FROM: z.string().default('拾光生活馆 <care@localhost>'),
})

/** Typed settings of one process. */
export type Env = z.output<typeof schema> & {
  database: { kind: 'sqlite'; file: string } | { kind: 'mysql'; url: string }
}

/**
 * Parses settings; throws one Error that names every wrong variable.
 * @param source usually process.env
 */
export const readEnv = (source: Record<string, string | undefined> = process.env): Env => {
  const given = Object.fromEntries(Object.entries(source).filter(([, v]) => v !== undefined && v !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success)
    throw new Error(
      `Settings are wrong:\n${parsed.error.issues.map((i) => `  ${i.path.join('.')}: ${i.message}`).join('\n')}`,
    )
  const env = parsed.data
  const sqlite = /^sqlite:(.+)$/.exec(env.DATABASE_URL)
  const database = sqlite
    ? ({ kind: 'sqlite', file: sqlite[1] } as const)
    : ({ kind: 'mysql', url: env.DATABASE_URL } as const)
  const wrong: string[] = []
  if (!sqlite && !/^(mysql|mariadb):\/\//.test(env.DATABASE_URL))
    wrong.push('DATABASE_URL must be sqlite:<file> or mysql://user:password@host:port/database')
  if (env.NODE_ENV === 'production') {
    // A deployment that forgot its secret must not come up looking healthy.
    if (!source.APP_SECRET || env.APP_SECRET.length < 32)
      wrong.push('APP_SECRET must be set to at least 32 characters in production')
    if (!source.DEMO) env.DEMO = false
    if (env.DEMO) wrong.push('DEMO cannot be switched on in production: it hands out sign-ins')
    if (!env.WECHAT_APP_ID !== !env.WECHAT_APP_SECRET) wrong.push('WECHAT_APP_ID and WECHAT_APP_SECRET go together')
  }
  if (wrong.length) throw new Error(`Settings are wrong:\n${wrong.map((w) => `  ${w}`).join('\n')}`)
  return { ...env, database }
}

/** A 32-byte key for one purpose, derived from the secret so that no two purposes share key material. */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  createHash('sha256').update(`huiyuan/${purpose}/`).update(secret).digest()
