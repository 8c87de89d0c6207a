import { sizeOf } from '../../../base/sizeOf'
import { gunzip, gunzipStart, isGzip, type GzipFault } from '../../../base/gunzip'
import { InputError } from '../../../base/problems'
import { counted } from '../../../base/text'
import { remember } from '../table/memo'
import { FORMAT_BYTES, formatOf } from './formats'
import { codeOf, isSwapped, otherType, TYPES, type IdxType } from './idxKinds'

const MAX_AXES = 8

export interface IdxHeader {
  type: IdxType
  /** The first axis is the examples. */
  shape: number[]
  /** Of one example. */
  size: number
}
const refuse = (path: string, en: string, zh: string): InputError => new InputError([{ path, message: { en, zh } }])
const many = (n: number): string => n.toLocaleString('en')

/** Bytes that are counted at most where the header and the length of a file disagree. */
const MAX_BYTES = 2 ** 30
/** Bytes up to which it is asked whether a file was copied as text. */
const MAX_TEXT = 2 ** 27
const littleEndian = (path: string, shown: string): InputError =>
  refuse(
    path,
    `has a little-endian header (${shown}): IDX files are big-endian, the most significant byte first; write the file again so`,
    `文件头为小端序（${shown}）：IDX 文件应为大端序，高位字节在前；请按此重新写出文件`
  )

/** The first bytes of a file, unpacked. @param most how many at most; what is behind them isn't looked at */
const firstBytes = (file: Uint8Array, most: number): { bytes: Uint8Array; fault?: GzipFault } =>
  isGzip(file) ? gunzipStart(file, most) : { bytes: file.subarray(0, most) }
/** Whether a file, packed or not, begins as IDX files do. */
export function looksLikeIdx(file: Uint8Array): boolean {
  const { bytes } = firstBytes(file, 4)
  return bytes.length === 4 && bytes[0] === 0 && bytes[1] === 0 && TYPES[bytes[2]!] !== undefined
}
/** Unpacked size as the file states it: a gzip file ends with it, modulo 2^32. */
const declared = (file: Uint8Array): number =>
  !isGzip(file)
    ? file.length
    : file.length > 18
      ? new DataView(file.buffer, file.byteOffset + file.length - 4, 4).getUint32(0, true)
      : 0

/** @throws InputError that names the format of a file whose start tells it */
function refuseFormat(start: Uint8Array, path: string): void {
  // Alone a zip is within nothing.
  const format = start[0] === 0x50 && start[1] === 0x4b ? undefined : formatOf(String.fromCharCode(...start), false)
  if (!format) return
  throw refuse(
    path,
    `is ${format.en}, no IDX file: unpack or write it as IDX first`,
    `是 ${format.zh}，不是 IDX 文件：请先解压，或写成 IDX 格式`
  )
}

/** Whether bytes are as many as the header says that stands in them. */
function isWhole(bytes: Uint8Array): boolean {
  const [, , code, axes] = bytes as Uint8Array & [number, number, number, number]
  if (!TYPES[code] || axes > MAX_AXES || bytes.length < 4 + 4 * axes) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i))
  return bytes.length === 4 + 4 * axes + sizeOf(shape) * TYPES[code].bytes
}
/** @throws InputError where a program took the bytes for text when it copied them: 0a became 0d 0a, or letters UTF-8 */
function throwIfRewritten(all: Uint8Array, path: string): void {
  if (isWhole(all.filter((byte, i) => byte !== 13 || all[i + 1] !== 10)))
    throw refuse(
      path,
      'was changed when it was copied as text: each byte 0a has a 0d before it; copy it again as binary',
      '以文本方式复制时被改动：每个字节 0a 前都多了 0d；请以二进制方式重新复制'
    )
  let read: string
  try {
    read = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(all)
  } catch {
    return
  }
  if (read.includes('\ufffd') || isWhole(Uint8Array.from(read, (c) => c.charCodeAt(0))))
    throw refuse(
      path,
      'was changed when it was copied as text: its bytes became letters of UTF-8; copy it again as binary',
      '以文本方式复制时被改动：其字节成了 UTF-8 文字；请以二进制方式重新复制'
    )
}

