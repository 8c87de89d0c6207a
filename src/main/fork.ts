import { closeSync, readdirSync, readlinkSync } from 'node:fs'
import { utilityProcess, type UtilityProcess } from 'electron'
import { ALLOCATOR } from '@shared/base/allocator'

const FOLDER = '/proc/self/fd'
/** Electron 22 opens /dev/null as the standard input of each process that it forks, and never closes its own end. */
const LEAKS = process.platform === 'linux' && process.versions.electron.startsWith('22.')

/** Milliseconds that a process has to obey before it is ended by force. */
const HARD_KILL = 1000
/** Processes that have not exited. */
const living = new Set<UtilityProcess>()

/** Descriptors of /dev/null that this process has open. */
function nulls(): number[] {
  return readdirSync(FOLDER)
    .map(Number)
    .filter((fd) => {
      try {
        return readlinkSync(`${FOLDER}/${fd}`) === '/dev/null'
      } catch {
        return false
      }
    })
}

/**
 * Starts a process of the app's own, whose output is to be read, or resumed: pipes are the only descriptors that are
 * closed on all ways. @param more variables of its environment
 */
export function fork(file: string, serviceName: string, more: Record<string, string> = {}): UtilityProcess {
  const env: Record<string, string> = { GLIBC_TUNABLES: ALLOCATOR, ...more }
  for (const [k, v] of Object.entries(process.env)) if (v !== undefined && !k.startsWith('ELECTRON_')) env[k] = v
  delete env['NODE_OPTIONS']
  const before = new Set(LEAKS ? nulls() : [])
  const child = utilityProcess.fork(file, [], { stdio: 'pipe', serviceName, env })
  living.add(child)
  child.once('exit', () => living.delete(child))
  const opened = LEAKS ? nulls().filter((fd) => !before.has(fd)) : []
  // Once it runs, the child has its own. More than one would not be what is known of this Electron.
  if (opened.length === 1) child.once('spawn', () => closeSync(opened[0]!))
  return child
}

/** Ends a process; one that is stopped, or hangs in the kernel, takes no order to, and is ended by force. */
export function end(child: UtilityProcess): void {
  if (!living.has(child)) return
  child.kill()
  setTimeout(() => force(child), HARD_KILL)
}
/** Ends all processes at once, as the app ends: afterwards nobody would be there to end one that does not obey. */
export function endAll(): void {
  for (const child of living) force(child)
}
function force(child: UtilityProcess): void {
  if (living.has(child) && child.pid !== undefined) forceEnd(child.pid)
}
/** Ends a process of the app's own, whatever state it is in. @param pid its number */
export function forceEnd(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // The process has exited in the meantime.
  }
}
