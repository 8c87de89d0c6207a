/** The words of a project's binary entries: 32 bits each, little-endian on every machine. */
type Words = Int32Array | Float32Array

const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

function swapped(bytes: Uint8Array): Uint8Array {
  if (!isLittle) for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse()
  return bytes
}
/** The bytes of all words, one array after the other. Bits are copied: a NaN keeps its payload. */
export function bytesOfWords(parts: readonly Words[]): Uint8Array {
  const out = new Uint8Array(4 * parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += part.byteLength
  }
  return swapped(out)
}
/**
 * Reads words into arrays, one after the other, bit by bit.
 * @param bytes as many as the arrays hold together
 */
export function wordsInto(bytes: Uint8Array, parts: readonly Words[]): void {
  let at = 0
  for (const part of parts) {
    const target = new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
    target.set(bytes.subarray(at, at + part.byteLength))
    swapped(target)
    at += part.byteLength
  }
}
