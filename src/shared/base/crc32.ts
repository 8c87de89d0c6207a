/**
 * Eight tables, one behind the other: the second is for a byte with one more behind it, and so on ("slicing by 8").
 * Eight bytes then depend on one another once, not eight times.
 */
let tables: Uint32Array | undefined
function makeTables(): Uint32Array {
  const t = new Uint32Array(8 * 256)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
    t[n] = c
  }
  for (let n = 256; n < t.length; n++) t[n] = (t[n - 256]! >>> 8) ^ t[t[n - 256]! & 255]!
  return t
}
const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

/** CRC-32 of the bytes, as zip and gzip define it: an unsigned 32-bit number. */
export function crc32(data: Uint8Array): number {
  const t = (tables ??= makeTables())
  let c = 0xffffffff
  const each = (from: number, to: number): void => {
    for (let i = from; i < to; i++) c = (c >>> 8) ^ t[(c ^ data[i]!) & 255]!
  }
  // Words stand at multiples of four.
  const from = isLittle ? Math.min(data.length, -data.byteOffset & 3) : data.length
  const pairs = (data.length - from) >>> 3
  each(0, from)
  const words = pairs ? new Uint32Array(data.buffer, data.byteOffset + from, 2 * pairs) : []
  for (let i = 0; i < words.length; i += 2) {
    const a = words[i]! ^ c
    const b = words[i + 1]!
    c =
      t[0x700 | (a & 255)]! ^
      t[0x600 | ((a >>> 8) & 255)]! ^
      t[0x500 | ((a >>> 16) & 255)]! ^
      t[0x400 | (a >>> 24)]! ^
      t[0x300 | (b & 255)]! ^
      t[0x200 | ((b >>> 8) & 255)]! ^
      t[0x100 | ((b >>> 16) & 255)]! ^
      t[b >>> 24]!
  }
  each(from + 8 * pairs, data.length)
  return ~c >>> 0
}
