/** What is refused says where it is, what it is and what to do, in both languages. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { InputError } from '@shared/base/problems'
import { openModel } from '@shared/bridge/open'
import { linear as linearOf, model as modelOf } from './torchModel'

type Json = Record<string, unknown>
const fixture = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, '../../../fixtures', name))
const text = (value: unknown): Uint8Array => strToU8(JSON.stringify(value))

// Of Keras
const dense = (name: string, config: Json = {}): Json => ({
  class_name: 'Dense',
  name,
  config: { name, units: 2, activation: 'linear', ...config }
})
const input = (name = 'x'): Json => ({ class_name: 'InputLayer', name, config: { name, batch_shape: [null, 3] } })
const tensor = (from: string): Json => ({ class_name: '__keras_tensor__', config: { keras_history: [from, 0, 0] } })
const reads = (layer: Json, ...from: string[]): Json => ({
  ...layer,
  inbound_nodes: [{ args: [from.length === 1 ? tensor(from[0]!) : from.map(tensor)], kwargs: {} }]
})
const graph = (layers: Json[], ends: string[], name = 'net'): Json => ({
  class_name: 'Functional',
  name,
  config: { name, layers, output_layers: ends.length === 1 ? [ends[0], 0, 0] : ends.map((end) => [end, 0, 0]) }
})
const chain = (...layers: Json[]): Json => ({ class_name: 'Sequential', config: { name: 'net', layers } })
let nested = chain(input(), dense('a'))
for (let i = 0; i < 20; i++) nested = chain(nested)
const bothUse = reads(dense('b'), 'x')
const keras: [kind: string, model: Json, where: string, what: string, instead: string][] = [
  ['a class of one’s own', { class_name: 'Mine', config: {} }, 'model', 'the class “Mine”', 'functional model'],
  ['no layers', chain(), 'model', 'has no layers', 'add some'],
  ['no shape', chain(dense('a')), 'model', 'the shape of its input', 'model.build'],
  ['models in models', nested, 'model', 'more than 16 deep', 'into one model'],
  [
    'thousands of layers',
    chain(input(), ...Array.from({ length: 5000 }, (_, i) => dense(`d${i}`))),
    'model',
    'more than 4096',
    'save a part'
  ],
  [
    'a second input',
    graph([input(), input('y'), reads(dense('a'), 'x')], ['a']),
    'layer y',
    'second input',
    'KerasWatch'
  ],
  ['two outputs', graph([input(), reads(dense('a'), 'x'), bothUse], ['a', 'b']), 'model', '2 outputs', 'KerasWatch'],
  ['no output', graph([input(), reads(dense('a'), 'x')], ['z']), 'model', 'says no output', 'model.save'],
  [
    'a layer used twice',
    graph([input(), { ...reads(dense('a'), 'x'), inbound_nodes: [1, 2] }], ['a']),
    'layer a',
    'used 2 times',
    'a layer of its own'
  ],
  ['a source that is not there', graph([input(), reads(dense('a'), 'q')], ['a']), 'layer a', 'reads “q”', 'model.save'],
  [
    'a tensor by name',
    graph([input(), { ...dense('a'), inbound_nodes: [{ args: [], kwargs: { mask: tensor('x') } }] }], ['a']),
    'layer a',
    'a tensor by name',
    'by its place'
  ],
  [
    'a model of two inputs inside',
    graph([input(), reads(dense('a'), 'x'), reads(graph([input('u')], ['u'], 'in'), 'x', 'a')], ['in']),
    'layer in',
    'several inputs',
    'KerasWatch'
  ]
]

// Of PyTorch
const linear = linearOf('a', 'x', 2)
const model = (more: Json = {}, nodes = [linear]): Json => modelOf(nodes, { output: 'a', ...more })
/** A file of safetensors with this header. */
function headed(header: Uint8Array, length = header.length): Uint8Array {
  const bytes = new Uint8Array(8 + header.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(header, 8)
  return bytes
}
const described = (value: unknown, tensors: Json = {}): Uint8Array =>
  headed(
    text({ __metadata__: { gradient_clinic: typeof value === 'string' ? value : JSON.stringify(value) }, ...tensors })
  )
const held = (more: Json): Uint8Array =>
  described(model(), { w: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...more } })
let deep: unknown = 1
for (let i = 0; i < 40; i++) deep = [deep]
const EXPORT = 'gradient_clinic.export(model, sample, path)'
const COPY = 'copy or write it again'
const files: [kind: string, bytes: Uint8Array, where: string, what: string, instead: string][] = [
  ['nothing', new Uint8Array(0), 'model', 'empty file', COPY],
  ['a pickle', Uint8Array.from([0x80, 2, 0x2e]), 'model', 'torch.save or pickle', EXPORT],
  ['a file of torch.save', zipSync({ 'net/data.pkl': strToU8('.') }), 'model', 'torch.save or pickle', EXPORT],
  [
    'weights of PyTorch alone',
    headed(text({ a: { dtype: 'F32', shape: [0], data_offsets: [0, 0] } })),
    'model',
    'weights alone',
    EXPORT
  ],
  ['a description that is no JSON', described('{'), 'model', 'no JSON', EXPORT],
  [
    'a description that is nested',
    described(model({}, [{ ...linear, args: [deep] }])),
    'model',
    'more than 16 deep',
    EXPORT
  ],
  ['a description of another kind', described({ a: 1 }), 'model', 'not sound at format', EXPORT],
  ['a later version', described(model({ version: 9 })), 'model', 'its format is 9, and 1', 'update the app'],
  [
    'shared weights',
    described(model({ tied: [['a.weight', 'b.weight']] })),
    'model',
    'a.weight, b.weight',
    'gradient_clinic.watch'
  ],
  ['a header that is cut off', headed(text({ a: {} }), 4000), 'weights', 'it is cut off', COPY],
  ['a header that is no JSON', headed(strToU8('{"a": ')), 'weights', 'no JSON', COPY],
  ['numbers of another kind', held({ dtype: 'I32' }), 'weights', '“w” holds I32', 'as float32'],
  ['numbers without a shape', held({ shape: 'x' }), 'weights', '“w” has no shape', COPY],
  ['numbers that are not there', held({}), 'weights', 'numbers of “w” are not there', COPY],
  ['text', strToU8('[1, 2]'), 'model', 'no file of Keras', 'model.to_json()'],
  ['another zip file', zipSync({ 'x.txt': strToU8('x') }), 'model', 'config.json is missing', 'a .keras file'],
  [
    'a zip file that is cut off',
    fixture('keras/picture.keras').slice(0, 3000),
    'model',
    'zip file is not sound',
    'copy it again'
  ],
  [
    'weights that are no HDF5',
    zipSync({ 'config.json': text(chain(input(), dense('a'))), 'model.weights.h5': strToU8('no') }),
    'model',
    'no HDF5',
    COPY
  ],
  ...keras.map(([kind, value, ...rest]): (typeof files)[number] => [`of Keras, ${kind}`, text(value), ...rest])
]

describe('a file that is refused', () => {
  it.each(files)('%s', async (_kind, bytes, where, what, instead) => {
    const error: unknown = await openModel(bytes, { replace: ['all'] }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(InputError)
    const [{ path, message }] = (error as InputError).problems as [InputError['problems'][number]]
    expect(path).toBe(where)
    // What it is stands in front of the last colon, and what to do behind it.
    const cut = message.en.lastIndexOf(': ')
    expect(message.en.slice(0, cut)).toContain(what)
    expect(message.en.slice(cut)).toContain(instead)
    expect(message.zh).toMatch(/[\u4e00-\u9fff].*：.*请/)
  })
})
