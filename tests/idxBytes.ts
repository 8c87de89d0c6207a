import type { IdxType } from '@shared/catalog/datasets/parts/idxKinds'

const KINDS: Record<IdxType, [code: number, bytes: number, write: (v: DataView, at: number, x: number) => void]> = {
  ubyte: [0x08, 1, (v, at, x) => v.setUint8(at, x)],
  byte: [0x09, 1, (v, at, x) => v.setInt8(at, x)],
  short: [0x0b, 2, (v, at, x) => v.setInt16(at, x)],
  int: [0x0c, 4, (v, at, x) => v.setInt32(at, x)],
  float: [0x0d, 4, (v, at, x) => v.setFloat32(at, x)],
  double: [0x0e, 8, (v, at, x) => v.setFloat64(at, x)]
}
/** An IDX file with these values. */
export function idxBytes(type: IdxType, shape: number[], values: number[]): Uint8Array {
  const [code, bytes, write] = KINDS[type]
  const n = shape.reduce((a, b) => a * b, 1)
  const view = new DataView(new ArrayBuffer(4 + 4 * shape.length + n * bytes))
  view.setUint8(2, code)
  view.setUint8(3, shape.length)
  shape.forEach((s, i) => view.setUint32(4 + 4 * i, s))
  for (let i = 0; i < n; i++) write(view, 4 + 4 * shape.length + i * bytes, values[i]!)
  return new Uint8Array(view.buffer)
}
