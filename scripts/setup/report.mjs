/** Output of set-up: a line for each step, progress of long work, and errors with step, cause and advice. */

/** A step failed. `advice` says what the user can do. */
export class SetupError extends Error {
  constructor(step, cause, advice) {
    super(`${step}: ${cause}`)
    this.name = 'SetupError'
    this.step = step
    this.reason = cause
    this.advice = advice
  }
}

/** Whether a disk, or a person's share of it, was full: as the system says it, or a program that was run. */
export const isDiskFull = (error) =>
  ['ENOSPC', 'EDQUOT'].includes(error?.code) ||
  /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded/i.test(`${error?.message}\n${error?.output ?? ''}`)

/** What is said of it. @param where a folder on that disk */
export const diskFull = (step, where) =>
  new SetupError(
    step,
    `the disk is full: ${where}`,
    'free about 3 GB there, or name a folder on another disk: GRADIENT_CLINIC_CACHE=/some/folder; then run "npm run setup" again'
  )

/** A source has nothing to offer, so the next one is asked. The message explains why a later source was taken. */
export class Unavailable extends Error {}

/** @param {NodeJS.WritableStream} out */
export function createReporter(out = process.stdout) {
  const tty = Boolean(out.isTTY)
  let open = false
  const clear = () => {
    if (open) out.write('\r\x1b[K')
    open = false
  }
  return {
    lines: 0,
    /** Steps whose files in place were not the right ones; what replaces them says so. */
    damaged: new Set(),
    /** Prints a finished step. */
    step(name, text) {
      clear()
      this.lines++
      out.write(`setup · ${name}: ${text}\n`)
    },
    warn(name, text) {
      this.step(name, `note: ${text}`)
    },
    /** Progress of long work; on a terminal it rewrites one line, elsewhere it prints one every 5 s. */
    progress(name, what) {
      let last = Date.now()
      return {
        update(done, total) {
          const now = Date.now()
          if (now - last < (tty ? 100 : 5000)) return
          last = now
          const amount = total
            ? `${Math.min(100, Math.floor((100 * done) / total))} % of ${megabytes(total)}`
            : typeof done === 'number'
              ? megabytes(done)
              : done
          const line = `setup · ${name}: ${what} … ${amount}`
          if (tty) {
            clear()
            out.write(line)
            open = true
          } else out.write(`${line}\n`)
        },
        end: clear
      }
    },
    fail(error) {
      clear()
      if (error instanceof SetupError) {
        out.write(
          `setup · ${error.step}: FAILED\n  cause: ${indent(error.reason)}\n  what you can do: ${indent(error.advice)}\n`
        )
      } else {
        // Our own errors explain themselves; others need their stack.
        const own = error?.constructor === Error
        out.write(`FAILED\n  cause: ${indent(own ? error.message : (error?.stack ?? String(error)))}\n`)
      }
    }
  }
}

const indent = (text) => String(text).trim().replace(/\n/g, '\n    ')
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`
