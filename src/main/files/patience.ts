import { dirname } from 'node:path'
import type { Doing } from '@shared/base/system'
import type { Text } from '@shared/base/text'
import { fileProblem } from './safeWrite'

/** Milliseconds that a disk may take for something small: many times what one takes that has to wake up first. */
const LEAST = 30_000
/** Bytes in a millisecond that any disk manages. */
const SLOWEST = 50
/** How many answers the disk of a folder owes for which nobody waits any more. */
const owed = new Map<string, number>()

/** What is asked of a disk. */
export interface Asked {
  /** Of the file; its folder stands for the disk. */
  path: string
  /** What fails where no answer comes, such as “could not be saved”. */
  said: Text
  doing: Doing
  /** How much is read or written. */
  bytes?: number
}

/**
 * Waits for a disk, but not for ever: one that has gone may neither answer nor fail, and each question to it holds up
 * one of the few threads by which this process reads and writes anything, backups included. So a folder that owes an
 * answer is asked nothing more until that has come.
 * @param work asks the disk. It is not called while the folder owes an answer
 * @returns what `work` gives. @throws its error, or TextError when nothing comes in time. What was begun still ends
 *   whenever the disk answers
 */
export async function answered<T>({ path, said, doing, bytes = 0 }: Asked, work: () => Promise<T>): Promise<T> {
  const folder = dirname(path)
  const none = (): Error => fileProblem(path, { code: 'ENOANSWER' }, said, doing)
  if (owed.has(folder)) throw none()
  const working = work()
  let late: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    late = setTimeout(
      () => {
        owed.set(folder, (owed.get(folder) ?? 0) + 1)
        const heard = (): void => {
          const left = owed.get(folder)! - 1
          if (left) owed.set(folder, left)
          else owed.delete(folder)
        }
        working.then(heard, heard)
        reject(none())
      },
      LEAST + bytes / SLOWEST
    )
  })
  try {
    return await Promise.race([working, tooLate])
  } finally {
    clearTimeout(late)
  }
}
