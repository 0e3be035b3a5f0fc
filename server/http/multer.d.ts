/** The parts of @koa/multer that the server uses; the package brings no types. */
declare module '@koa/multer' {
  import type { Middleware } from 'koa'

  interface Options {
    storage: object
    limits: { fileSize: number; files: number; fields: number; parts: number }
  }
  const multer: ((options: Options) => { any(): Middleware }) & { memoryStorage(): object }
  export = multer
}
