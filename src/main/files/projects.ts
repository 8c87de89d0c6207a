import { readFile, realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { wallClock } from '@shared/base/clock'
import type { Opened, Saved } from '@shared/ipc/app'
import type { Project, SentProject } from '@shared/project/types'
import { errorToData, TextError } from '@shared/ipc/errors'
import { codeOf } from '@shared/base/system'
import type { Problem } from '@shared/base/problems'
import { LIMITS } from '@shared/project'
import { dropsOf, heldBy, type Held } from './held'
import { backupName } from './names'
import { answered } from './patience'
import { OPENING, readers, sum, type Readers } from './read'
import { SAVING } from './safeWrite'
import { writeProject, type WriteProject } from './write'

export function problemsOf(path: string, error: unknown): Problem[] {
  const { message, problems } = errorToData(error)
  return problems.length ? problems : [{ path: basename(path), message }]
}

/** What was read, or why it could not be. */
export async function opened<T>(path: string, reading: Promise<T>): Promise<Opened<T>> {
  try {
    return { ok: true, path, value: await reading }
  } catch (error) {
    return { ok: false, path, problems: problemsOf(path, error) }
  }
}

/** Milliseconds within which a file system may give two writes the same time. */
const RACY = 50
/**
 * What the file system says of a file: as long as it says the same, nobody has written to it. Empty of a file that was
 * written just now, as another write may follow within the same tick of its clock.
 */
async function stampOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true })
  return wallClock() - Number(ctimeMs) < RACY ? '' : [dev, ino, size, mtimeNs, ctimeNs].join()
}
/** Which version of a file this is, by any of its names; empty where none is there. */
const identityOf = (path: string): Promise<string> =>
  stat(path, { bigint: true }).then(
    ({ dev, ino, size, mtimeNs }) => [dev, ino, size, mtimeNs].join(),
    () => ''
  )
const present = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  )

/** A file as it was opened or saved here. */
interface Seen {
  /** Of its content. */
  sum: string
  stamp: string
}

/** Where a save keeps what it replaces, and which version lies there before it. */
interface Kept {
  backup: string
  id: string
}

/** What a save may be given. */
export interface SaveOptions {
  /** Folder that holds what was sent in brief. */
  journal?: string
  /** Hears where the version of another program is kept that came in between. */
  replaced?: (backup: string) => void
}

/** Project files on disk; notices when another program has changed one since. */
export class ProjectFiles {
  private readonly seen = new Map<string, Seen>()
  /** Files whose `.bak`, if there is one, is an earlier version of the same project: the next save may replace it. */
  private readonly ownBackup = new Set<string>()

  /** Files of which parts could not be read: a save would lose those. */
  private readonly damaged = new Set<string>()

  /** Settles when what is being saved is written, or could not be. */
  private writing: Promise<unknown> = Promise.resolve()

  /** What the files hold that were opened or saved here. */
  private readonly held = new Map<string, Held[]>()

  /** @param read reads project files. @param write writes them */
  constructor(
    private readonly read: Readers['project'] = readers.project,
    private readonly write: WriteProject = writeProject
  ) {}

