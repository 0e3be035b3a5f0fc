import { dirname, extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'

/**
 * Starts a module of ours as a worker thread. In dist the file runs as it is; from source Node's thread cannot read TypeScript, not even
 * with tsx's loader in its arguments, so tsx is asked for first, from where the asking file finds it.
 * @param module the body's name as the asking file would import it, such as './train-thread'
 * @param from `__filename` of the asking file
 * @param data what the body reads as workerData
 */
export const startThread = (module: string, from: string, data: object): Worker => {
  const file = join(dirname(from), module + extname(from))
  const need = `const need = require('node:module').createRequire(${JSON.stringify(from)})`
  const program = `${need}\n${from.endsWith('.ts') ? "need('tsx/cjs')\n" : ''}need(${JSON.stringify(file)})`
  return new Worker(program, { eval: true, execArgv: [], workerData: data })
}
