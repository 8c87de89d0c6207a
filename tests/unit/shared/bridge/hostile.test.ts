/** Files that are made to do harm, or are no models: refused in words, in bounded time and memory. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { File, ready } from 'h5wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { crc32 } from '@shared/base/crc32'
import { InputError } from '@shared/base/problems'
import { hasSoundHeaps } from '@shared/bridge/keras/globalHeap'
import { openModel } from '@shared/bridge/open'
import { readSafetensors } from '@shared/bridge/safetensors'
import { computing } from '../../../computing'

const fixture = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, '../../../fixtures', name))
const keras = unzipSync(fixture('keras/picture.keras'))
const torch = fixture('torch/net.safetensors')
/** What is said of a file that is refused; it takes two seconds of a processor, and 400 MB, at most. */
async function refused(bytes: Uint8Array): Promise<string> {
  const [computed, before] = [computing(), process.memoryUsage()]
  const error: unknown = await openModel(bytes, { replace: ['all'] }).catch((e: unknown) => e)
  const after = process.memoryUsage()
  expect(computed()).toBeLessThan(2000)
  expect(after.external + after.heapTotal - before.external - before.heapTotal).toBeLessThan(400e6)
  expect(error).toBeInstanceOf(InputError)
  const { message } = (error as InputError).problems[0]!
  expect(message.zh).toMatch(/[\u4e00-\u9fff]/)
  return message.en
}
/** A safetensors file of a header, as it stands. */
function withHeader(header: string, data = 0): Uint8Array {
  const text = strToU8(header)
  const bytes = new Uint8Array(8 + text.length + data)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}
/** A zip file whose table of contents gives another size for the entry of a size. */
function resized(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const view = new DataView(bytes.buffer)
  for (let i = bytes.length - 46; i > 0; i--)
    if (view.getUint32(i, true) === 0x02014b50 && view.getUint32(i + 24, true) === from)
      view.setUint32(i + 24, to, true)
  return bytes
}
let h5: Awaited<typeof ready>
beforeAll(async () => {
  h5 = await ready
})
/** A file of HDF5 that `fill` has filled. */
function hdf5(fill: (file: File) => void): Uint8Array {
  const file = new File('hostile.h5', 'w')
  fill(file)
  file.close()
  const bytes = h5.FS.readFile('hostile.h5') as Uint8Array
  h5.FS.unlink('hostile.h5')
  return bytes
}
const withWeights = (weights: Uint8Array): Uint8Array =>
  zipSync({ ...keras, 'model.weights.h5': weights }, { level: 0 })