function header(file: Uint8Array, { path }: { path: string }): IdxHeader {
  const { bytes, fault } = firstBytes(file, FORMAT_BYTES)
  const shown = [...bytes.subarray(0, 4)].map((b) => b.toString(16).padStart(2, '0')).join(' ')
  if (bytes.length < 4) {
    if (fault)
      throw refuse(
        path,
        `${fault.message.en} (its ${many(file.length)} bytes unpack to ${bytes.length})`,
        `${fault.message.zh}（其 ${many(file.length)} 字节只能解压出 ${bytes.length} 字节）`
      )
    throw refuse(
      path,
      `is no IDX file: it has ${counted(bytes.length, 'byte')}, and its header alone takes 4`,
      `不是 IDX 文件：只有 ${bytes.length} 字节，而文件头至少 4 字节`
    )
  }
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    if (bytes[2] === 0 && bytes[3] === 0 && TYPES[bytes[1]!] && bytes[0]! <= MAX_AXES) throw littleEndian(path, shown)
    refuseFormat(bytes, path)
    const zip = bytes[0] === 0x50 && bytes[1] === 0x4b
    throw refuse(
      path,
      `is no IDX file: it begins with the bytes ${shown}, and an IDX file with 00 00${zip ? '; unpack the zip first' : ''}`,
      `不是 IDX 文件：开头字节为 ${shown}，IDX 文件应以 00 00 开头${zip ? '；请先解压 zip' : ''}`
    )
  }
  const kind = TYPES[bytes[2]!]
  if (!kind) {
    refuseFormat(bytes, path)
    const known = Object.entries(TYPES)
      .map(([code, t]) => `0x${Number(code).toString(16).padStart(2, '0')} ${t.name}`)
      .join(', ')
    throw refuse(
      path,
      `has the unknown type code 0x${bytes[2]!.toString(16).padStart(2, '0')}; known: ${known}`,
      `类型码 0x${bytes[2]!.toString(16).padStart(2, '0')} 未知；已知：${known}`
    )
  }
  const axes = bytes[3]!
  if (axes < 1 || axes > MAX_AXES)
    throw refuse(
      path,
      `says it has ${axes} axes; between 1 and ${MAX_AXES} are read`,
      `声明有 ${axes} 个轴；可读取 1 至 ${MAX_AXES} 个`
    )
  const head = 4 + 4 * axes
  if (bytes.length < head)
    throw refuse(
      path,
      `is cut off in its header: expected ${head} bytes of it, there are ${bytes.length}`,
      `文件头被截断：应有 ${head} 字节，实有 ${bytes.length} 字节`
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i))
  if (shape.includes(0))
    throw refuse(path, `is empty: its shape is ${shape.join(' × ')}`, `是空的：形状为 ${shape.join(' × ')}`)
  const expected = head + sizeOf(shape) * kind.bytes
  const packed = isGzip(file)
  if (declared(file) !== expected % 2 ** (packed ? 32 : 53)) {
    const swapped = shape.map((_, i) => view.getUint32(4 + 4 * i, true))
    if (declared(file) === head + sizeOf(swapped) * kind.bytes) throw littleEndian(path, swapped.join(' × '))
    // The length at the end is wrong, or there is none: count.
    const { bytes: all, fault: why } = packed ? gunzip(file, Math.min(expected + 1, MAX_BYTES)) : { bytes: file }
    const unpacked = packed ? { en: ' unpacked', zh: '（解压后）' } : { en: '', zh: '' }
    const made = {
      en: `its header (${shape.join(' × ')} ${kind.name}) makes ${many(expected)} bytes${unpacked.en}, it has ${many(all.length)}`,
      zh: `按文件头（${shape.join(' × ')} ${kind.name}）应有 ${many(expected)} 字节${unpacked.zh}，实有 ${many(all.length)} 字节`
    }
    if (why && why.kind !== 'tooLarge')
      throw refuse(path, `${why.message.en} (${made.en})`, `${why.message.zh}（${made.zh}）`)
    if (all.length !== expected && all.length < MAX_TEXT) throwIfRewritten(all, path)
    if (all.length < expected) throw refuse(path, `is cut off: ${made.en}`, `被截断：${made.zh}`)
    if (all.length > expected) {
      const had = packed ? { en: 'more', zh: '更多' } : { en: many(file.length), zh: `${many(file.length)} 字节` }
      throw refuse(
        path,
        `is longer than its header says: ${shape.join(' × ')} ${kind.name} makes ${many(expected)} bytes${unpacked.en}, it has ${had.en}`,
        `比文件头声明的长：${shape.join(' × ')} ${kind.name} 应为 ${many(expected)} 字节${unpacked.zh}，实有${had.zh}`
      )
    }
  }
  return { type: kind.name, shape, size: sizeOf(shape.slice(1)) }
}
const rememberedHeader = remember(8, header)
/**
 * Type and shape of an IDX file, from its header and length. @param path of the field that names the file @throws
 * InputError
 */
export const idxHeader = (file: Uint8Array, path: string): IdxHeader => rememberedHeader(file, { path })

/**
 * Values of an IDX file as float32.
 * @param count of the examples from the first on
 * @param rows which of them; all when absent
 * @throws InputError
 */
