import type { Env } from '../../config/env'

/** The address under which a page of the member app opens in any browser; `page` with its query, without a leading slash. */
export const appLink = (env: Pick<Env, 'PUBLIC_URL' | 'PORT'>, page: string): string =>
  `${env.PUBLIC_URL.replace(/\/$/, '') || `http://127.0.0.1:${env.PORT}`}/m/#/${page}`
