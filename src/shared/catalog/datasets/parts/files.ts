import { InputError } from '../../../base/problems'
import type { Attachment, Attachments, DataContext } from '../types'

/** Gives data sets access to the files that come with an experiment. */
export function dataContext(seed: number, files: Attachments): DataContext {
  function read<T extends Attachment>(
    name: string,
    path: string,
    fits: (content: Attachment) => content is T,
    what: { en: string; zh: string }
  ): T {
    const refuse = (en: string, zh: string): InputError => new InputError([{ path, message: { en, zh } }])
    if (!name) throw refuse(`names no file yet: open or drop ${what.en}`, `尚未选择文件：请打开或拖入${what.zh}`)
    if (!Object.prototype.hasOwnProperty.call(files, name))
      throw refuse(
        `"${name}" is not in this project: open it again, or drop it here`,
        `项目中没有“${name}”：请重新打开或拖入`
      )
    const content = files[name]!
    if (!fits(content)) throw refuse(`"${name}" is not ${what.en}`, `“${name}”不是${what.zh}`)
    return content
  }
  return {
    seed,
    readText: (name, path = 'data.dataset.file') =>
      read(name, path, (c): c is string => typeof c === 'string', { en: 'a table (CSV)', zh: '表格（CSV）' }),
    readBytes: (name, path = 'data.dataset.images') =>
      read(name, path, (c): c is Uint8Array => typeof c !== 'string', { en: 'an IDX file', zh: ' IDX 文件' })
  }
}
