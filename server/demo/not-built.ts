/** Shown in place of a client that has not been built yet. */
export const notBuilt = (prefix: string): string =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>还没有构建</title><body style="font:16px/1.6 sans-serif;padding:48px"><h1 style="font-size:22px">${prefix} 还没有构建</h1><p>请运行 <code>npm run build</code>，或直接 <code>npm start</code>。</p></body></html>`
