import { readFileSync } from 'node:fs'
import path from 'node:path'
import { defineConfig, type UserConfigExport } from '@tarojs/cli'

const root = path.resolve(__dirname, '..')
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
/** The code reader's WebAssembly, served with the h5 app under a name that changes with its version. */
const reader = path.join(root, 'node_modules/zxing-wasm')
const { version: readerVersion } = JSON.parse(readFileSync(path.join(reader, 'package.json'), 'utf8')) as {
  version: string
}
const readerFile = `static/zxing-reader-${readerVersion}.wasm`
const isShared = (file: string): boolean => file.startsWith(path.resolve(root, 'shared'))

/** Where the mini-program finds the API. The h5 app is served by the API itself; WeChat needs an absolute address. */
const apiBase =
  process.env.TARO_ENV === 'h5' ? '/api' : (process.env.TARO_APP_API ?? 'http://127.0.0.1:3000/api').replace(/\/$/, '')

// Style sheets are written in px and stay px: type and controls keep their size on every phone, the layout is fluid, and
// the bars of the code keep whole pixels. The large-text mode scales the type on purpose, through a variable.
const postcss = {
  pxtransform: { enable: false, config: {} },
}

/** While developing: words from the compiler, and the API of `npm run dev` behind the page. */
const development: UserConfigExport<'webpack5'> = {
  logger: { quiet: false, stats: false },
  h5: {
    devServer: {
      host: '127.0.0.1',
      port: 10086,
      open: false,
      proxy: [{ context: ['/api'], target: `http://127.0.0.1:${process.env.PORT || 3000}` }],
    },
  },
}
/** In a release: no source maps in what is uploaded. */
const production: UserConfigExport<'webpack5'> = {
  logger: { quiet: true, stats: false },
  mini: { enableSourceMap: false },
  h5: { enableSourceMap: false },
}

export default defineConfig<'webpack5'>(async (merge) => {
  const base: UserConfigExport<'webpack5'> = {
    projectName: 'huiyuan',
    date: '2026-11-22',
    designWidth: 375,
    deviceRatio: { 375: 2, 750: 1 },
    sourceRoot: 'client/miniapp',
    outputRoot: `dist/${process.env.TARO_ENV}`,
    plugins: ['@tarojs/plugin-html'],
    alias: {
      '@': path.resolve(root, 'client/miniapp'),
      '@shared': path.resolve(root, 'shared'),
    },
    defineConstants: {
      API_BASE: JSON.stringify(apiBase),
      APP_VERSION: JSON.stringify(version),
      ZXING_WASM: JSON.stringify(`/m/${readerFile}`),
    },
    // WeChat has a scanner of its own.
    copy: {
      patterns:
        process.env.TARO_ENV === 'h5'
          ? [{ from: path.join(reader, 'dist/reader/zxing_reader.wasm'), to: path.join('dist/h5', readerFile) }]
          : [],
      options: {},
    },
    framework: 'react',
    compiler: { type: 'webpack5', prebundle: { enable: false } },
    cache: { enable: false },
    mini: {
      compile: { include: [isShared] },
      postcss,
      // Art is referenced from style sheets only, where WeChat takes data URIs but no packaged files.
      imageUrlLoaderOption: { limit: 64 * 1024 },
      miniCssExtractPluginOption: { ignoreOrder: true },
    },
    h5: {
      publicPath: '/m/',
      staticDirectory: 'static',
      compile: { include: [isShared] },
      router: { mode: 'hash' },
      // One file for all pages: what was opened once also opens without a network, and no tap waits for a download.
      webpackChain: (chain) => {
        chain.module.set('parser', { javascript: { dynamicImportMode: 'eager' } })
        chain.performance.hints(false)
      },
      output: { filename: 'js/[name].[contenthash:8].js', chunkFilename: 'js/[name].[contenthash:8].js' },
      miniCssExtractPluginOption: {
        ignoreOrder: true,
        filename: 'css/[name].[contenthash:8].css',
        chunkFilename: 'css/[name].[contenthash:8].css',
      },
      imageUrlLoaderOption: { limit: 4 * 1024 },
      postcss: { autoprefixer: { enable: true, config: {} }, ...postcss },
    },
  }
  return merge({}, base, process.env.NODE_ENV === 'development' ? development : production)
})
