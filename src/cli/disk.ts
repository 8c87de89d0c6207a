import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a write failed for want of room. */
export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | null)?.code ?? '')

/** What is said of it. */
export const diskFull = (dir: string): Error => new Error(`the run could not be written: the disk of ${dir} is full`)

/** Writes a file whole or not at all. @throws what the system says */
export function writeWhole(dir: string, name: string, content: string | Uint8Array): void {
  const temp = join(dir, `.${name}.${process.pid}.tmp`)
  try {
    writeFileSync(temp, content)
    renameSync(temp, join(dir, name))
  } catch (error) {
    rmSync(temp, { force: true })
    throw error
  }
}
