import { gunzip, isGzip } from '../../../base/gunzip'
import { InputError, problem, type Problem } from '../../../base/problems'
import type { Text } from '../../../base/text'
import { unzip, ZipError } from '../../../base/zip'
import { remember } from '../table/memo'
import type { Attachment } from '../types'
import { decodeText, encodingName, isUtf7, type Encoding, type Guess } from './encoding'
import { FORMAT_BYTES, formatOf } from './formats'
import { remark, type Remark } from './remark'

const PATH = 'data.dataset.file'
const ENCODING = 'data.dataset.encoding'
/** Bytes that a packed table may unpack to. */
const MOST = 512 * 2 ** 20

/** A table's file as text, and what was guessed on the way. */
export interface TableText {
  text: string
  remarks: Remark[]
}
const refuse = (en: string, zh: string): InputError => new InputError([problem(PATH, en, zh)])
const isZip = (file: Uint8Array): boolean => file[0] === 0x50 && file[1] === 0x4b && (file[2] === 3 || file[2] === 5)
/** What archivers add to what a person packs. */
const CLUTTER = /(^|\/)(__MACOSX\/|\.|thumbs\.db$|desktop\.ini$)|\/$/i
/** How tables are called, and what often lies beside them. */
const TABLE = /\.(?:csv|tsv|tab|txt|dat|data)$/i
const NOTES = /(?:^|\/)(?:read ?me|license|licence|copying|notice|changes)[^/]*$/i

/** What programs save as a zip of several files, told by the names in it; the first that fits. */
const ZIPS: readonly ({ of: (names: readonly string[]) => boolean } & Text)[] = [
  {
    of: (names) =>
      names.some((n) => /^xl\/workbook\.|^Index\/(?:Document|Tables\/.*)\.iwa$/.test(n)) ||
      (names.includes('mimetype') && names.includes('content.xml')),
    en: 'is a spreadsheet, not a table in text: save the sheet as CSV',
    zh: '是电子表格文件：请将工作表另存为 CSV'
  },
  {
    of: (names) => names.some((n) => /^(?:word|ppt)\//.test(n)),
    en: 'is a document of Word or PowerPoint, not a table in text: save the table as CSV',
    zh: '是 Word 或 PowerPoint 文档，而不是文本表格：请将表格另存为 CSV'
  },
  {
    of: (names) => names.some((n) => n.endsWith('.npy')),
    en: 'holds NumPy arrays (.npz): save the table as CSV',
    zh: '含 NumPy 数组（.npz）：请将表格另存为 CSV'
  },
  {
    of: (names) => names.some((n) => /(?:^|\/)(?:data\.pkl|model\.weights\.h5)$/.test(n)),
    en: 'is a model of PyTorch or Keras, not a table: open it with “Open model”; as data, choose a table',
    zh: '是 PyTorch 或 Keras 模型，而不是表格：请用“打开模型”打开；数据请选择表格'
  },
  {
    of: (names) => {
      const files = names.filter((n) => !CLUTTER.test(n))
      return files.length > 1 && files.every((n) => /\.(?:png|jpe?g|bmp|gif|tiff?|webp)$/i.test(n))
    },
    en: 'is a zip of pictures, not a table: write their pixels as a table, or as an IDX file',
    zh: '是图片的 zip，而不是表格：请将像素写成表格或 IDX 文件'
  }
]

function readZip(file: Uint8Array, most: number): { bytes: Uint8Array; name: string } {
  try {
    const { names, read } = unzip(file, { file: most, entries: 10_000, entry: most, total: 4 * most }, 'any')
    const kind = ZIPS.find(({ of }) => of(names))
    if (kind) throw refuse(kind.en, kind.zh)
    const files = names.filter((n) => !CLUTTER.test(n))
    const named = files.filter((n) => TABLE.test(n) && !NOTES.test(n))
    const tables = named.length === 1 ? named : files
    if (tables.length !== 1) {
      const shown = tables.slice(0, 10).join(', ') + (tables.length > 10 ? ' …' : '')
      throw tables.length
        ? refuse(
            `is a zip of ${tables.length} files (${shown}): unpack it, and choose one of them`,
            `是含 ${tables.length} 个文件的 zip（${shown}）：请解压后选择其中一个`
          )
        : refuse('is a zip without any file', '是不含任何文件的 zip')
    }
    return { bytes: read(tables[0]!), name: tables[0]! }
  } catch (error) {
    if (error instanceof ZipError) throw refuse(`the zip cannot be read: ${error.message}`, `无法读取 zip：${error.zh}`)
    throw error
  }
}
/** The table in a zip: the last is kept, for it is looked into first, and opened then, perhaps in several encodings. */
const fromZip = remember(1, readZip)
function unpacked(file: Uint8Array, most: number): { bytes: Uint8Array; remarks: Remark[] } {
  if (isGzip(file)) {
    const { bytes, fault } = gunzip(file, most)
    if (fault) throw refuse(fault.message.en, fault.message.zh)
    return { bytes, remarks: [remark('unpacked', 'is packed with gzip and was unpacked', '由 gzip 压缩，已解压')] }
  }
  if (!isZip(file)) return { bytes: file, remarks: [] }
  const { bytes, name } = fromZip(file, most)
  return { bytes, remarks: [remark('unpacked', `is a zip, of which "${name}" is read`, `是 zip，读取其中的“${name}”`)] }
}

/** @throws InputError that names the format, where the file's start tells that it is no table in text */
function refuseFormats(start: string, isText: boolean): void {
  const format = formatOf(start, isText)
  if (format)
    throw refuse(
      `is ${format.en}, not a table in text: save the table as CSV`,
      `是 ${format.zh}，而不是文本表格：请将表格另存为 CSV`
    )
}
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, FORMAT_BYTES))

