import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from '@shared/base/crc32'
import { MAGIC } from '@shared/recording/chunks'

/** Real recordings, made by `python recorder/tests/trainings.py tests/fixtures/recordings NAME…`. */
export const recordingFile = (name: string): string => join(__dirname, '../../../fixtures/recordings', `${name}.gcrec`)
export const recordingBytes = (name: string): Uint8Array => new Uint8Array(readFileSync(recordingFile(name)))

/** One piece of a recording, as the recorder writes it. */
export function chunk(kind: string, body: Uint8Array | object): Uint8Array {
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body))
  const out = new Uint8Array(bytes.length + 12)
  const view = new DataView(out.buffer)
  view.setUint32(0, bytes.length, true)
  out.set(new TextEncoder().encode(kind), 4)
  out.set(bytes, 8)
  view.setUint32(bytes.length + 8, crc32(out.subarray(4, bytes.length + 8)), true)
  return out
}
export const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
export const recordingOf = (...chunks: Uint8Array[]): Uint8Array => joined(MAGIC, ...chunks)

/** The description of a recording of two layers with one figure each. */
export const description = (more: object = {}): Record<string, unknown> => ({
  format: 1,
  recorder: '0.2.0',
  framework: { name: 'pytorch', version: '2.13.0' },
  script: '/project/train.py',
  device: 'cpu',
  model: 'Net',
  optimizer: 'SGD',
  parameters: 20,
  batch: 32,
  every: 10,
  lines: {},
  modules: ['a', 'b'].map((name) => ({
    name,
    kind: 'Linear',
    shape: [4],
    parameters: 10,
    kernel: true,
    ran: true,
    trainable: 2,
    frozen: 0,
    forgotten: 0,
    held: 0
  })),
  columns: [
    [0, 'activationGradientRms'],
    [1, 'activationGradientRms']
  ],
  scalars: ['loss', 'gradientNorm', 'learningRate'],
  ...more
})
/** A frame, or losses: a step and numbers. */
export function numbers(step: number, ...values: number[]): Uint8Array {
  const out = new DataView(new ArrayBuffer(4 * (1 + values.length)))
  out.setInt32(0, step, true)
  values.forEach((value, i) => out.setFloat32(4 * (i + 1), value, true))
  return new Uint8Array(out.buffer)
}
