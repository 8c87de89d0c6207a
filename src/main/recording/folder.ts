import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecording } from '../paths'

/** Milliseconds between two looks. A folder on another machine tells of no changes. */
const LOOK = 1000

/** Notices recordings that begin in a folder. */
export class FolderWatch {
  private timer: ReturnType<typeof setInterval> | undefined

  /** @param began hears the path of each */
  constructor(private readonly began: (path: string) => void) {}

  /** Watches this folder, in place of the one before. Rejects when it can't be read. */
  async watch(folder: string): Promise<void> {
    const list = async (): Promise<string[]> => (await readdir(folder)).filter(isRecording)
    const seen = new Set(await list())
    clearInterval(this.timer)
    this.timer = setInterval(() => {
      // A folder that is gone for a moment, such as one on another machine, is looked at again.
      void list().then(
        (names) => {
          for (const name of names.filter((n) => !seen.has(n))) {
            seen.add(name)
            this.began(join(folder, name))
          }
        },
        () => undefined
      )
    }, LOOK)
    this.timer.unref?.()
  }
}
