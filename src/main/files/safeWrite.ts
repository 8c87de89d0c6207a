import * as nodeFs from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { InputError } from '@shared/base/problems'
import { codeOf, noFile, systemText, type Doing } from '@shared/base/system'
import { TextError } from '@shared/ipc/errors'
import type { Text } from '@shared/base/text'
import { backupName, besides, tidy } from './names'

/** The part of node:fs/promises that saving uses; tests put failing disks in its place. */
export type Disk = Pick<
  typeof nodeFs,
  'open' | 'readFile' | 'rename' | 'link' | 'copyFile' | 'unlink' | 'realpath' | 'stat' | 'lstat' | 'chmod'
>

/**
 * A file error in words for a person. @param said what could not be done. @param doing whether it was read or written
 */
export function fileProblem(path: string, error: unknown, said: Text, doing: Doing = 'write'): TextError {
  const why = systemText(error, doing)
  return new TextError({
    en: `${basename(path)} ${said.en}: ${why.en}`,
    zh: `${basename(path)} ${said.zh}：${why.zh}`
  })
}

export const SAVING: Text = { en: 'could not be saved', zh: '无法保存' }

/**
 * The file behind `path` and its permissions, if it is there. @throws for a link to nothing, a read-only file, and
 * anything that is no file: a pipe or a device would be replaced by one
 */
async function targetOf(path: string, disk: Disk): Promise<{ target: string; mode?: number }> {
  try {
    const target = await disk.realpath(path)
    const found = await disk.stat(target)
    if (!found.isFile()) throw noFile(found)
    const mode = found.mode & 0o777
    // A rename over it asks nobody: the folder's permissions alone count.
    if (!(mode & 0o222)) throw Object.assign(new Error('read-only'), { code: 'EMARKED' })
    return { target, mode }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw fileProblem(path, error, SAVING)
  }
  // Nobody is there to be asked about a link when the app writes its own files: refused, not replaced.
  const link = await disk.lstat(path).catch(() => undefined)
  if (link?.isSymbolicLink())
    throw new TextError({
      en: `${basename(path)} ${SAVING.en}: it is a link to a file that is not there; the disk it leads to may be away. Save under another name, or remove the link`,
      zh: `${basename(path)} ${SAVING.zh}：它是一个链接，所指文件不存在；其所在磁盘可能未连接。请另存为其他名称，或删除该链接`
    })
  return { target: path }
}
/** Gives a `.bak` of something else a name of its own. */
async function putAside(target: string, disk: Disk): Promise<void> {
  const there = (path: string): Promise<boolean> =>
    disk.lstat(path).then(
      () => true,
      () => false
    )
  if (!(await there(backupName(target)))) return
  let n = 1
  while (await there(backupName(target, n))) n++
  await disk.rename(backupName(target), backupName(target, n))
}

/**
 * Puts `bytes` at `path` so that at every moment, whatever fails or whoever pulls the plug, `path` holds either all of
 * the old or all of the new: temporary file in the same folder → write → flush → read back and compare → old one kept
 * as `.bak` → rename over it → flush the folder. A link is followed. @param options `backup: 'aside'` keeps a `.bak`
 * that is there already under a numbered name. `meanwhile` looks at the bytes while the disk takes them; an InputError
 * of it is passed on. @throws TextError with the cause; the old file is untouched then.
 */
export async function safeWrite(
  path: string,
  bytes: Uint8Array,
  options: { backup?: boolean | 'aside'; disk?: Disk; meanwhile?: () => void } = {}
): Promise<void> {
  const disk = options.disk ?? nodeFs
  const { target, mode } = await targetOf(path, disk)
  const folder = dirname(target)
  const temp = besides(target, 'tmp')
  const spare = besides(target, 'bak')
  const old = mode !== undefined
  try {
    const file = await disk.open(temp, 'wx', 0o666)
    try {
      await file.writeFile(bytes)
      const flushed = file.sync().catch(unlessNone)
      try {
        options.meanwhile?.()
      } finally {
        await flushed
      }
    } finally {
      await file.close()
    }
    if (mode !== undefined) await disk.chmod(temp, mode).catch(unlessNone)
    if (Buffer.compare(await disk.readFile(temp), bytes))
      throw Object.assign(new Error('read-back differs'), { code: 'EMISMATCH' })
    if (old && options.backup) {
      // A second name for the old file, so that `path` is there at every moment; file systems without such names get a
      // copy.
      await disk.link(target, spare).catch(() => disk.copyFile(target, spare))
      if (options.backup === 'aside') await putAside(target, disk)
      await disk.rename(spare, backupName(target))
    }
    await disk.rename(temp, target)
  } catch (error) {
    await disk.unlink(temp).catch(() => {})
    await disk.unlink(spare).catch(() => {})
    throw error instanceof InputError ? error : fileProblem(path, error, SAVING)
  }
  await flushFolder(folder, disk)
  await tidy(folder)
}
/** Some disks, such as those of other machines, have no permissions or no way to flush. @throws any other error */
function unlessNone(error: unknown): void {
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'].includes(codeOf(error))) throw error
}

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