describe('a file that is cut off', () => {
  it.each(['keras/picture.keras', 'keras/picture.h5', 'torch/net.safetensors'])('%s', async (name) => {
    const whole = fixture(name)
    for (const share of [0, 0.01, 0.3, 0.9, 0.999]) await refused(whole.slice(0, Math.floor(whole.length * share)))
  })
})
describe('a pickle', () => {
  const RUNS = strToU8('cposix\nsystem\n(S"echo harm"\ntR.')
  it.each([
    ['bare', Uint8Array.from([0x80, 2, ...RUNS])],
    ['as torch.save writes it', zipSync({ 'net/data.pkl': RUNS, 'net/version': strToU8('3') }, { level: 0 })]
  ])('%s is named, and says how the model is written instead', async (_name, bytes) => {
    expect(await refused(bytes)).toMatch(/torch\.save or pickle.*gradient_clinic\.export\(model, sample, path\)/)
  })
  it('is not what a file of safetensors is, whatever the length of its header', async () => {
    const text = strToU8(JSON.stringify({ __metadata__: { gradient_clinic: '{}' } }))
    const file = new Uint8Array(8 + 0x180).fill(0x20)
    file.set([0x80, 1, 0, 0, 0, 0, 0, 0])
    file.set(text, 8)
    expect(await refused(file)).toContain('its description is not sound')
  })
  it('inside a file of Keras is not looked at', async () => {
    const { layers } = await openModel(zipSync({ ...keras, 'assets/data.pkl': RUNS }), { replace: ['all'] })
    expect(layers.length).toBeGreaterThan(0)
  })
})
describe('a zip file', () => {
  it('that unpacks to more than its size explains is refused before it is unpacked', async () => {
    const weights = keras['model.weights.h5']!
    const bomb = resized(zipSync(keras), weights.length, 200e6)
    expect(await refused(bomb)).toMatch(/unpacks to more than/)
  })
  it('whose entry is larger than it says is damaged', async () => {
    const bytes = resized(zipSync({ 'config.json': new Uint8Array(50_000).fill(32) }), 50_000, 10)
    await refused(bytes)
  })
  it('with names that lead outside is read by its own names alone', async () => {
    expect(await refused(zipSync({ '../config.json': keras['config.json']!, '/etc/passwd': strToU8('x') }))).toMatch(
      /config\.json is missing/
    )
    const { experiment } = await openModel(zipSync({ ...keras, '../../.bashrc': strToU8('harm') }), {
      replace: ['all']
    })
    expect(experiment.network.nodes.length).toBeGreaterThan(0)
  })
  it('with thousands of entries is refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`f${i}`, new Uint8Array(0)]))
    expect(await refused(zipSync({ ...keras, ...many }))).toMatch(/entries, more than 1000/)
  })
})
describe('a file of weights', () => {
  const layer = 'layers/conv2d/vars/0'
  it('that claims a thousand million numbers and holds none is refused', async () => {
    const bytes = hdf5((file) => {
      for (const group of ['layers', 'layers/conv2d', 'layers/conv2d/vars']) file.create_group(group)
      const data = file.create_dataset({
        name: layer,
        data: new Float32Array(4),
        shape: [4],
        maxshape: [null],
        chunks: [4]
      })
      data.resize([1e9])
    })
    expect(await refused(withWeights(bytes))).toMatch(/claims more numbers than the file has bytes/)
  })
  it('whose groups lead in a circle, or outside the file, ends', async () => {
    const bytes = hdf5((file) => {
      file.create_group('layers')
      file.create_soft_link('/layers/round', '/layers/conv2d')
      file.create_soft_link('/layers/conv2d', '/layers/round')
      file.create_external_link('/etc/passwd', '/', 'layers/dense')
    })
    await openModel(withWeights(bytes), { replace: ['all'] }).catch((e: unknown) =>
      expect(e).toBeInstanceOf(InputError)
    )
  })
  it('with texts in place of numbers is refused', async () => {
    const bytes = hdf5((file) => {
      for (const group of ['layers', 'layers/conv2d', 'layers/conv2d/vars']) file.create_group(group)
      file.create_dataset({ name: layer, data: ['a', 'b'] })
    })
    expect(await refused(withWeights(bytes))).toMatch(/holds no numbers|claims more/)
  })
  it('whose groups lie deep is read by the paths of the layers alone', async () => {
    const bytes = hdf5((file) => {
      let path = ''
      for (let i = 0; i < 32; i++) file.create_group((path += '/g'))
    })
    await openModel(withWeights(bytes), { replace: ['all'] }).catch((e: unknown) =>
      expect(e).toBeInstanceOf(InputError)
    )
  })
  it('whose free space among its texts claims no size, round which HDF5 goes for ever, is refused', async () => {
    const bytes = Uint8Array.from(fixture('keras/picture.h5'))
    expect(hasSoundHeaps(bytes)).toBe(true)
    const view = new DataView(bytes.buffer)
    const start = Buffer.from(bytes.buffer).indexOf('GCOL')
    let at = start + 16
    while (view.getUint16(at, true)) at += 16 + Math.ceil(view.getUint32(at + 8, true) / 8) * 8
    view.setBigUint64(at + 8, 0n, true)
    expect(await refused(bytes)).toContain('damaged')
  })
  it('of which some is something else than gradient_clinic.export wrote is refused', async () => {
    const length = Number(new DataView(torch.buffer, torch.byteOffset).getBigUint64(0, true))
    const header = JSON.parse(strFromU8(torch.subarray(8, 8 + length))) as { __metadata__: Record<string, string> }
    const numbers = torch.subarray(8 + length)
    const told = header.__metadata__.gradient_clinic!
    /** The file with checksums of what was written, while this is what is there. */
    const file = (text: string, data: Uint8Array): Uint8Array => {
      const crc = `${crc32(strToU8(told))} ${crc32(numbers)}`
      const bytes = withHeader(
        JSON.stringify({ ...header, __metadata__: { gradient_clinic: text, crc32: crc } }),
        data.length
      )
      bytes.set(data, bytes.length - data.length)
      return bytes
    }
    const { weights } = await openModel(file(told, numbers))
    expect(weights).toEqual((await openModel(torch)).weights)
    const flipped = Uint8Array.from(numbers)
    flipped[100]! ^= 1
    expect(await refused(file(told, flipped))).toContain('its checksum differs')
    expect(told).toContain('"lr": 0.002')
    expect(await refused(file(told.replace('"lr": 0.002', '"lr": 0.003'), numbers))).toContain('its checksum differs')
  })
  it('whose tensors share their numbers, so that they need more room than the file, is refused', () => {
    const one = { dtype: 'F32', shape: [1000], data_offsets: [0, 4000] }
    const names = Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`t${i}`, one]))
    expect(() => readSafetensors(withHeader(JSON.stringify(names), 4000))).toThrow(InputError)
  })
})
describe('a description', () => {
  const DEEP = '['.repeat(200_000) + ']'.repeat(200_000)
  it.each([
    ['deep, of Keras', strToU8(`{"class_name":"Sequential","config":${DEEP}}`)],
    ['deep, in a header', withHeader(`{"__metadata__":{"gradient_clinic":"{}"},"a":${DEEP}}`)],
    ['deep, of PyTorch', withHeader(JSON.stringify({ __metadata__: { gradient_clinic: `{"nodes":${DEEP}}` } }))],
    ['with a header of 2⁶³ bytes', Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0x7f, 0x7b, 0x7d])],
    ['of nothing', new Uint8Array(0)],
    ['of zeros', new Uint8Array(1e6)]
  ])('%s is refused', async (_name, bytes) => {
    await refused(bytes)
  })
  it('whose layers are named like paths, or like members of every object, names no file and no member', async () => {
    const config = JSON.parse(new TextDecoder().decode(keras['config.json'])) as {
      config: { layers: { config: { name: string } }[] }
    }
    const evil = ['../../evil', '__proto__', 'constructor', 'C:\\x']
    config.config.layers.forEach((l, i) => (l.config.name = evil[i] ?? l.config.name))
    const { experiment } = await openModel(strToU8(JSON.stringify(config)), { replace: ['all'] })
    for (const { id } of experiment.network.nodes) expect(id).toMatch(/^[A-Za-z][\w-]*$/)
  })
})
it('opens the whole file, of which all of these are made', async () => {
  expect((await openModel(torch)).weights.size).toBeGreaterThan(0)
})

