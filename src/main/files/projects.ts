import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Attachment } from '@shared/catalog/datasets'
import { asAttachment } from '@shared/catalog/datasets/parts/tableFile'
import type { Opened, Saved } from '@shared/ipc/app'
import type { Project } from '@shared/project/types'
import { errorToData } from '@shared/ipc/errors'
import { decodeProject, encodeProject, LIMITS } from '@shared/project'
import { InputError, problem, type Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'
import { fileProblem, safeWrite } from './safeWrite'

const OPENING: Text = { en: 'could not be opened', zh: '无法打开' }
/** The largest table that is read. */
const MAX_TABLE = 256 * 2 ** 20
/** The largest file of bytes. */
const MAX_BINARY = 512 * 2 ** 20

export function problemsOf(path: string, error: unknown): Problem[] {
  const { message, problems } = errorToData(error)
  return problems.length ? problems : [{ path: basename(path), message }]
}
async function readLimited(path: string, limit: number): Promise<Buffer> {
  try {
    const info = await stat(path)
    if (!info.isFile()) throw Object.assign(new Error('not a file'), { code: 'EISDIR' })
    if (info.size > limit) throw new Error(`it is larger than ${Math.round(limit / 2 ** 20)} MB`)
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      const name = basename(path)
      const [en, zh] = [`${name} ${OPENING.en}: it does not exist any more`, `${name} ${OPENING.zh}：文件已不存在`]
      throw new InputError([problem(name, en, zh, { code: 'fileNotFound' })])
    }
    throw fileProblem(path, error, OPENING)
  }
}

/** Project files on disk; notices when another program has changed one since. */
export class ProjectFiles {
  private readonly seen = new Map<string, string>()
  /** Files whose `.bak`, if there is one, is an earlier version of the same project: the next save may replace it. */
  private readonly ownBackup = new Set<string>()

  async open(path: string): Promise<Opened<Project>> {
    try {
      const bytes = await readLimited(path, LIMITS.file)
      const value = decodeProject(bytes)
      this.seen.set(path, sum(bytes))
      this.ownBackup.add(path)
      return { ok: true, path, value }
    } catch (error) {
      return { ok: false, path, problems: problemsOf(path, error) }
    }
  }
  async save(project: Project, path: string): Promise<Saved> {
    try {
      const bytes = encodeProject(project)
      // What can't be opened again is not worth the old file.
      decodeProject(bytes)
      // Read before the write makes it ours.
      const same = this.seen.has(path) && !(await this.changedOutside(path))
      await safeWrite(path, bytes, { backup: this.ownBackup.has(path) ? true : 'aside' })
      // What was replaced is kept until a version of this project is: another one's is not the next save's to replace.
      if (same) this.ownBackup.add(path)
      else this.ownBackup.delete(path)
      this.seen.set(path, sum(bytes))
      return { ok: true, path }
    } catch (error) {
      return { ok: false, problems: problemsOf(path, error) }
    }
  }
  /** Whether the file is another one than the one last opened or saved here. */
  async changedOutside(path: string): Promise<boolean> {
    const known = this.seen.get(path)
    if (known === undefined) return false
    try {
      return sum(await readFile(path)) !== known
    } catch {
      return false
    }
  }
}
const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Files as they are, all or none. */
export async function openBinary(paths: readonly string[]): Promise<Opened<{ name: string; bytes: Uint8Array }[]>> {
  const value: { name: string; bytes: Uint8Array }[] = []
  for (const path of paths)
    try {
      value.push({ name: basename(path), bytes: new Uint8Array(await readLimited(path, MAX_BINARY)) })
    } catch (error) {
      return { ok: false, path, problems: problemsOf(path, error) }
    }
  return { ok: true, path: paths[0]!, value }
}

/** A table's file, packed or not. */
export async function openTable(path: string): Promise<Opened<{ name: string; content: Attachment }>> {
  try {
    const bytes = await readLimited(path, MAX_TABLE)
    return { ok: true, path, value: { name: basename(path), content: asAttachment(new Uint8Array(bytes)) } }
  } catch (error) {
    return { ok: false, path, problems: problemsOf(path, error) }
  }
}
