import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** Bytes of memory that a process holds. Undefined where this system does not tell, or the process has ended. */
export async function heldBy(pid: number): Promise<number | undefined> {
  let told: string | undefined
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    told = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]
  } else if (process.platform !== 'win32')
    told = await new Promise<string>((resolve) =>
      execFile('ps', ['-o', 'rss=', '-p', String(pid)], (_error, stdout) => resolve(stdout.trim()))
    )
  return told && /^\d+$/.test(told) ? 1024 * Number(told) : undefined
}