describe('a model of Keras that contradicts itself', () => {
  const config = strFromU8(keras['config.json']!)
  const reading = (shape: string): Uint8Array =>
    zipSync({
      ...keras,
      'config.json': strToU8(config.replace(/"batch_shape": \[[^\]]*\]/, `"batch_shape": ${shape}`))
    })
  it.each([
    ['[null, 16, 16, 1]', /holds a kernel of \d+ × \d+, but a model that reads 16 × 16 × 1 has one of \d+ × \d+ there/],
    ['[null, 8, 8, 3]', /holds a kernel of 3 × 3 × 1 × \d+, but a model that reads 8 × 8 × 3/],
    ['[null, 8, -1, 1]', /says that it reads a size of -1/],
    ['[null, 8, 1.5, 1]', /says that it reads a size of 1.5/],
    ['[null, 1e308, 8, 1]', /says that it reads a size of 1e\+308/],
    ['[null, "8", 8, 1]', /says that it reads a size of "8"/]
  ])('reads %s', async (shape, said) => {
    expect(config).toContain('"batch_shape": [')
    expect(await refused(reading(shape))).toMatch(said)
  })
})

describe('a file of safetensors whose header is said to be', () => {
  it.each([2n ** 40n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n])('%s bytes long', async (length) => {
    const bytes = torch.slice()
    new DataView(bytes.buffer).setBigUint64(0, length, true)
    expect(await refused(bytes)).toContain('it is cut off')
  })
})
