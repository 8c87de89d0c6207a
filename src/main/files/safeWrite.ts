import { createHash } from 'node:crypto'
import * as nodeFs from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { TextError } from '@shared/ipc/errors'
import type { Text } from '@shared/base/text'

/** The part of node:fs/promises that saving uses; tests put failing disks in its place. */
export type Disk = Pick<
  typeof nodeFs,
  'open' | 'readFile' | 'rename' | 'link' | 'copyFile' | 'unlink' | 'realpath' | 'stat' | 'chmod'
>

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | null)?.code ?? '')

const CAUSES: Record<string, Text> = {
  ENOSPC: { en: 'the disk is full', zh: '磁盘已满' },
  EDQUOT: { en: 'your disk quota is used up', zh: '磁盘配额已用完' },
  EFBIG: { en: 'the file is larger than is allowed there', zh: '文件超出允许的大小' },
  EACCES: { en: 'the folder cannot be written to', zh: '该文件夹不可写' },
  EPERM: { en: 'the folder cannot be written to', zh: '该文件夹不可写' },
  EROFS: { en: 'the disk is read-only', zh: '磁盘为只读' },
  ENOENT: { en: 'the folder does not exist any more', zh: '该文件夹已不存在' },
  ENOTDIR: { en: 'the folder does not exist any more', zh: '该文件夹已不存在' },
  EISDIR: { en: 'a folder has this name', zh: '已有同名文件夹' },
  ENAMETOOLONG: { en: 'the name is too long', zh: '名称过长' },
  EIO: { en: 'the disk reports an error', zh: '磁盘报告错误' },
  EMISMATCH: {
    en: 'what was read back is not what was written; the disk is full or faulty',
    zh: '读回内容与写入内容不同：磁盘已满或有故障'
  }
}
/** A file error in words for a person. */
export function fileProblem(path: string, error: unknown, doing: Text): TextError {
  const cause = CAUSES[codeOf(error)] ?? { en: (error as Error).message, zh: (error as Error).message }
  return new TextError({
    en: `${basename(path)} ${doing.en}: ${cause.en}`,
    zh: `${basename(path)} ${doing.zh}：${cause.zh}`
  })
}

/**
 * Puts `bytes` at `path` so that at every moment, whatever fails or whoever pulls the plug, `path` holds either all of
 * the old or all of the new: temporary file in the same folder → write → flush → read back and compare → old one kept
 * as `.bak` → rename over it → flush the folder. A link is followed. @throws TextError with the cause; the old file is
 * untouched then.
 */
export async function safeWrite(
  path: string,
  bytes: Uint8Array,
  options: { backup?: boolean; disk?: Disk } = {}
): Promise<void> {
  const disk = options.disk ?? nodeFs
  let target = path
  let mode: number | undefined
  try {
    target = await disk.realpath(path)
    mode = (await disk.stat(target)).mode & 0o777
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw fileProblem(path, error, SAVING)
  }
  const folder = dirname(target)
  const unique = `${process.pid}-${Date.now().toString(36)}`
  const temp = join(folder, `.${basename(target)}.${unique}.tmp`)
  const spare = join(folder, `.${basename(target)}.${unique}.bak`)
  const old = mode !== undefined
  try {
    const file = await disk.open(temp, 'wx', 0o666)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    if (mode !== undefined) await disk.chmod(temp, mode)
    if (hash(await disk.readFile(temp)) !== hash(bytes))
      throw Object.assign(new Error('read-back differs'), { code: 'EMISMATCH' })
    if (old && options.backup) {
      // A second name for the old file, so that `path` is there at every moment; file systems without such names get a
      // copy.
      await disk.link(target, spare).catch(() => disk.copyFile(target, spare))
      await disk.rename(spare, `${target}.bak`)
    }
    await disk.rename(temp, target)
  } catch (error) {
    await disk.unlink(temp).catch(() => {})
    await disk.unlink(spare).catch(() => {})
    throw fileProblem(path, error, SAVING)
  }
  await flushFolder(folder, disk)
}
const SAVING: Text = { en: 'could not be saved', zh: '无法保存' }

/** Makes the rename last through a power cut; not every system has it, and the file is safe without. */
async function flushFolder(folder: string, disk: Disk): Promise<void> {
  try {
    const handle = await disk.open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // Windows can't open a folder.
  }
}
