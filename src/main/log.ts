import { createRequire } from 'node:module'
import { join } from 'node:path'
import { app } from 'electron'
import type { MainLogger } from 'electron-log'
import { ownFolder } from './folders'

export type Level = 'info' | 'warn' | 'error'

let logger: MainLogger | undefined
/** Loaded with the first line: its many files would hold up the start. */
function loaded(): MainLogger {
  if (logger) return logger
  // The Node flavour: the Electron one would listen to every page on a channel of its own.
  logger = createRequire(__filename)('electron-log/node') as MainLogger
  // The library makes its folder by Node's own way, which may try for ever.
  try {
    ownFolder(app.getPath('userData'), 'logs')
  } catch {
    closeLog()
  }
  logger.transports.file.resolvePathFn = () => join(app.getPath('userData'), 'logs', 'main.log')
  logger.transports.file.maxSize = 2 ** 20
  logger.transports.console.level = process.env['GRADIENT_CLINIC_VERBOSE'] ? 'silly' : 'error'
  return logger
}

/** Writes to `logs/main.log` in the app's own folder; errors also to the terminal. */
export function log(level: Level, ...what: unknown[]): void {
  loaded()[level](...what)
}

/** Stops writing to the file: its folder is about to go, or can't be made. */
export function closeLog(): void {
  loaded().transports.file.level = false
}
