/// <reference types="@tarojs/taro" />

declare module '*.scss'
/** The address under which a drawing is served, as the bundler of the admin page gives it. */
declare module '*.svg' {
  const address: string
  export default address
}

/** Base address of the API, fixed when the client is built (config/index.ts). */
declare const API_BASE: string
/** Version in package.json, fixed likewise. */
declare const APP_VERSION: string
/** Where the h5 app finds the code reader's WebAssembly, on its own server. */
declare const ZXING_WASM: string

declare namespace NodeJS {
  interface ProcessEnv {
    /** Which mini-program target is being built; absent outside Taro. */
    TARO_ENV?: 'weapp' | 'h5'
  }
}
