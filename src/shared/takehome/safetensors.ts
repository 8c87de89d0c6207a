/** A tensor for a file: float32, or one whole number. */
export interface SavedTensor {
  shape: number[]
  data: Float32Array | BigInt64Array
}

/**
 * A file in the format `safetensors`: eight bytes of length, a JSON header padded to a multiple of eight, the values in
 * little-endian rows.
 */
export function safetensors(tensors: ReadonlyMap<string, SavedTensor>): Uint8Array {
  let at = 0
  const header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> = {}
  for (const [name, { shape, data }] of tensors) {
    const dtype = data instanceof Float32Array ? 'F32' : 'I64'
    header[name] = { dtype, shape, data_offsets: [at, (at += data.byteLength)] }
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const start = 8 + Math.ceil(json.length / 8) * 8
  const out = new Uint8Array(start + at).fill(32, 8, start)
  const view = new DataView(out.buffer)
  view.setUint32(0, start - 8, true)
  out.set(json, 8)
  let to = start
  for (const { data } of tensors.values()) {
    if (data instanceof Float32Array) data.forEach((v, i) => view.setFloat32(to + 4 * i, v, true))
    else data.forEach((v, i) => view.setBigInt64(to + 8 * i, v, true))
    to += data.byteLength
  }
  return out
}
