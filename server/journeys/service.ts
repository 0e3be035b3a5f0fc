export { ensureBuiltIns } from './built-ins'
export { publishBuiltIns } from './define'
