import type { Problem } from '../../../base/problems'
import { fault } from './faults'

/** How often one text stands in another. */
export const count = (text: string, what: string): number => text.split(what).length - 1
/** The problem of a byte 0, which text does not hold. */
export function zeroByte(text: string): Problem {
  const before = text.slice(0, text.indexOf('\0'))
  const zeros = count(text, '\0')
  if (zeros * 100 > text.length && zeros > 20)
    return fault('holds binary data, not text: save it as CSV in UTF-8', '是二进制数据而非文本：请另存为 UTF-8 的 CSV')
  const line = count(before, '\n') + 1
  const character = before.length - before.lastIndexOf('\n')
  return fault(
    `line ${line}, character ${character}: there is binary data (${zeros} zero byte(s)), not text: is the file damaged? Save it as CSV in UTF-8`,
    `第 ${line} 行第 ${character} 个字符：有二进制数据（${zeros} 个零字节），而非文本：文件是否已损坏？请另存为 UTF-8 的 CSV`
  )
}
/** The lines of a text of which each stands in quotes as a whole, with separators inside; undefined of others. */
export function unwrapLines(text: string): string | undefined {
  const lines = text.split('\n').filter((l) => l.trim() !== '')
  if (lines.length < 2 || !lines.every((l) => WRAPPED.test(l.trim()))) return undefined
  return lines.map((l) => l.trim().slice(1, -1).replaceAll('""', '"')).join('\n') + '\n'
}
const WRAPPED = /^"(?:[^"]|"")*[,;\t|](?:[^"]|"")*"$/
