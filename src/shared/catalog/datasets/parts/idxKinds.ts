/**
 * The IDX format of the MNIST files: two zero bytes, a type code, the number of axes, each axis' length as a big-endian
 * uint32, then the values, big-endian, row by row. Often packed with gzip.
 */
export interface IdxKind {
  name: IdxType
  bytes: number
  read: (v: DataView, at: number) => number
}
/** By their codes. */
export const TYPES: Record<number, IdxKind> = {
  0x08: { name: 'ubyte', bytes: 1, read: (v, at) => v.getUint8(at) },
  0x09: { name: 'byte', bytes: 1, read: (v, at) => v.getInt8(at) },
  0x0b: { name: 'short', bytes: 2, read: (v, at) => v.getInt16(at) },
  0x0c: { name: 'int', bytes: 4, read: (v, at) => v.getInt32(at) },
  0x0d: { name: 'float', bytes: 4, read: (v, at) => v.getFloat32(at) },
  0x0e: { name: 'double', bytes: 8, read: (v, at) => v.getFloat64(at) }
}
export type IdxType = 'ubyte' | 'byte' | 'short' | 'int' | 'float' | 'double'
/** Values that are looked at to tell in which order their bytes are. */
const SAMPLE = 4096
/** Whole numbers that tell by their steps, and by how many times these are smaller in the right order. */
const SMOOTH = { fewest: 64, times: 4 }
/** Whole numbers that tell. */
const FEWEST = 8
/**
 * Whether values make sense only with their bytes in the other order: numbers of a sensible size, instead of some that
 * are next to nothing or beyond all bounds; or whole numbers that are many times smaller, or many times closer to their
 * neighbours.
 */
export function isSwapped(view: DataView, head: number, kind: IdxKind): boolean {
  const { bytes, read, name } = kind
  if (bytes === 1) return false
  const count = Math.min(SAMPLE, Math.floor((view.byteLength - head) / bytes))
  const turned = new DataView(new ArrayBuffer(bytes))
  const sum = { as: 0, turned: 0 }
  const steps = { as: 0, turned: 0 }
  let before = { a: 0, t: 0 }
  const odd = { as: 0, turned: 0 }
  const isOdd = (v: number): boolean => v !== 0 && !(Math.abs(v) > 1e-9 && Math.abs(v) < 1e12)
  for (let i = 0; i < count; i++) {
    const at = head + i * bytes
    for (let b = 0; b < bytes; b++) turned.setUint8(bytes - 1 - b, view.getUint8(at + b))
    const [a, t] = [read(view, at), read(turned, 0)]
    sum.as += Math.abs(a)
    sum.turned += Math.abs(t)
    if (i) {
      steps.as += Math.abs(a - before.a)
      steps.turned += Math.abs(t - before.t)
    }
    before = { a, t }
    if (isOdd(a)) odd.as++
    if (isOdd(t)) odd.turned++
  }
  return name === 'float' || name === 'double'
    ? odd.as * 4 > count && !odd.turned
    : count >= FEWEST &&
        (sum.as > 16 * sum.turned || (count >= SMOOTH.fewest && steps.as > SMOOTH.times * steps.turned))
}
/** The code of a type, as the header has it. */
export const codeOf = (type: IdxType): string =>
  `0x${Number(Object.entries(TYPES).find(([, t]) => t.name === type)![0])
    .toString(16)
    .padStart(2, '0')}`
/**
 * The type of which the values make sense where that of the header makes none: whole numbers as floats are next to
 * nothing, and floats as whole numbers are 0 or beyond 2^26.
 */
export function otherType(view: DataView, head: number, { name }: IdxKind): IdxType | undefined {
  if (name !== 'float' && name !== 'int') return undefined
  const count = Math.min(SAMPLE, Math.floor((view.byteLength - head) / 4))
  const seen = { zeros: 0, tiny: 0, huge: 0, sensible: 0 }
  for (let i = 0; i < count; i++) {
    const [whole, real] = [view.getInt32(head + 4 * i), Math.abs(view.getFloat32(head + 4 * i))]
    if (!whole) seen.zeros++
    else if (real < 1e-37) seen.tiny++
    if (Math.abs(whole) > 2 ** 26) seen.huge++
    if (real > 1e-6 && real < 1e6) seen.sensible++
  }
  const others = count - seen.zeros
  if (others < FEWEST) return undefined
  if (name === 'float') return seen.tiny === others ? 'int' : undefined
  return seen.zeros && seen.huge === others && seen.sensible === others ? 'float' : undefined
}
