import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Opened, RecoveredWork, TakenWork } from '@shared/ipc/app'
import { decodeProject } from '@shared/project'
import { log } from '../log'
import { problemsOf } from './projects'

/** Days for which work that was declined stays. */
const DAYS = 30
const DAY = 86_400_000
/** Beside work that was declined lies an empty file of its name with this ending, as old as the answer. */
const MARK = '.declined'

/**
 * Work that sessions left behind which ended without saving. It goes only when a person deletes it, or 30 days after it
 * was declined.
 */
export class RecoveredFiles {
  /**
   * @param folder where the backups lie
   * @param isOwn whether something in it belongs to this session
   */
  constructor(
    private readonly folder: string,
    private readonly isOwn: (name: string) => boolean,
    private readonly now: () => number = Date.now
  ) {}

  /** The newest first. */
  async list(): Promise<RecoveredWork[]> {
    const declined = await this.declined()
    const names = await this.names()
    const all: RecoveredWork[] = []
    for (const id of names) {
      if (!/^unsaved-.*\.gclinic$/.test(id) || this.isOwn(id)) continue
      const file = join(this.folder, id)
      const time = (await stat(file)).mtimeMs
      const opened = await this.take(id)
      const problems = !opened.ok && !opened.canceled ? opened.problems : undefined
      if (problems) log('error', `${file} cannot be read:`, problems[0]?.message.en)
      all.push({
        id,
        file,
        time,
        name: opened.ok ? opened.value.project.name : id,
        runs: opened.ok ? opened.value.project.runs.length : 0,
        declined: declined.has(id),
        ...(problems && { problems })
      })
    }
    return all.sort((a, b) => b.time - a.time)
  }
  /** It is wanted after all: it is offered again, should this session end badly, too. */
  async want(id: string): Promise<void> {
    await rm(this.fileOf(id) + MARK, { force: true })
  }
  /** Reads it; it stays where it is. */
  async take(id: string): Promise<Opened<TakenWork>> {
    const file = this.fileOf(id)
    try {
      return { ok: true, path: file, value: { project: decodeProject(await readFile(file)), path: null } }
    } catch (error) {
      return { ok: false, path: file, problems: problemsOf(file, error) }
    }
  }
  /** The person does not want it now: it is not offered again, but stays for a while. */
  async decline(id: string): Promise<void> {
    const mark = this.fileOf(id) + MARK
    await writeFile(mark, '')
    const seconds = this.now() / 1000
    await utimes(mark, seconds, seconds)
  }
  async delete(id: string): Promise<void> {
    await rm(this.fileOf(id), { recursive: true, force: true })
    await rm(this.fileOf(id) + MARK, { force: true })
  }

  private names(): Promise<string[]> {
    return readdir(this.folder).catch(() => [])
  }
  private fileOf(id: string): string {
    return join(this.folder, basename(id))
  }
  /** Those that were declined; those whose time is up are deleted. */
  private async declined(): Promise<Set<string>> {
    const declined = new Set<string>()
    for (const name of await this.names()) {
      if (!name.endsWith(MARK)) continue
      const id = name.slice(0, -MARK.length)
      if (this.now() - (await stat(join(this.folder, name))).mtimeMs > DAYS * DAY) await this.delete(id)
      else declined.add(id)
    }
    return declined
  }
}
