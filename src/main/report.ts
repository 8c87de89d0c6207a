import { basename, join, parse } from 'node:path'
import type { Saved } from '@shared/ipc/app'
import { safeWrite } from './files/safeWrite'
import { problemsOf } from './files/projects'
import { makeFolder } from './folders'

/** Longer than any sample experiment takes on a slow machine. */
const LIMIT = 10 * 60_000

/**
 * Started with `--report DIR`: what the window exports lands there without asking, and the app ends when the window
 * says so.
 */
export class Report {
  private readonly written: string[] = []
  private ended = false
  private readonly timer: ReturnType<typeof setTimeout>

  constructor(
    readonly dir: string,
    private readonly end: (code: number) => void,
    private readonly print: (line: string, error: boolean) => Promise<void> = toTerminal,
    limit = LIMIT
  ) {
    this.timer = setTimeout(
      () => void this.done(`The sample experiment was not done after ${limit / 60_000} minutes.`),
      limit
    )
  }
  async write(name: string, bytes: Uint8Array): Promise<Saved> {
    const path = join(this.dir, safeFileName(name))
    try {
      makeFolder(this.dir)
      await safeWrite(path, bytes)
      this.written.push(path)
      return { ok: true, path }
    } catch (error) {
      return { ok: false, problems: problemsOf(path, error) }
    }
  }
  /** The last word: prints what was written, or what went wrong, and ends the app with 0 or 1. */
  async done(error: string | null): Promise<void> {
    if (this.ended) return
    this.ended = true
    clearTimeout(this.timer)
    for (const path of this.written) await this.print(path, false)
    const problem = error ?? (this.written.length ? null : 'The report is empty: nothing was exported.')
    if (problem) await this.print(`No report: ${problem}`, true)
    this.end(problem ? 1 : 0)
  }
}

/** Bytes of a file name: file systems take 255, and a backup's ending needs some of them. */
const LONGEST = 200
/**
 * A file name and nothing else: no folders, nothing that a file system forbids, and no more than it takes. What is too
 * long keeps its ending.
 */
export function safeFileName(name: string): string {
  const bare = basename(name.replace(/\\/g, '/'))
    .replace(/[<>:"|?*\u0000-\u001f]/g, '_')
    .replace(/^\.+/, '')
    .trim()
  const { name: stem, ext } = parse(bare)
  const ending = Buffer.byteLength(ext) < LONGEST / 4 ? ext : ''
  const room = LONGEST - Buffer.byteLength(ending)
  let head = ''
  for (const character of ending ? stem : bare)
    if (Buffer.byteLength(head + character) <= room) head += character
    else break
  return head.trim() + ending || 'export'
}
const toTerminal = (line: string, error: boolean): Promise<void> =>
  new Promise((resolve) => {
    const stream = error ? process.stderr : process.stdout
    if (!stream.write(line + '\n', () => resolve())) stream.once('error', () => resolve())
  })
