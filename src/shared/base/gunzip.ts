import { Gunzip } from 'fflate'
import { crc32 } from './crc32'
import type { Text } from './text'

/** Packed bytes go through in pieces of this size, so that a limit is noticed before much is unpacked. */
const PIECE = 65536
/** CRC-32 and length of what was packed, little-endian, at the end of each member. */
const TRAILER = 8

/** What is wrong with a gzip file. */
export interface GzipFault {
  kind: 'cutOff' | 'damaged' | 'tooLarge'
  message: Text
}
/** Whether a file begins as gzip files do. */
export const isGzip = (file: Uint8Array): boolean => file[0] === 0x1f && file[1] === 0x8b

const CUT: GzipFault = {
  kind: 'cutOff',
  message: {
    en: 'the gzip file is cut off: its end is missing; copy or download it again',
    zh: 'gzip 文件被截断：缺少结尾；请重新复制或下载'
  }
}
const damaged = (en: string, zh: string): GzipFault => ({
  kind: 'damaged',
  message: { en: `the gzip file is damaged: ${en}`, zh: `gzip 文件已损坏：${zh}` }
})

/** The trailer that belongs to this content. */
function trailerOf(content: Uint8Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(TRAILER))
  view.setUint32(0, crc32(content), true)
  view.setUint32(4, content.length >>> 0, true)
  return new Uint8Array(view.buffer)
}
const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((v, i) => v === b[i])

/** What the bytes at the end of a member say of its content. */
function checkTrailer(content: Uint8Array, end: Uint8Array): GzipFault | undefined {
  const right = trailerOf(content)
  if (equal(end, right)) return undefined
  if (equal(end.subarray(4), right.subarray(4)) || equal(end.subarray(0, 4), right.subarray(0, 4)))
    return damaged('its checksum is wrong', '校验和不符')
  return CUT
}

/**
 * What of a file whose only member is whole stands behind it: zeros, as tapes and downloads pad with, are nothing;
 * undefined where the member is not whole.
 */
function behindEnd(
  file: Uint8Array,
  bytes: Uint8Array,
  members: readonly unknown[]
): { bytes: Uint8Array; fault?: GzipFault } | undefined {
  const trailer = trailerOf(bytes)
  let at = file.length - TRAILER - 1
  while (at > 0 && !equal(file.subarray(at, at + TRAILER), trailer)) at--
  if (at <= 0 || members.length > 1) return undefined
  const rest = file.subarray(at + TRAILER)
  if (rest.every((b) => b === 0)) return { bytes }
  const count = rest.length.toLocaleString('en')
  return {
    bytes,
    fault: damaged(
      `${count} ${rest.length === 1 ? 'byte behind its end is' : 'bytes behind its end are'} no gzip`,
      `结尾之后的 ${count} 个字节不是 gzip`
    )
  }
}
/**
 * Unpacks a gzip file of one or more members, and checks that it is whole: ends, checksums and lengths.
 * @param most bytes at most; the limit is noticed while unpacking, whatever the file declares
 * @returns all that could be unpacked, and what is wrong with the file
 */
export function gunzip(file: Uint8Array, most: number): { bytes: Uint8Array; fault?: GzipFault } {
  const { bytes, members, broken } = unpack(file, most + 1)
  if (bytes.length > most)
    return {
      bytes: bytes.subarray(0, most),
      fault: {
        kind: 'tooLarge',
        message: {
          en: `the gzip file unpacks to more than ${Math.round(most / 2 ** 20).toLocaleString('en')} MB`,
          zh: `gzip 文件解压后超过 ${Math.round(most / 2 ** 20).toLocaleString('en')} MB`
        }
      }
    }
  if (broken) return behindEnd(file, bytes, members) ?? { bytes, fault: broken }
  const ends = [...members.slice(1), { file: file.length, out: bytes.length }]
  for (const [i, { out }] of members.entries()) {
    const end = ends[i]!
    const fault = checkTrailer(bytes.subarray(out, end.out), file.subarray(end.file - TRAILER, end.file))
    if (fault) return behindEnd(file, bytes, members) ?? { bytes, fault }
  }
  return { bytes }
}

/** The first bytes of a gzip file, unpacked; fewer when there are no more. @param most how many at most */
export function gunzipStart(file: Uint8Array, most: number): { bytes: Uint8Array; fault?: GzipFault } {
  const { bytes, broken } = unpack(file, most)
  // A file that ends inside its own header unpacks to nothing, and no program complains.
  const fault = broken ?? (most && !bytes.length ? checkTrailer(bytes, file.subarray(-TRAILER)) : undefined)
  return { bytes: bytes.subarray(0, most), ...(fault && { fault }) }
}

/** Unpacks until `most` bytes are there. `members`: where each begins, in the file and in what it unpacks to. */
function unpack(
  file: Uint8Array,
  most: number
): { bytes: Uint8Array; members: { file: number; out: number }[]; broken?: GzipFault } {
  const pieces: Uint8Array[] = []
  const members = [{ file: 0, out: 0 }]
  let had = 0
  let broken: GzipFault | undefined
  const inflate = new Gunzip((piece) => {
    pieces.push(piece)
    had += piece.length
  })
  inflate.onmember = (at) => void members.push({ file: at, out: had })
  try {
    // The end is signalled in a push of its own: a truncated file would otherwise lose its last piece.
    for (let at = 0; at < file.length && had < most; at += PIECE) inflate.push(file.subarray(at, at + PIECE))
    if (had < most) inflate.push(new Uint8Array(0), true)
  } catch (error) {
    const { code, message } = error as Error & { code?: number }
    // fflate's code 0: the data ends inside a block.
    broken = code === 0 ? CUT : damaged(message, message)
  }
  const bytes = new Uint8Array(had)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return { bytes, members, ...(broken && { broken }) }
}
