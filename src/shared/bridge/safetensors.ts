import type { InputError } from '../base/problems'
import { sizeOf } from '../base/sizeOf'
import { AGAIN, refusal } from './refusal'

/** Numbers with a shape, row-major. */
export interface NamedTensor {
  shape: number[]
  values: Float32Array
}
export type Tensors = Map<string, NamedTensor>
/** Whole numbers with a shape, which are only written. */
export interface WholeTensor {
  shape: number[]
  values: BigInt64Array
}

/** Bytes of the JSON that names the tensors; the format's own limit. */
const HEADER = 100e6
/** @param instead what to do about it; by default the file is taken for damaged */
const refuse = (en: string, zh: string, instead = AGAIN): InputError =>
  refusal('weights', `is no sound safetensors file (${en})`, `不是完好的 safetensors 文件（${zh}）`, ...instead)

/**
 * Tensors as a safetensors file: the length of a JSON header (uint64, little-endian), the header, and the numbers as
 * float32 or int64 (https://github.com/huggingface/safetensors#format).
 */
export function writeSafetensors(tensors: ReadonlyMap<string, NamedTensor | WholeTensor>): Uint8Array {
  const header: Record<string, unknown> = {}
  let at = 0
  for (const [name, { shape, values }] of tensors) {
    const dtype = values instanceof Float32Array ? 'F32' : 'I64'
    header[name] = { dtype, shape, data_offsets: [at, (at += values.byteLength)] }
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  // The numbers start at a multiple of 8 bytes.
  const start = 8 + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start + at).fill(0x20, 8, start)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, start - 8, true)
  bytes.set(json, 8)
  at = start
  for (const { values } of tensors.values()) {
    if (values instanceof Float32Array) values.forEach((v, i) => view.setFloat32(at + 4 * i, v, true))
    else values.forEach((v, i) => view.setBigInt64(at + 8 * i, v, true))
    at += values.byteLength
  }
  return bytes
}

/** The header of a file, and where the numbers begin. @throws InputError for a damaged file */
function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw refuse('it is cut off', '文件被截断')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > Math.min(HEADER, bytes.length - 8)) throw refuse('it is cut off', '文件被截断')
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
  } catch {
    throw refuse('its header is no JSON', '头部不是 JSON')
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw refuse('its header names no tensors', '头部没有列出张量')
  return { header: header as Record<string, unknown>, start: 8 + length }
}

/** Texts that a safetensors file says of itself, by name. @throws InputError for a damaged file */
export function readMetadata(bytes: Uint8Array): Record<string, string> {
  const { __metadata__: told } = readHeader(bytes).header
  const entries = typeof told === 'object' && told !== null ? Object.entries(told) : []
  return Object.fromEntries(entries.filter((e): e is [string, string] => typeof e[1] === 'string'))
}

/** The bytes of all numbers of a safetensors file. @throws InputError for a damaged file */
export const numbersOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(readHeader(bytes).start)

/** Tensors of a safetensors file of float32 or float64 numbers. @throws InputError for any other or damaged file */
export function readSafetensors(bytes: Uint8Array): Tensors {
  const { header, start } = readHeader(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tensors: Tensors = new Map()
  // Tensors do not overlap, so that together they are not larger than the file.
  let left = bytes.length - start
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const { dtype, shape, data_offsets: range } = (value ?? {}) as Record<string, unknown>
    const size = dtype === 'F32' ? 4 : dtype === 'F64' ? 8 : undefined
    if (!size)
      throw refuse(
        `“${name}” holds ${String(dtype)}, not F32 or F64`,
        `“${name}” 的类型是 ${String(dtype)}，不是 F32 或 F64`,
        ['write its numbers as float32', '请以 float32 写出其数值']
      )
    const whole = (list: unknown): list is number[] =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && (n as number) >= 0)
    if (!whole(shape) || !whole(range) || range.length !== 2)
      throw refuse(`“${name}” has no shape`, `“${name}” 没有形状`)
    const [from, to] = range as [number, number]
    left -= to - from
    if (to - from !== size * sizeOf(shape) || start + to > bytes.length || from < 0 || left < 0)
      throw refuse(`the numbers of “${name}” are not there`, `缺少 “${name}” 的数值`)
    const values = new Float32Array(sizeOf(shape))
    for (let i = 0, p = start + from; i < values.length; i++, p += size)
      values[i] = size === 4 ? view.getFloat32(p, true) : view.getFloat64(p, true)
    tensors.set(name, { shape, values })
  }
  return tensors
}
