import type { Text } from './text'

/** What the system says of a file or folder, in words. */
export interface SystemWords {
  cause: Text
  /** What to do about it; absent where nothing is known to help. */
  advice?: Text
}
/** What was being done when the system said it. */
export type Doing = 'read' | 'write'

const ELSEWHERE: Text = { en: 'choose another place', zh: '请另选位置' }
const MAKE_ROOM: Text = { en: 'make room, and try again', zh: '请腾出空间后重试' }
const A_FOLDER: SystemWords = {
  cause: { en: 'a folder has this name', zh: '已有同名文件夹' },
  advice: { en: 'remove it, or choose another place', zh: '请将其移走，或另选位置' }
}
const NO_PERMISSION: SystemWords = {
  cause: { en: 'you have no permission', zh: '没有权限' },
  advice: { en: 'change that, or choose another place', zh: '请更改权限，或另选位置' }
}
const BOTH: Readonly<Record<string, SystemWords>> = {
  ENAMETOOLONG: {
    cause: { en: 'the name is too long', zh: '名称过长' },
    advice: { en: 'choose a shorter one', zh: '请缩短' }
  },
  ELOOP: { cause: { en: 'the link leads nowhere but to itself', zh: '该链接只指向自身' } },
  EMFILE: { cause: { en: 'too many files are open', zh: '打开的文件过多' } },
  ENFILE: { cause: { en: 'too many files are open', zh: '打开的文件过多' } },
  EIO: { cause: { en: 'the disk reports an error', zh: '磁盘报告错误' } },
  ESTALE: {
    cause: { en: 'the disk of another machine has gone', zh: '另一台计算机上的磁盘已断开' },
    advice: { en: 'connect it again', zh: '请重新连接' }
  },
  ENOANSWER: {
    cause: { en: 'its disk gives no answer, and may have gone', zh: '其所在磁盘没有响应，可能已断开' },
    advice: { en: 'connect it again, or choose another place', zh: '请重新连接，或另选位置' }
  },
  ENODEV: {
    cause: { en: 'the disk has gone', zh: '磁盘已断开' },
    advice: { en: 'connect it again', zh: '请重新连接' }
  },
  ENOTFILE: {
    cause: { en: 'it is not a file, but a pipe, a socket or a device', zh: '它不是文件，而是管道、套接字或设备' },
    advice: ELSEWHERE
  }
}
const READING: Readonly<Record<string, SystemWords>> = {
  ...BOTH,
  EACCES: { cause: { en: 'you may not read it', zh: '没有读取权限' } },
  EPERM: { cause: { en: 'you may not read it', zh: '没有读取权限' } },
  ENOENT: { cause: { en: 'there is no such file', zh: '没有此文件' } },
  ENOTDIR: { cause: { en: 'there is no such file', zh: '没有此文件' } },
  EISDIR: { cause: { en: 'it is a folder', zh: '它是文件夹' } },
  ENOTFILE: { cause: BOTH['ENOTFILE']!.cause }
}
const WRITING: Readonly<Record<string, SystemWords>> = {
  ...BOTH,
  ENOSPC: { cause: { en: 'the disk is full', zh: '磁盘已满' }, advice: MAKE_ROOM },
  EDQUOT: { cause: { en: 'your disk quota is used up', zh: '磁盘配额已用完' }, advice: MAKE_ROOM },
  EFBIG: { cause: { en: 'the file is larger than is allowed there', zh: '文件超出允许的大小' }, advice: ELSEWHERE },
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: { cause: { en: 'the disk is read-only', zh: '磁盘为只读' }, advice: ELSEWHERE },
  ENOENT: { cause: { en: 'the folder does not exist', zh: '文件夹不存在' }, advice: ELSEWHERE },
  ENOTDIR: {
    cause: { en: 'a file has the name of the folder, or of one above it', zh: '该文件夹或其上级与某个文件同名' },
    advice: ELSEWHERE
  },
  EEXIST: {
    cause: { en: 'something else has this name', zh: '已有同名项' },
    advice: { en: 'remove it, or choose another place', zh: '请将其移走，或另选位置' }
  },
  EISDIR: A_FOLDER,
  ENOTEMPTY: A_FOLDER,
  EMARKED: {
    cause: { en: 'the file is marked as read-only', zh: '该文件标记为只读' },
    advice: { en: 'allow writing to it, or save under another name', zh: '请允许写入，或另存为其他名称' }
  },
  EMISMATCH: {
    cause: { en: 'what was read back is not what was written', zh: '读回内容与写入内容不同' },
    advice: { en: 'the disk is full or faulty: choose another', zh: '磁盘已满或有故障：请另选磁盘' }
  }
}

/** The code of an error of the system, such as `ENOSPC`; empty of any other error. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '')

/** What `stat` says of a place. */
interface Found {
  isFile(): boolean
  isDirectory(): boolean
}
/** Whether neither a file nor a folder is there, but a pipe, a socket or a device. */
export const isStream = (found: Found): boolean => !found.isFile() && !found.isDirectory()
/** The error of a place where a file is asked for and none is: `EISDIR` of a folder, else `ENOTFILE`. */
export const noFile = (found: Found): Error & { code: string } =>
  Object.assign(new Error('no file'), { code: found.isDirectory() ? 'EISDIR' : 'ENOTFILE' })

/**
 * What an error of the file system means. Besides the system's own codes there are those of what we find out ourselves:
 * `EMARKED`, a file without permission to write; `EMISMATCH`, a file that reads otherwise than it was written;
 * `ENOTFILE`, neither a file nor a folder; `ENOANSWER`, a disk that neither answers nor fails.
 * @returns undefined of an error that is none of these
 */
export const systemWords = (error: unknown, doing: Doing): SystemWords | undefined =>
  (doing === 'read' ? READING : WRITING)[codeOf(error)]

/** Cause and advice in one text; for an error that is none of the system's, what it says itself. */
export function systemText(error: unknown, doing: Doing): Text {
  const words = systemWords(error, doing)
  if (!words) {
    const said = error instanceof Error ? error.message : String(error)
    return { en: said, zh: said }
  }
  const { cause, advice } = words
  return advice ? { en: `${cause.en}: ${advice.en}`, zh: `${cause.zh}：${advice.zh}` } : cause
}
