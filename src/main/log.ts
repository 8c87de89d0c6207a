import { join } from 'node:path'
import { app } from 'electron'
// The Node flavour: the Electron one would listen to every page on a channel of its own.
import electronLog from 'electron-log/node'

export type Level = 'info' | 'warn' | 'error'

electronLog.transports.file.resolvePathFn = () => join(app.getPath('userData'), 'logs', 'main.log')
electronLog.transports.file.maxSize = 2 ** 20
electronLog.transports.console.level = process.env['GRADIENT_CLINIC_VERBOSE'] ? 'silly' : 'error'

/** Writes to `logs/main.log` in the app's own folder; errors also to the terminal. */
export function log(level: Level, ...what: unknown[]): void {
  electronLog[level](...what)
}

/** Stops writing to the file: its folder is about to go. */
export function closeLog(): void {
  electronLog.transports.file.level = false
}
