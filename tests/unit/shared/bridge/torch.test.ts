import { describe, expect, it } from 'vitest'
import { openModel } from '../../../../src/shared/bridge/open'
import type { Imported } from '../../../../src/shared/bridge/imported'
import { linear, model } from './torchModel'

type Json = Record<string, unknown>
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
/** A file without numbers, whose header describes a model. */
function fileOf(model: unknown, tensors: Json = {}): Uint8Array {
  const header = text({ __metadata__: { gradient_clinic: JSON.stringify(model) }, ...tensors })
  const bytes = new Uint8Array(8 + header.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
  bytes.set(header, 8)
  return bytes
}
const call = (op: string, from: string, more: Json = {}): Json => ({
  name: op,
  call: 'function',
  op,
  args: [{ node: from }],
  shape: [2, 3],
  ...more
})
const open = (value: unknown): Promise<Imported> => openModel(fileOf(value), { replace: ['all'] })

describe('a model of PyTorch', () => {
  it.each([
    [true, 1],
    [false, 0]
  ])('with a recurrent layer tells that two biases become one: %s', async (bias, told) => {
    const lstm = {
      name: 'lstm',
      call: 'module',
      op: 'LSTM',
      path: 'lstm',
      args: [{ node: 'x' }],
      settings: { input_size: 3, hidden_size: 4, num_layers: 1, bias, batch_first: true }
    }
    const states = { name: 'getitem', call: 'function', op: 'getitem', args: [{ node: 'lstm' }, 0], shape: [2, 5, 4] }
    const { notes } = await open(
      model([lstm, states, { ...linear('out', 'getitem'), shape: [2, 5, 3] }], {
        input: { shape: [2, 5, 3], integer: false }
      })
    )
    expect(notes.filter((n) => n.en.includes('two biases'))).toHaveLength(told)
  })
  it('has activations in the layers in front of them, and a softmax in the loss', async () => {
    const { experiment, layers, ending } = await open(
      model(
        [linear('a', 'x'), call('tanh', 'a'), linear('b', 'tanh'), call('log_softmax', 'b', { kwargs: { dim: 1 } })],
        {
          optimizer: { name: 'SGD', settings: { lr: 0.05, momentum: 0.8, nesterov: true } },
          loss: { name: 'NLLLoss', settings: {} },
          schedule: { name: 'StepLR', settings: { step_size: 30, gamma: 0.1 } }
        }
      )
    )
    expect(experiment.network.nodes.map((n) => [n.id, (n as unknown as { params: Json }).params.activation])).toEqual([
      ['a', { id: 'tanh' }],
      ['b', { id: 'linear' }]
    ])
    expect(experiment.training).toMatchObject({
      optimizer: { id: 'momentum', learningRate: 0.05, momentum: 0.8, nesterov: true },
      loss: { id: 'softmaxCrossEntropy' },
      schedule: { id: 'step', every: 30, gamma: 0.1 }
    })
    expect([layers[0]!.with, ending]).toEqual(['tanh', 'logSoftmax'])
  })
  it.each([
    ['softmaxTwice', 'softmax', 'CrossEntropyLoss'],
    ['probabilitiesAsLogs', 'softmax', 'NLLLoss'],
    ['sigmoidWithMeanSquaredError', 'sigmoid', 'MSELoss'],
    ['sigmoidTwice', 'sigmoid', 'BCEWithLogitsLoss'],
    ['logitsAsProbabilities,activationAtTheEnd', 'relu', 'BCELoss'],
    ['activationAtTheEnd', 'relu', 'CrossEntropyLoss'],
    ['activationAtTheEnd', 'tanh', 'BCEWithLogitsLoss']
  ])('%s is named', async (code, op, loss) => {
    const { faults } = await open(
      model([linear('a', 'x'), call(op, 'a', { kwargs: { dim: 1 } })], { loss: { name: loss, settings: {} } })
    )
    expect(faults.map((f) => f.code).join()).toBe(code)
  })
  it.each([
    [['weight', 'bias'], []],
    [['weight'], ['it gets a shift that is learnt']]
  ])('says of a layer norm with %j what it learns here', async (tensors, told) => {
    const settings = { normalized_shape: [3], eps: 1e-5, elementwise_affine: true, tensors }
    const norm = { ...linear('norm', 'x'), op: 'LayerNorm', settings }
    const { replaced } = await open(model([norm, linear('out', 'norm')]))
    expect(replaced.flatMap((r) => r.texts.map((t) => t.en))).toEqual(told)
  })
  it('that drops values when it predicts is told so, and is not compared', async () => {
    const { faults, sample } = await open(
      model([linear('a', 'x'), call('dropout', 'a', { kwargs: { p: 0.5, training: true } }), linear('b', 'dropout')])
    )
    expect([faults.map((f) => f.code), sample]).toEqual([['dropoutAlways'], undefined])
  })
  it('adds what is multiplied by a number', async () => {
    const { nodes } = (
      await open(
        model([
          linear('a', 'x'),
          call('mul', 'a', { args: [{ node: 'a' }, 0.5] }),
          call('add', 'x', { args: [{ node: 'x' }, { node: 'mul' }] }),
          linear('b', 'add')
        ])
      )
    ).experiment.network
    expect(nodes[1]).toMatchObject({ kind: 'add', params: { scale: 0.5 }, inputs: ['a', 'input'] })
  })
})

describe('what takes axes away', () => {
  const whole = { slice: [null, null, null] }
  /** One number an example, its axis taken away by a call. */
  const column = (op: string, ...args: unknown[]): Json =>
    model([linear('a', 'x', 1), call(op, 'a', { args: [{ node: 'a' }, ...args], shape: [2] })])
  it.each([
    ['squeeze', [-1]],
    ['view', [-1]],
    ['getitem', [[whole, 0]]],
    ['getitem', [[{ ellipsis: true }, -1]]]
  ])('%s%j of a column is no layer here', async (op, args) => {
    const { experiment } = await open(column(op, ...args))
    expect(experiment.network.nodes.map((n) => n.kind)).toEqual(['dense'])
    expect(experiment.data.dataset).toMatchObject({ outputs: 1, steps: 0 })
  })
  it.each([
    ['an axis of several', [[whole, 0]], [2]],
    ['a part', [[whole, { slice: [0, 1, null] }]], [2, 1]]
  ])('%s is still refused', async (_name, args, shape) => {
    const value = model([linear('a', 'x'), call('getitem', 'a', { args: [{ node: 'a' }, ...args], shape })])
    await expect(open(value)).rejects.toThrow('takes a part of a tensor')
  })
  it.each(['mul', 'add'])('a factor that learns is read before an addition alone, and not twice: %s', async (op) => {
    const factor = { name: 'alpha', call: 'tensor', op: 'alpha', args: [], learns: true }
    const tensors = { 'weights/alpha': { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }
    const scaled = call('mul', 'a', { args: [{ node: 'alpha' }, { node: 'a' }] })
    const behind = call(op, 'mul', { name: 'end', args: [{ node: 'mul' }, { node: op === 'add' ? 'x' : 'alpha' }] })
    const header = fileOf(model([factor, linear('a', 'x'), scaled, behind, linear('b', 'end')]), tensors)
    const file = new Uint8Array([...header, 0, 0, 0, 63])
    if (op === 'mul') await expect(openModel(file, { replace: ['all'] })).rejects.toThrow('multiplies two tensors')
    else {
      const { experiment, weights } = await openModel(file, { replace: ['all'] })
      expect(experiment.network.nodes[1]).toMatchObject({
        kind: 'add',
        params: { scale: 0.5, learnScale: true },
        inputs: ['a', 'input']
      })
      expect(weights.get('add/scale')).toEqual({ shape: [], values: Float32Array.of(0.5) })
    }
  })
})

it('a number that is divided by a result is no factor of it', async () => {
  const value = model([
    linear('a', 'x'),
    call('truediv', 'a', { args: [2, { node: 'a' }] }),
    call('add', 'x', { args: [{ node: 'x' }, { node: 'truediv' }] })
  ])
  await expect(open(value)).rejects.toThrow('multiplies two tensors')
})
it('a factor that learns in two places is refused as shared', async () => {
  const scaled = (name: string, from: string): Json[] => [
    call('mul', from, { name: `${name}1`, args: [{ node: 'alpha' }, { node: from }] }),
    call('add', from, { name: `${name}2`, args: [{ node: `${name}1` }, { node: 'x' }] })
  ]
  const factor = { name: 'alpha', call: 'tensor', op: 'alpha', args: [], learns: true }
  const tensors = { 'weights/alpha': { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }
  const header = fileOf(model([factor, linear('a', 'x'), ...scaled('b', 'a'), ...scaled('c', 'b2')]), tensors)
  const file = new Uint8Array([...header, 0, 0, 0, 63])
  await expect(openModel(file)).rejects.toThrow('shared layers are not supported')
})

describe('a file of PyTorch is refused in words', () => {
  it.each([
    ['no model', { a: 1 }, 'not sound'],
    ['another version', model([linear('a', 'x')], { version: 9 }), 'newer gradient_clinic'],
    [
      'one module twice',
      model([linear('a', 'x'), { ...linear('b', 'a'), path: 'a' }]),
      'shared layers are not supported'
    ],
    ['one parameter twice', model([linear('a', 'x')], { tied: [['a.weight', 'b.weight']] }), 'shared weights'],
    ['a call of nothing', model([linear('a', 'nowhere')]), 'directly'],
    ['an unknown module', model([{ ...linear('a', 'x'), op: '__proto__' }]), 'has no counterpart'],
    [
      'a product of tensors',
      model([linear('a', 'x'), call('mul', 'a', { args: [{ node: 'a' }, { node: 'x' }] })]),
      'multiplies two'
    ],
    ['an output that is not there', model([linear('a', 'x')], { output: 'b' }), 'says no output']
  ])('%s', async (_name, value, words) => {
    await expect(open(value)).rejects.toThrow(words)
  })
  it('where it is nested too deeply, cut off, or holds weights alone', async () => {
    let deep: unknown = 1
    for (let i = 0; i < 500; i++) deep = [deep]
    await expect(open(model([{ ...linear('a', 'x'), args: [deep] }]))).rejects.toThrow('nested more than')
    const whole = fileOf(model([linear('a', 'x')]))
    for (let part = 0; part < 1; part += 0.1)
      await expect(openModel(whole.subarray(0, Math.floor(whole.length * part)))).rejects.toMatchObject({
        problems: expect.anything()
      })
    const bare = text({ a: { dtype: 'F32', shape: [0], data_offsets: [0, 0] } })
    const file = new Uint8Array(8 + bare.length)
    new DataView(file.buffer).setBigUint64(0, BigInt(bare.length), true)
    file.set(bare, 8)
    await expect(openModel(file)).rejects.toThrow('weights alone')
  })
})
