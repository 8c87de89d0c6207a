import { sizeOf } from '../base/sizeOf'
import { strFromU8, unzipSync, zipSync } from 'fflate'
import type { NamedArray } from './types'

/** One array in NumPy's format, version 1.0: float32, little-endian, row-major. */
function npy({ shape, data }: Pick<NamedArray, 'shape' | 'data'>): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`
  // Magic, version and length take 10 bytes; the header ends in a newline, at a multiple of 64.
  const header = dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11) + '\n'
  const out = new Uint8Array(10 + header.length + data.length * 4)
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8])
  for (let i = 0; i < header.length; i++) out[10 + i] = header.charCodeAt(i)
  const view = new DataView(out.buffer)
  for (let i = 0; i < data.length; i++) view.setFloat32(10 + header.length + i * 4, data[i]!, true)
  return out
}

/** An `.npz` as `numpy.load` opens it: names may hold slashes. */
export function npz(arrays: readonly NamedArray[]): Uint8Array {
  return zipSync(Object.fromEntries(arrays.map((a) => [`${a.name}.npy`, npy(a)])), {
    level: 0,
    mtime: '1980-01-01T00:00:00'
  })
}

/** Reads one back. @throws Error when it is anything but little-endian float32 in rows */
function readNpy(bytes: Uint8Array): Pick<NamedArray, 'shape' | 'data'> {
  const size = (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0)
  const header = strFromU8(bytes.subarray(10, 10 + size))
  const shape = /'shape': \(([\d, ]*)\)/
    .exec(header)?.[1]
    ?.split(',')
    .filter((s) => s.trim())
    .map(Number)
  if (
    strFromU8(bytes.subarray(1, 6)) !== 'NUMPY' ||
    !shape ||
    !/'descr': '<f4'/.test(header) ||
    /'fortran_order': True/.test(header)
  )
    throw new Error('is no array of float32 in rows')
  const count = sizeOf(shape)
  const view = new DataView(bytes.buffer, bytes.byteOffset + 10 + size)
  if (view.byteLength !== count * 4) throw new Error(`holds ${view.byteLength} bytes instead of ${count * 4}`)
  return { shape, data: Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * 4, true)) }
}
/** Its arrays by name. @throws Error naming the array */
export function readNpz(bytes: Uint8Array): Map<string, Pick<NamedArray, 'shape' | 'data'>> {
  return new Map(
    Object.entries(unzipSync(bytes)).map(([file, content]) => {
      try {
        return [file.replace(/\.npy$/, ''), readNpy(content)]
      } catch (error) {
        throw new Error(`${file} ${(error as Error).message}`)
      }
    })
  )
}
