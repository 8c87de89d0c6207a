import type { Problem } from '../../../base/problems'
import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { fault } from './faults'

/** How often one text occurs in another. */
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
    `line ${line}, character ${character}: there is binary data (${counted(zeros, 'zero byte')}), not text: is the file damaged? Save it as CSV in UTF-8`,
    `第 ${line} 行第 ${character} 个字符：有二进制数据（${zeros} 个零字节），而非文本：文件是否已损坏？请另存为 UTF-8 的 CSV`
  )
}
/** The problem of a text in which Git left both sides of a conflict; undefined of others. */
export function conflict(text: string): Problem | undefined {
  const m = /^<{7}(?: .*)?$/m.exec(text)
  if (!m || !/^={7}$/m.test(text) || !/^>{7}(?: .*)?$/m.test(text)) return undefined
  const line = count(text.slice(0, m.index), '\n') + 1
  return fault(
    `line ${line}: Git left both sides of a conflict here (<<<<<<<, =======, >>>>>>>): keep one of them`,
    `第 ${line} 行：Git 在此留下了冲突的两个版本（<<<<<<<、=======、>>>>>>>）：请只保留其一`
  )
}
/** The remark on characters that whoever wrote the text could not write. */
export function lostCharacters(text: string): Remark {
  const lost = count(text, '\ufffd')
  const line = count(text.slice(0, text.indexOf('\ufffd')), '\n') + 1
  return remark(
    'encoding',
    `${counted(lost, 'character is', 'characters are')} lost (shown as �), first in line ${line}: words that differed in them are the same now; save the table anew from where it comes, as UTF-8`,
    `丢失了 ${lost} 个字符（显示为 �），首个在第 ${line} 行：仅因这些字符而不同的词现已相同；请从来源重新保存为 UTF-8`,
    { line, count: lost }
  )
}
/** The remark on UTF-8 that was taken for Latin-1 and encoded once more: Ã¤ for ä. */
export function encodedTwice(text: string): Remark[] {
  if (!/[ÂÃâ]/.test(text)) return []
  const broken = text.match(/Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â[\u00a0-\u00bf]|â€[™œ\u009d“”¦¢]/g) ?? []
  if (!broken.length) return []
  const line = count(text.slice(0, text.indexOf(broken[0]!)), '\n') + 1
  return [
    remark(
      'encoding',
      `${counted(broken.length, 'place looks', 'places look')} like letters that were encoded twice, such as ${JSON.stringify(broken[0])} in line ${line}: words stay as they are in the file; save it anew from where it comes, as UTF-8`,
      `${broken.length} 处像是被重复编码的字符，如第 ${line} 行的 ${JSON.stringify(broken[0])}：文字保持文件中的样子；请从来源重新保存为 UTF-8`,
      { line, count: broken.length }
    )
  ]
}
/** The lines of a text of which each stands in quotes as a whole, with separators inside; undefined of others. */
export function unwrapLines(text: string): string | undefined {
  const lines = text.split('\n').filter((l) => l.trim() !== '')
  if (lines.length < 2 || !lines.every((l) => WRAPPED.test(l.trim()))) return undefined
  return lines.map((l) => l.trim().slice(1, -1).replaceAll('""', '"')).join('\n') + '\n'
}
const WRAPPED = /^"(?:[^"]|"")*[,;\t|](?:[^"]|"")*"$/