  /** Opens a project as far as it is whole. @param tell hears of the parts that are missing */
  async open(path: string, tell: (missing: Problem[]) => void = () => undefined): Promise<Opened<Project>> {
    // Taken before it is read: what is written meanwhile counts as a change.
    const look = (): Promise<string> => stampOf(path).catch(() => '')
    const first = await opened(path, answered({ path, said: OPENING, doing: 'read' }, look))
    if (!first.ok) return first
    const stamp = first.value
    const reading = await opened(path, this.read([path]))
    if (!reading.ok) return reading
    const { project, missing, sum } = reading.value
    this.seen.set(path, { sum, stamp })
    this.held.set(path, heldBy(project))
    this.ownBackup.add(path)
    this.damaged.delete(path)
    if (missing.length) {
      this.damaged.add(path)
      tell(missing)
    }
    return { ok: true, path, value: project }
  }
  /** The sum of what the file held when it was opened or saved last; undefined of a file that was neither here. */
  sumOf(path: string): string | undefined {
    return this.seen.get(path)?.sum
  }
  /** What the file held when an earlier session opened or saved it last: a change since then is asked about. */
  recall(path: string, sum: string): void {
    if (!this.seen.has(path)) this.seen.set(path, { sum, stamp: '' })
  }
  /** Whether the file holds more than could be read of it. */
  isDamaged(path: string): boolean {
    return this.damaged.has(path)
  }
  /**
   * Saves are written one after the other, in the order they were asked for: the last one is what stays.
   */
  save(project: SentProject, path: string, options: SaveOptions = {}): Promise<Saved> {
    const saved = this.writing.then(() => this.saveNow(project, path, options))
    this.writing = saved
    return saved
  }
  private async saveNow(project: SentProject, path: string, { journal, replaced }: SaveOptions): Promise<Saved> {
    try {
      // Read before the write makes it ours.
      const known = (await this.differs(path)) ? undefined : this.seen.get(path)
      const kept = await this.keptOf(path)
      const written = await this.write(project, path, this.ownBackup.has(path) ? true : 'aside', journal)
      // Written by another program while this was prepared.
      const other = known && kept && (await this.isOther(kept, known).catch(() => false)) ? kept.backup : undefined
      // What was replaced is kept until a version of this project is: another one's is not the next save's to replace.
      if (known && other === undefined) this.ownBackup.add(path)
      else this.ownBackup.delete(path)
      if (other !== undefined) replaced?.(other)
      this.seen.set(path, { sum: written, stamp: await this.ask(path, () => stampOf(path)) })
      // What could not be read of the former version stays in its .bak, which the next save puts aside.
      if (this.damaged.delete(path)) this.ownBackup.delete(path)
      this.held.set(path, heldBy(project))
      return { ok: true, path }
    } catch (error) {
      const problems = problemsOf(path, error)
      if (problems.some((p) => p.code === 'notWhole')) return { ok: false, canceled: true, path, wantsWhole: true }
      return { ok: false, problems }
    }
  }
  /** What of runs and checkpoints the file holds and the project lacks. None for a file that is no project. */
  async drops(project: SentProject, path: string): Promise<Problem[]> {
    const known = this.held.get(path)
    if (known && this.seen.has(path) && !(await this.changedOutside(path))) return dropsOf(known, heldBy(project))
    // Nothing is lost where there is nothing; a process that reads would only find that out.
    if (!(await this.ask(path, () => present(path)))) return []
    const reading = await opened(path, this.read([path]))
    return reading.ok ? dropsOf(heldBy(reading.value.project), heldBy(project)) : []
  }
  /** Whether the file is another one than the one last opened or saved here. */
  async changedOutside(path: string): Promise<boolean> {
    // What is being written here is no change of another program's.
    await this.writing
    return this.differs(path)
  }
  /** Asks the disk of a file that is to be saved. @throws TextError when it does not answer */
  private ask<T>(path: string, work: () => Promise<T>, bytes = 0): Promise<T> {
    return answered({ path, said: SAVING, doing: 'write', bytes }, work)
  }
  private async differs(path: string): Promise<boolean> {
    const known = this.seen.get(path)
    if (known === undefined) return false
    try {
      // A pipe would wait for somebody who writes into it, and no project is larger than what is ever opened.
      const found = await this.ask(path, () => stat(path))
      if (!found.isFile() || found.size > LIMITS.file) return true
      const stamp = await this.ask(path, () => stampOf(path))
      if (stamp && stamp === known.stamp) return false
      if (sum(await this.ask(path, () => readFile(path), found.size)) !== known.sum) return true
      // Touched, copied or restored, but the same.
      known.stamp = stamp
      return false
    } catch (error) {
      if (error instanceof TextError) throw error
      // One that is gone takes nothing with it; one that cannot be read may be anybody's.
      return !['ENOENT', 'ENOTDIR'].includes(codeOf(error))
    }
  }
  /** Where a save will keep what is there, and what is kept there so far; undefined when nothing is there. */
  private async keptOf(path: string): Promise<Kept | undefined> {
    try {
      const backup = backupName(await this.ask(path, () => realpath(path)))
      return { backup, id: await this.ask(path, () => identityOf(backup)) }
    } catch {
      return undefined
    }
  }
  /** Whether a save has kept another version than the one seen before it. */
  private async isOther({ backup, id }: Kept, known: Seen): Promise<boolean> {
    const now = await this.ask(backup, () => identityOf(backup))
    if (!now || now === id || known.stamp.startsWith(`${now},`)) return false
    return sum(await this.ask(backup, () => readFile(backup))) !== known.sum
  }
}
