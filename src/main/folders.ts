import { accessSync, lstatSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Makes a folder, and those above it that are missing. Node's own `recursive` tries for ever where a folder is there in
 * which nothing can be made, such as that of homes that lie on another machine.
 * @throws what the system says
 */
export function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  if (found) throw Object.assign(new Error(`${folder} is a file`), { code: 'ENOTDIR' })
  const above = dirname(folder)
  if (above !== folder) makeFolder(above)
  mkdirSync(folder)
}

/**
 * Gives whatever has this name another one: with `.bad` at its end, and a number where that is taken.
 * @returns the new name. @throws what the system says
 */
export function putAside(path: string): string {
  let aside = `${path}.bad`
  for (let n = 2; lstatSync(aside, { throwIfNoEntry: false }); n++) aside = `${path}.${n}.bad`
  renameSync(path, aside)
  return aside
}

/**
 * A folder within the app's own. What has its name and is none is put aside: a file, or a link that leads to no folder.
 * @param tell hears of that
 * @throws what the system says
 */
export function ownFolder(within: string, name: string, tell: (what: string) => void = () => undefined): string {
  const folder = join(within, name)
  if (lstatSync(folder, { throwIfNoEntry: false }) && !isFolder(folder))
    tell(`${folder} is no folder and is put aside as ${putAside(folder)}`)
  makeFolder(folder)
  accessSync(folder)
  return folder
}
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // A link to nothing, or to itself.
    return false
  }
}
