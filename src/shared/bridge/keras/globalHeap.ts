/** `GCOL`, version 1, three reserved zeros. */
const HEAD = Uint8Array.from([0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0])
/** Bytes in front of an object: index, references, four reserved, size. */
const OBJECT = 16

/** Where the next collection begins, or −1. */
function next(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(HEAD[0]!, from); at >= 0; at = bytes.indexOf(HEAD[0]!, at + 1))
    if (HEAD.every((b, i) => bytes[at + i] === b)) return at
  return -1
}

/**
 * Whether each collection of the global heap, in which HDF5 keeps texts, can be walked from object to object. Free
 * space that claims no size keeps the library itself going round for ever.
 * @param bytes a whole file of HDF5 (format specification 3.0, III.E "Global Heap")
 */
export function hasSoundHeaps(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = next(bytes, 0); start >= 0; start = next(bytes, start + HEAD.length)) {
    if (start + OBJECT > bytes.length) return false
    const end = start + Number(view.getBigUint64(start + 8, true))
    if (end > bytes.length) return false
    for (let at = start + OBJECT; at + OBJECT <= end;) {
      const size = Number(view.getBigUint64(at + 8, true))
      // The size of free space, which has no index, counts its own head.
      const step = view.getUint16(at, true) ? OBJECT + Math.ceil(size / 8) * 8 : size
      if (step < OBJECT || at + step > end) return false
      at += step
    }
  }
  return true
}
