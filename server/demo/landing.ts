import type { Deps } from '../deps'

/** The landing page. */
export const landingPage = async (deps: Deps): Promise<string> => `<!doctype html><title>${deps.env.SHOP_NAME}</title>`