export function idxValues(file: Uint8Array, path: string, count: number, rows?: readonly number[]): Float32Array {
  const { type, shape, size } = idxHeader(file, path)
  const kind = Object.values(TYPES).find((t) => t.name === type)!
  const head = 4 + 4 * shape.length
  const last = rows ? Math.max(...rows) + 1 : count
  const wanted = head + last * size * kind.bytes
  const { bytes, fault } = last === shape[0] && isGzip(file) ? gunzip(file, wanted) : firstBytes(file, wanted)
  if (fault) throw refuse(path, fault.message.en, fault.message.zh)
  if (bytes.length < wanted)
    throw refuse(
      path,
      `is damaged: it unpacks to ${many(bytes.length)} bytes of ${many(wanted)}`,
      `已损坏：只能解压出 ${many(bytes.length)} / ${many(wanted)} 字节`
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const meant = otherType(view, head, kind)
  if (meant)
    throw refuse(
      path,
      `says that its values are of type ${type}, and they make sense as ${meant} only: write the type code ${codeOf(meant)}`,
      `文件头称其值为 ${type} 类型，但只有按 ${meant} 才合理：请写入类型码 ${codeOf(meant)}`
    )
  if (isSwapped(view, head, kind))
    throw refuse(
      path,
      `holds little-endian values of type ${type}: IDX files are big-endian, the most significant byte first; write the file again so`,
      `其 ${type} 值为小端序：IDX 文件应为大端序，高位字节在前；请按此重新写出文件`
    )
  const n = rows?.length ?? count
  const out = new Float32Array(n * size)
  for (let i = 0; i < n; i++) {
    const from = head + (rows ? rows[i]! : i) * size * kind.bytes
    if (kind.bytes === 1 && type === 'ubyte') out.set(bytes.subarray(from, from + size), i * size)
    else for (let k = 0; k < size; k++) out[i * size + k] = kind.read(view, from + k * kind.bytes)
    if (type === 'float' || type === 'double')
      for (let k = 0; k < size; k++)
        if (!Number.isFinite(out[i * size + k]!)) {
          const place = (rows ? rows[i]! : i) + 1
          throw refuse(
            path,
            `example ${many(place)} holds a value that is no finite 32-bit number (${kind.read(view, from + k * kind.bytes)})`,
            `第 ${many(place)} 个样本含有非有限的 32 位数值（${kind.read(view, from + k * kind.bytes)}）`
          )
        }
  }
  return out
}

export interface IdxLabels {
  /** Class of each example, as an index into `classes`. */
  of: Uint16Array
  classes: string[]
}
const MAX_CLASSES = 1000
/** Whether each example holds one 1 and zeros. */
const areOneHot = (values: Float32Array, size: number): boolean => {
  for (let at = 0; at < values.length; at += size) {
    const own = values.subarray(at, at + size)
    if (!own.every((v) => v === 0 || v === 1) || own.reduce((a, b) => a + b) !== 1) return false
  }
  return true
}
function labels(file: Uint8Array, { path }: { path: string }): IdxLabels {
  const { shape, size } = idxHeader(file, path)
  if (shape.length === 2 && size > 1 && size <= MAX_CLASSES && areOneHot(idxValues(file, path, shape[0]!), size))
    throw refuse(
      path,
      `holds ${size} numbers an example, one of which is 1 and all others 0: write the place of the 1 (0 to ${size - 1}) as the label`,
      `每个样本有 ${size} 个数，其中一个为 1，其余为 0：请将 1 的位置（0 至 ${size - 1}）写作标签`
    )
  if (size !== 1)
    throw refuse(
      path,
      `holds ${shape.join(' × ')} values: labels are one number an example; is this the images file?`,
      `包含 ${shape.join(' × ')} 个值：每个样本应只有一个标签；这是图像文件吗？`
    )
  const values = idxValues(file, path, shape[0]!)
  const bad = values.findIndex((v) => !Number.isInteger(v))
  if (bad >= 0)
    throw refuse(
      path,
      `label ${many(bad + 1)} is ${values[bad]}: labels must be whole numbers`,
      `第 ${many(bad + 1)} 个标签为 ${values[bad]}：标签必须是整数`
    )
  const classes = [...new Set(values)].sort((a, b) => a - b)
  if (classes.length < 2)
    throw refuse(
      path,
      `every label is ${classes[0]}: there is nothing to tell apart`,
      `所有标签都是 ${classes[0]}：没有可区分的类别`
    )
  if (classes.length > MAX_CLASSES)
    throw refuse(
      path,
      `has ${many(classes.length)} different labels, more than ${many(MAX_CLASSES)} classes`,
      `有 ${many(classes.length)} 种标签，超过 ${many(MAX_CLASSES)} 类`
    )
  const place = new Map(classes.map((c, i) => [c, i]))
  return { of: Uint16Array.from(values, (v) => place.get(v)!), classes: classes.map(String) }
}
const rememberedLabels = remember(4, labels)
/** All labels of a file, and the classes they form. @throws InputError */
export const idxLabels = (file: Uint8Array, path: string): IdxLabels => rememberedLabels(file, { path })
