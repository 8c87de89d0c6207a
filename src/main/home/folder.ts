import { randomBytes } from 'node:crypto'
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileProblem } from '../files/safeWrite'

/**
 * Writes files as a new folder, all of them or none: into a hidden one beside it, which then gets its name.
 * @param parent folder that is there
 * @param name wanted; where there is something of that name, with a number
 * @returns the folder's path
 * @throws TextError with the cause; nothing is left behind then
 */
export async function writeFolder(
  parent: string,
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>
): Promise<string> {
  const temp = join(parent, `.${name}-${randomBytes(4).toString('hex')}`)
  const isThere = (path: string): Promise<boolean> =>
    lstat(path).then(
      () => true,
      () => false
    )
  try {
    await mkdir(temp)
    for (const [file, content] of Object.entries(files)) await writeFile(join(temp, file), content)
    let path = join(parent, name)
    for (let n = 2; await isThere(path); n++) path = join(parent, `${name}-${n}`)
    await rename(temp, path)
    return path
  } catch (error) {
    await rm(temp, { recursive: true, force: true }).catch(() => undefined)
    throw fileProblem(join(parent, name), error, { en: 'could not be saved', zh: '无法保存' })
  }
}