/** Words that are shown. */
const SHOWN = 3
/** The first words as they are shown. */
const shownWords = (words: readonly string[]): string =>
  words
    .slice(0, SHOWN)
    .map((w) => JSON.stringify(w))
    .join(', ')
/** Words in each of some encodings, as a clause. */
function inEach(others: Guess['others']): Text {
  const each = others.slice(0, OTHERS).map((o) => ({ name: encodingName(o.encoding), words: shownWords(o.words) }))
  return {
    en: each.map(({ name, words }) => `in ${name.en} they are ${words}`).join('; '),
    zh: each.map(({ name, words }) => `按 ${name.zh} 为 ${words}`).join('；')
  }
}
/** Encodings that are named beside the one that was taken. */
const OTHERS = 3
/** The remark on an encoding that was guessed: how its words read, and how else they may. */
function readAs(name: Text, guess: Guess | undefined): Remark {
  const words = guess?.words.length ? ` (${shownWords(guess.words)})` : ''
  const others = guess?.others ?? []
  return remark(
    'encoding',
    `is not UTF-8 and was read as ${name.en}${words}: choose another encoding if its words look wrong${others.length ? `; ${inEach(others).en}` : ''}`,
    `不是 UTF-8，按 ${name.zh} 读取${words}：若文字不对，请选择其他编码${others.length ? `；${inEach(others).zh}` : ''}`,
    { path: ENCODING }
  )
}
/** The refusal of a text whose encoding nothing tells. */
function doubt({ others }: Guess): InputError {
  const en = others.length ? `: ${inEach(others).en}` : ', and are no words in any that is known'
  const zh = others.length ? `：${inEach(others).zh}` : '，在已知编码中都不成词'
  return new InputError([
    problem(
      ENCODING,
      `the file is not UTF-8, and its few words beyond ASCII do not tell the encoding${en}. Choose the file's encoding, or save it as UTF-8`,
      `文件不是 UTF-8，其中少数非 ASCII 文字无法说明编码${zh}。请选择文件的编码，或另存为 UTF-8`
    )
  ])
}

function open(content: Attachment, asked: Encoding | 'auto', most: number): TableText {
  if (typeof content === 'string') refuseFormats(content.slice(0, FORMAT_BYTES), true)
  const told = typeof content === 'string' && asked === 'auto' && isUtf7(content) ? 'utf-7' : asked
  if (typeof content === 'string' && (told === 'auto' || told === 'utf-8')) return { text: content, remarks: [] }
  const packed = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const { bytes, remarks } = unpacked(packed, most)
  refuseFormats(latin1(bytes), typeof content === 'string')
  const { text, encoding, mark, undecodable, guess } = decodeText(bytes, told === 'auto' ? undefined : told)
  const name = encodingName(encoding)
  // Zeros are in no text: the table's reader says that it is none.
  if (undecodable && !text.includes('\0')) {
    const { line, character, count } = undecodable
    throw refuse(
      `line ${line}, character ${character}: the bytes are no text in ${name.en}${count > 1 ? `, and neither are ${(count - 1).toLocaleString('en')} more` : ''}: choose the file's encoding, or save it as UTF-8`,
      `第 ${line} 行第 ${character} 个字符：其字节不是 ${name.zh} 文本${count > 1 ? `，另有 ${(count - 1).toLocaleString('en')} 处` : ''}：请选择文件的编码，或另存为 UTF-8`
    )
  }
  if (guess?.doubtful && !text.includes('\0')) throw doubt(guess)
  if (mark && encoding === 'utf-8') return { text: `\ufeff${text}`, remarks }
  if (asked === 'auto' && encoding !== 'utf-8')
    remarks.push(
      mark
        ? remark(
            'encoding',
            `is in ${name.en}, as its byte-order mark says`,
            `编码为 ${name.zh}（由字节顺序标记得知）`,
            {
              path: 'data.dataset.encoding'
            }
          )
        : readAs(name, guess)
    )
  return { text, remarks }
}
const remembered = remember(4, (content: Attachment, asked: { encoding: Encoding | 'auto'; most: number }) =>
  open(content, asked.encoding, asked.most)
)
/**
 * The text of a table's file: unpacked (gzip, or a zip of one file) and decoded. The last few are cached.
 * @param encoding `auto` to have it told by the bytes @param most bytes that a packed table may unpack to
 * @throws InputError when it is damaged, holds several files, or bytes that are no text
 */
export const openTable = (content: Attachment, encoding: Encoding | 'auto', most = MOST): TableText =>
  remembered(content, { encoding, most })

/**
 * Why a file can be no table whatever is set for it: a picture, a spreadsheet, a zip of several files. What is packed
 * with gzip is not looked into. @param name of the file @returns nothing of any other file
 */
export function noTable(content: Attachment, name: string): Problem[] {
  try {
    if (typeof content === 'string') refuseFormats(content.slice(0, FORMAT_BYTES), true)
    else if (isZip(content)) fromZip(content, MOST)
    else if (!isGzip(content)) refuseFormats(latin1(content), false)
    return []
  } catch (error) {
    if (error instanceof InputError) return error.problems.map((p) => ({ ...p, path: name }))
    throw error
  }
}

/** A file as it is attached: plain UTF-8 as text, all else as its bytes, so that another encoding can be chosen. */
export function asAttachment(bytes: Uint8Array): Attachment {
  if (isGzip(bytes) || isZip(bytes) || bytes.includes(0)) return bytes
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes
  }
}
