import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { wallClock } from '@shared/base/clock'
import type { Opened, RecoveredWork, TakenWork } from '@shared/ipc/app'
import { decodeProject } from '@shared/project'
import { problem } from '@shared/base/problems'
import { codeOf } from '@shared/base/system'
import { log } from '../log'
import { JOURNAL } from './journal'
import { DOCUMENT, readDocument, readJournal, runsIn, tooNew, type ReadJournal } from './journal/read'
import { problemsOf } from './projects'

type Looked = Pick<RecoveredWork, 'name' | 'time' | 'runs' | 'problems'>
/** Days for which work that was declined stays. */
const DAYS = 30
const DAY = 86_400_000
/**
 * Milliseconds that the time between two sessions counts for at most. A clock that was wrong, or is, must not end work:
 * 30 days of it are at least five sessions.
 */
const MOST = 7 * DAY
/** Beside work that was declined lies a file of its name with this ending: how long it has lain, and when seen. */
const MARK = '.declined'
interface Mark {
  /** Milliseconds since the answer, as counted. */
  age: number
  /** When that was counted, milliseconds since 1970. */
  seen: number
}

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
    private readonly now: () => number = wallClock
  ) {}

  /** The newest first. */
  async list(): Promise<RecoveredWork[]> {
    const declined = await this.declined()
    const names = await this.names()
    const all: RecoveredWork[] = []
    for (const id of names) {
      if (this.isOwn(id)) continue
      const isJournal = JOURNAL.test(id)
      if (!isJournal && !/^unsaved-.*\.gclinic$/.test(id)) continue
      const entry = { id, file: join(this.folder, id), declined: declined.has(id) }
      const looked = await (isJournal ? this.lookInto(entry.file) : this.lookAt(id)).catch((error: unknown) =>
        codeOf(error) === 'ENOENT' ? undefined : { name: id, time: 0, runs: 0, problems: problemsOf(entry.file, error) }
      )
      // What was removed while it was looked at is not there.
      if (!looked) continue
      if (looked.problems) log('error', `${entry.file} cannot be read:`, looked.problems[0]?.message.en)
      all.push({ ...entry, ...looked })
    }
    return all.sort((a, b) => b.time - a.time)
  }
  /** It is wanted after all: it is offered again, should this session end badly, too. */
  async want(id: string): Promise<void> {
    await rm(this.fileOf(id) + MARK, { force: true })
  }
  /** Reads it; it stays where it is. */
  async take(id: string): Promise<Opened<TakenWork & Pick<ReadJournal, 'sum'>>> {
    const file = this.fileOf(id)
    try {
      if (JOURNAL.test(id)) return { ok: true, path: file, value: { ...(await readJournal(file)), key: id } }
      return { ok: true, path: file, value: { project: decodeProject(await readFile(file)), path: null } }
    } catch (error) {
      return { ok: false, path: file, problems: problemsOf(file, error) }
    }
  }
  /** The person does not want it now: it is not offered again, but stays for a while. */
  async decline(id: string): Promise<void> {
    await this.mark(id, { age: 0, seen: this.now() })
  }
  async delete(id: string): Promise<void> {
    await rm(this.fileOf(id), { recursive: true, force: true })
    await rm(this.fileOf(id) + MARK, { force: true })
  }

  /** A journal, by its small file. @returns undefined for one in which everything is saved, which goes */
  private async lookInto(folder: string): Promise<Looked | undefined> {
    const document = await readDocument(folder)
    const runs = await runsIn(folder)
    const timeOf = (name: string): Promise<number> =>
      stat(join(folder, name)).then(
        (s) => s.mtimeMs,
        () => 0
      )
    const saved = await timeOf(DOCUMENT)
    const times = await Promise.all(runs.map((id) => timeOf(`${id}.run`)))
    const found = { name: document?.name ?? basename(folder), time: Math.max(saved, ...times), runs: runs.length }
    const newer = document && tooNew(document)
    if (newer) return { ...found, problems: [newer] }
    // A run that has begun since is not in what was saved.
    const hasBegun = runs.some((id, i) => times[i]! > saved && !document?.runs.some((run) => run.id === id))
    if (document && !document.dirty && !hasBegun) {
      await rm(folder, { recursive: true, force: true })
      return undefined
    }
    if (document || runs.length) return found
    const names = await readdir(folder)
    if (!names.length) {
      await rm(folder, { recursive: true, force: true })
      return undefined
    }
    return { ...found, problems: [problem(folder, 'nothing in it can be read', '其中的内容均无法读取')] }
  }
  private async lookAt(id: string): Promise<Looked> {
    const { mtimeMs } = await stat(this.fileOf(id))
    const opened = await this.take(id)
    if (opened.ok) return { name: opened.value.project.name, time: mtimeMs, runs: opened.value.project.runs.length }
    return { name: id, time: mtimeMs, runs: 0, problems: opened.canceled ? [] : opened.problems }
  }
  private names(): Promise<string[]> {
    return readdir(this.folder).catch(() => [])
  }
  private fileOf(id: string): string {
    return join(this.folder, basename(id))
  }
  private mark(id: string, mark: Mark): Promise<void> {
    return writeFile(this.fileOf(id) + MARK, JSON.stringify(mark))
  }
  /** Of a mark that can't be read, its file's time counts: earlier programs left empty ones. */
  private async markOf(id: string): Promise<Mark> {
    const path = this.fileOf(id) + MARK
    try {
      const { age, seen } = JSON.parse(await readFile(path, 'utf8')) as Mark
      if (Number.isFinite(age) && Number.isFinite(seen)) return { age, seen }
    } catch {
      // Empty, or torn.
    }
    return { age: 0, seen: (await stat(path)).mtimeMs }
  }
  /** Those that were declined; those whose time is up are deleted. */
  private async declined(): Promise<Set<string>> {
    const declined = new Set<string>()
    for (const name of await this.names()) {
      if (!name.endsWith(MARK)) continue
      const id = name.slice(0, -MARK.length)
      const before = await this.markOf(id)
      const now = this.now()
      const age = before.age + Math.min(MOST, Math.max(0, now - before.seen))
      if (age > DAYS * DAY) {
        await this.delete(id)
        continue
      }
      declined.add(id)
      // A full disk only means that less is counted.
      await this.mark(id, { age, seen: now }).catch(() => undefined)
    }
    return declined
  }
}
