import { createHash } from 'node:crypto'
import { decodeNumbers, encodeNumbers } from '@shared/project/numbers'

/** Bytes ahead of each record: its length (uint32, little-endian), and the start of the SHA-256 of its body. */
const LENGTH = 4
const CHECK = 8
const HEADER = LENGTH + CHECK
const checkOf = (body: Uint8Array): Buffer => createHash('sha256').update(body).digest().subarray(0, CHECK)
const lengthOf = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(LENGTH)
  length.writeUInt32LE(bytes.length)
  return length
}

type Numbers = Float32Array | Int32Array
/** Where in a value an array of numbers stood. Its elements follow the JSON, in the order of this machine. */
interface Place {
  path: (string | number)[]
  type: 'float' | 'int'
  bytes: number
}
const isNumbers = (value: unknown): value is Numbers => value instanceof Float32Array || value instanceof Int32Array
/** The value with null in place of each array of numbers. */
function split(value: unknown, path: Place['path'], found: [Place['path'], Numbers][]): unknown {
  if (isNumbers(value)) {
    found.push([path, value])
    return null
  }
  if (Array.isArray(value)) return value.map((x, i) => split(x, [...path, i], found))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([k, x]) => [k, split(x, [...path, k], found)]))
}
/**
 * A value as bytes: the length of its JSON, the JSON, and its arrays of numbers. The serializer of V8 would do it, but
 * it ends the process in Electron 22.
 */
function encode(value: unknown): Buffer {
  const found: [Place['path'], Numbers][] = []
  const bare = split(value, [], found)
  const places = found.map(([path, a]): Place => ({
    path,
    type: a instanceof Int32Array ? 'int' : 'float',
    bytes: a.byteLength
  }))
  const json = Buffer.from(JSON.stringify({ value: encodeNumbers(bare), places }))
  const arrays = found.map(([, a]) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))
  return Buffer.concat([lengthOf(json), json, ...arrays])
}
function decode(body: Buffer): unknown {
  let at = LENGTH + body.readUInt32LE(0)
  const read = JSON.parse(body.toString('utf8', LENGTH, at)) as { value: unknown; places: Place[] }
  const root = { value: decodeNumbers(read.value) }
  for (const { path, type, bytes } of read.places) {
    const array = type === 'int' ? new Int32Array(bytes / 4) : new Float32Array(bytes / 4)
    new Uint8Array(array.buffer).set(body.subarray(at, at + bytes))
    at += bytes
    const way = ['value', ...path]
    const last = way.pop()!
    const owner = way.reduce<unknown>((x, k) => (x as Record<string, unknown>)[k], root) as Record<string, unknown>
    owner[last] = array
  }
  return root.value
}

/** A value as one record of an append-only file. Arrays of numbers, NaN and ±Inf are kept. */
export function frame(value: unknown): Buffer {
  const body = encode(value)
  return Buffer.concat([lengthOf(body), checkOf(body), body])
}
/** What could be read of an append-only file. */
export interface Frames {
  /** Up to the first record that is cut off, damaged, or in no form that is known here. */
  values: unknown[]
  /** Bytes from there on: of a record that was never completed, or of all that follows a damaged one. */
  unread: number
}
export function readFrames(bytes: Uint8Array): Frames {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const values: unknown[] = []
  let at = 0
  while (at + HEADER <= buffer.length) {
    const from = at + HEADER
    const to = from + buffer.readUInt32LE(at)
    const body = buffer.subarray(from, to)
    if (to > buffer.length || !checkOf(body).equals(buffer.subarray(at + LENGTH, from))) break
    try {
      values.push(decode(body))
    } catch {
      break
    }
    at = to
  }
  return { values, unread: buffer.length - at }
}
