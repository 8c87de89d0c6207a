import { strFromU8 } from 'fflate'

/** A float32 array out of NumPy's format. @throws when it isn't one as NumPy writes it */
export function npy(bytes: Uint8Array): { shape: number[]; data: Float32Array } {
  const size = bytes[8]! + 256 * bytes[9]!
  const header = strFromU8(bytes.slice(10, 10 + size))
  if (
    strFromU8(bytes.slice(1, 6)) !== 'NUMPY' ||
    (10 + size) % 64 ||
    !/'descr': '<f4'.*'fortran_order': False/.test(header)
  )
    throw new Error(`no NumPy array: ${header}`)
  const shape = (/'shape': \(([^)]*)\)/.exec(header)![1] ?? '')
    .split(',')
    .filter((s) => s.trim())
    .map(Number)
  const body = bytes.slice(10 + size)
  return { shape, data: new Float32Array(body.buffer, body.byteOffset, body.length / 4) }
}
