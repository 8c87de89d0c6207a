import { InputError, problem } from '../../../base/problems'
import type { Attachment, Attachments, DataContext } from '../types'
import { looksLikeIdx } from './idx'

/**
 * Gives data sets access to the files that come with an experiment.
 * @param meant what its loss and output are made for @param held share of the examples that validation has
 */
export const dataContext = (
  seed: number,
  files: Attachments,
  meant?: DataContext['meant'],
  held?: number
): DataContext => ({
  seed,
  ...(meant && { meant }),
  ...(held !== undefined && { held }),
  readFile(name, path) {
    const refuse = (en: string, zh: string): InputError => new InputError([problem(path, en, zh)])
    if (!name) throw refuse('names no file yet', '尚未指定文件')
    if (!Object.prototype.hasOwnProperty.call(files, name))
      throw refuse(`the file "${name}" is not in this project: open it again`, `项目中没有文件“${name}”：请重新打开`)
    return files[name]!
  }
})

/** Which kind of field a file can be given to. */
export const roleOf = (content: Attachment): 'file' | 'binary' =>
  typeof content !== 'string' && looksLikeIdx(content) ? 'binary' : 'file'
