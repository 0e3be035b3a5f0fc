// NutUI's UMD build carries lottie, which paints on a canvas while it loads; jsdom has none.
if (typeof HTMLCanvasElement !== 'undefined') {
  HTMLCanvasElement.prototype.getContext = () => new Proxy({}, { get: (target, key) => target[key] ?? (() => ({})) })
}

// What the build puts in (config/index.ts).
globalThis.API_BASE = 'http://api.test/api'
globalThis.APP_VERSION = '0.0.0'
