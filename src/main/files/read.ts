import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Attachment } from '@shared/catalog/datasets'
import { asAttachment } from '@shared/catalog/datasets/parts/tableFile'
import { LIMITS, readProject, type Reading } from '@shared/project'
import { InputError, problem } from '@shared/base/problems'
import { codeOf, noFile, systemText } from '@shared/base/system'
import type { Text } from '@shared/base/text'
import { fileProblem } from './safeWrite'

export const OPENING: Text = { en: 'could not be opened', zh: '无法打开' }
const MB = 2 ** 20
/** The largest table that is read. */
const MAX_TABLE = 256 * MB
/** The largest file of bytes, and what several of them may have together. */
const MAX_BINARY = 512 * MB
const MAX_BINARIES = 1024 * MB

const tooLarge = (path: string, limit: number): InputError =>
  new InputError([
    problem(
      basename(path),
      `could not be opened: it is larger than ${limit / MB} MB`,
      `无法打开：文件大于 ${limit / MB} MB`
    )
  ])
async function readLimited(path: string, limit: number): Promise<Buffer> {
  try {
    const info = await stat(path)
    if (!info.isFile()) throw noFile(info)
    if (info.size > limit) throw tooLarge(path, limit)
    return await readFile(path)
  } catch (error) {
    if (error instanceof InputError || codeOf(error) !== 'ENOENT')
      throw error instanceof InputError ? error : fileProblem(path, error, OPENING, 'read')
    const name = basename(path)
    // What stands for bytes that are no UTF-8: the system's own name of the file cannot be told from it.
    const why: Text = path.includes('\ufffd')
      ? {
          en: 'its name, or that of a folder above it, has bytes that are not UTF-8; rename it, then open it again',
          zh: '其名称或上级文件夹的名称含有非 UTF-8 字节；请重命名后再打开'
        }
      : systemText(error, 'read')
    throw new InputError([
      problem(name, `${name} ${OPENING.en}: ${why.en}`, `${name} ${OPENING.zh}：${why.zh}`, { code: 'fileNotFound' })
    ])
  }
}
/** SHA-256 of a file's content. */
export const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Whatever is read of files that others may have made. All reject with InputError or TextError. */
export const readers = {
  /** A project, as far as it is whole, and the sum of its file. */
  async project([path]: readonly string[]): Promise<Reading & { sum: string }> {
    const bytes = await readLimited(path!, LIMITS.file)
    return { ...readProject(bytes), sum: sum(bytes) }
  },
  /** A table's file, packed or not. */
  async table([path]: readonly string[]): Promise<{ name: string; content: Attachment }> {
    const bytes = await readLimited(path!, MAX_TABLE)
    return { name: basename(path!), content: asAttachment(new Uint8Array(bytes)) }
  },
  /** Files as they are, all or none. */
  async binary(paths: readonly string[]): Promise<{ name: string; bytes: Uint8Array }[]> {
    const out: { name: string; bytes: Uint8Array }[] = []
    let total = 0
    for (const path of paths) {
      const bytes = await readLimited(path, MAX_BINARY)
      total += bytes.length
      if (total > MAX_BINARIES) throw tooLarge(path, MAX_BINARIES)
      out.push({ name: basename(path), bytes: new Uint8Array(bytes) })
    }
    return out
  }
}
export type Readers = typeof readers
