import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { checkExperiment } from '../../../../src/cli/run'
import type { Imported, ImportOptions } from '../../../../src/shared/bridge/imported'
import { importKeras } from '../../../../src/shared/bridge/keras'
import { openKeras } from '../../../../src/shared/bridge/keras/file'
import { knownClasses } from '../../../../src/shared/bridge/keras/layers'
import { readSafetensors, writeSafetensors } from '../../../../src/shared/bridge/safetensors'

type Json = Record<string, unknown>
const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../fixtures/keras', name))
const layer = (class_name: string, config: Json = {}): Json => ({
  class_name,
  config: { name: class_name.toLowerCase(), ...config }
})
const dense = (name: string, more: Json = {}): Json => layer('Dense', { name, units: 4, activation: 'relu', ...more })
const chain = (...layers: Json[]): Json => ({
  class_name: 'Sequential',
  config: { name: 'chain', layers: [layer('InputLayer', { batch_shape: [null, 5] }), ...layers] }
})
const take = (model: Json, compiled?: Json, options: ImportOptions = {}): Imported =>
  importKeras({ model, ...(compiled && { compiled }) }, options)
const codes = (imported: Imported): string[] => imported.faults.map((f) => f.code)
/** What a step of the model reads, in a functional model of Keras 3. */
const reads = (...names: string[]): Json[] => [
  { args: names.map((n) => ({ class_name: '__keras_tensor__', config: { keras_history: [n, 0, 0] } })), kwargs: {} }
]
const graph = (layers: [Json, Json[]][], outputs: string[]): Json => ({
  class_name: 'Functional',
  config: {
    name: 'graph',
    layers: layers.map(([l, inbound_nodes]) => ({ ...l, name: (l.config as Json).name, inbound_nodes })),
    output_layers: outputs.map((o) => [o, 0, 0])
  }
})
const input = (name = 'x'): [Json, Json[]] => [layer('InputLayer', { name, batch_shape: [null, 5] }), []]

describe('the network', () => {
  it.each([
    [{ class_name: 'BinaryCrossentropy', config: {} }, 'sigmoidCrossEntropy', 'classes'],
    ['dice', 'meanSquaredError', 'numbers']
  ])('with several sigmoids at its end trains on data that suit its loss, %j', (loss, id, targets) => {
    const { experiment } = take(chain(dense('last', { units: 3, activation: 'sigmoid' })), { loss })
    expect([experiment.training.loss, experiment.data.dataset]).toMatchObject([{ id }, { targets }])
    const { weights: _, ...own } = experiment
    expect(() => checkExperiment(own as typeof experiment, {})).not.toThrow()
  })
  it('says of a class that the loss leaves out that it counts here', () => {
    const loss = { class_name: 'SparseCategoricalCrossentropy', config: { from_logits: true, ignore_class: 0 } }
    const { notes } = take(chain(dense('last', { activation: 'linear' })), { loss })
    expect(notes.map((n) => n.en)).toContain('class 0 counts in the loss as any other')
  })
  it('of a chain is taken over with names and settings', () => {
    const { experiment, notes, faults } = take(
      chain(
        dense('first', {
          kernel_initializer: { class_name: 'HeNormal', config: {} },
          kernel_regularizer: { class_name: 'L2', config: { l2: 0.02 } }
        }),
        layer('Dropout', { rate: 0.3 }),
        dense('last', { units: 3, activation: 'softmax' })
      ),
      {
        loss: 'categorical_crossentropy',
        // As Keras writes it: a float32.
        optimizer: { class_name: 'Adam', config: { learning_rate: Math.fround(0.003), clipvalue: 2 } }
      }
    )
    expect(experiment.network.nodes.map((n) => [n.id, n.kind, n.inputs])).toEqual([
      ['first', 'dense', ['input']],
      ['dropout', 'dropout', ['first']],
      ['last', 'dense', ['dropout']]
    ])
    expect(experiment.network.nodes[0]).toMatchObject({ params: { initializer: { id: 'heNormal' }, l2: 0.02 } })
    expect(experiment.network.nodes[2]).toMatchObject({ params: { activation: { id: 'linear' } } })
    expect(experiment.training).toMatchObject({
      loss: { id: 'softmaxCrossEntropy' },
      optimizer: { id: 'adam', learningRate: 0.003 },
      hooks: [{ id: 'clipByValue', limit: 2 }]
    })
    expect(experiment.data.dataset).toMatchObject({ id: 'randomData', shape: '5', targets: 'classes', outputs: 3 })
    expect([notes, faults]).toEqual([[], []])
  })
  it('has its end’s function where layers behind it only give another shape', () => {
    const picture = (reads: Json): Imported =>
      take(
        chain(dense('last', { units: 6, activation: 'sigmoid' }), layer('Reshape', { target_shape: [2, 3, 1] })),
        reads
      )
    const { experiment, faults, notes } = picture({ loss: 'binary_crossentropy' })
    expect(faults).toEqual([])
    expect(experiment.network.nodes.map((n) => n.kind)).toEqual(['dense', 'reshape', 'flatten'])
    expect(experiment.network.nodes[0]).toMatchObject({ params: { activation: { id: 'linear' } } })
    expect(experiment.data.dataset).toMatchObject({ targets: 'classes', outputs: 6, steps: 0 })
    expect(notes.map((n) => n.en)).toContainEqual(expect.stringContaining('2 × 3 × 1 at the end is flattened'))
    expect(picture({ loss: { class_name: 'BinaryCrossentropy', config: { from_logits: true } } }).faults).toEqual([
      expect.objectContaining({ code: 'sigmoidTwice' })
    ])
  })
  it('that gives a sequence stands before a target at each step', () => {
    const { experiment } = take(
      {
        class_name: 'Sequential',
        config: {
          name: 'chain',
          layers: [
            layer('InputLayer', { batch_shape: [null, 7, 3] }),
            layer('LSTM', { units: 5, return_sequences: true, activation: 'tanh', recurrent_activation: 'sigmoid' }),
            dense('last', { units: 4, activation: 'softmax' })
          ]
        }
      },
      { loss: 'sparse_categorical_crossentropy' }
    )
    expect(experiment.data.dataset).toMatchObject({ shape: '7, 3', targets: 'classes', outputs: 4, steps: 7 })
  })
  it('of a graph keeps who reads whom, in the words of Keras 3 and of Keras 2', () => {
    const made = (inbound: (...names: string[]) => unknown): string[][] =>
      take(
        graph(
          [
            input(),
            [dense('a'), inbound('x') as Json[]],
            [dense('b'), inbound('a') as Json[]],
            [layer('Add', { name: 'sum' }), inbound('b', 'a') as Json[]]
          ],
          ['sum']
        ),
        { loss: 'mse' }
      ).experiment.network.nodes.map((n) => n.inputs)
    const wanted = [['input'], ['a'], ['b', 'a']]
    expect(made(reads)).toEqual(wanted)
    expect(made((...names) => [names.map((n) => [n, 0, 0, {}])])).toEqual(wanted)
  })
  it('is refused with the reason where it can’t be the same', () => {
    const refused = (model: Json): void => void take(model)
    const shared = graph(
      [input(), [dense('a'), reads('x')], [dense('b', { units: 5 }), [...reads('a'), ...reads('b')]]],
      ['b']
    )
    expect(() => refused(shared)).toThrow('shared layers are not supported')
    expect(() => refused(graph([input(), input('y'), [layer('Add'), reads('x', 'y')]], ['add']))).toThrow(
      'second input'
    )
    expect(() => refused(graph([input(), [dense('a'), reads('x')], [dense('b'), reads('x')]], ['a', 'b']))).toThrow(
      '2 outputs'
    )
    expect(() => refused({ class_name: 'MyModel', config: {} })).toThrow('only Sequential and functional models')
    expect(() => refused(chain(layer('MultiHeadAttention')))).toThrow('“MultiHeadAttention” has no counterpart')
    expect(() => refused({ class_name: 'Sequential', config: { layers: [dense('a')] } })).toThrow('shape of its input')
    let deep: Json = chain(dense('a'))
    for (let i = 0; i < 40; i++) deep = { class_name: 'Sequential', config: { layers: [deep] } }
    expect(() => refused(deep)).toThrow('nested more than')
  })
  it('is replaced by something else only where that was asked for, by name, by class, or all', () => {
    const model = chain(layer('GaussianNoise', { name: 'noise', stddev: 0.1 }), dense('a'))
    expect(() => take(model)).toThrow('its noise is left out. Allow it by --replace noise')
    for (const replace of [['noise'], ['GaussianNoise'], ['all']]) {
      const { experiment, replaced } = take(model, undefined, { replace })
      expect(experiment.network.nodes.map((n) => n.kind)).toEqual(['dense'])
      expect(replaced.map((r) => r.className)).toEqual(['GaussianNoise'])
    }
  })
  it('keeps ids that are none here in its names', () => {
    const { nodes } = take(chain(dense('1/first layer'), dense('input'))).experiment.network
    expect(nodes.map((n) => [n.id, n.name])).toEqual([
      ['first_layer', '1/first layer'],
      ['input1', 'input']
    ])
  })
  it('has no class that is known twice', () => {
    expect(new Set(knownClasses()).size).toBe(knownClasses().length)
  })
})

describe('what is another function here', () => {
  const at = (rank: number, l: Json): Json => ({ ...l, build_config: { input_shape: Array(rank).fill(4) } })
  const pictures = (...layers: Json[]): Json => ({
    class_name: 'Sequential',
    config: { name: 'chain', layers: [layer('InputLayer', { batch_shape: [null, 6, 6, 3] }), ...layers] }
  })
  it('by slopes for each place is refused', () => {
    const prelu = (shared_axes?: number[]): Json => at(4, layer('PReLU', { shared_axes }))
    expect(() => take(pictures(prelu()))).toThrow('slopes for each place')
    expect(() => take(pictures(prelu([1])))).toThrow('slopes for each place')
    expect(take(pictures(prelu([1, 2]))).replaced).toEqual([])
    expect(take(chain(at(2, layer('PReLU')))).replaced).toEqual([])
  })
  it('by a join along another axis than the last is refused', () => {
    const join = (axis: number, rank?: number): Json => {
      const own = { ...layer('Concatenate', { name: 'join', axis }), build_config: { input_shape: [[1, 2, 3, 4]] } }
      return graph(
        [
          input(),
          [dense('a'), reads('x')],
          [rank ? own : layer('Concatenate', { name: 'join', axis }), reads('a', 'x')]
        ],
        ['join']
      )
    }
    expect(() => take(join(2, 4))).toThrow('another axis than the last')
    expect(() => take(join(2))).toThrow('another axis than the last')
    for (const axis of [-1, 3]) expect(take(join(axis, 4)).replaced).toEqual([])
  })
  it('by a softmax over another axis at the end is refused', () => {
    const model = (axis: number): Json => chain(dense('a'), at(3, layer('Softmax', { axis })))
    expect(() => take(model(1))).toThrow('“Softmax” has no counterpart')
    for (const axis of [-1, 2]) expect(take(model(axis)).ending).toBe('softmax')
  })
  it('is the nearest activation where there is one', () => {
    const model = chain(dense('a', { activation: 'relu6' }), dense('b', { activation: 'no_such' }))
    const { experiment, replaced } = take(model, undefined, { replace: ['all'] })
    expect(experiment.network.nodes.map((n) => (n as unknown as { params: Json }).params.activation)).toEqual([
      { id: 'relu' },
      { id: 'linear' }
    ])
    expect(replaced.flatMap((r) => r.texts.map((t) => t.en))).toEqual([
      expect.stringContaining('relu takes its place'),
      expect.stringContaining('linear takes its place')
    ])
  })
  it('is not a variance by its own formula', () => {
    const start = (config: Json): unknown =>
      take(chain(dense('a', { kernel_initializer: { class_name: 'VarianceScaling', config } })), undefined, {
        replace: ['all']
      }).experiment.network.nodes[0]
    const is = (initializer: Json): unknown =>
      expect.objectContaining({ params: expect.objectContaining({ initializer }) })
    expect(start({ scale: 4, mode: 'fan_in', distribution: 'uniform' })).toEqual(is({ id: 'lecunUniform', gain: 2 }))
    expect(start({ scale: 1, mode: 'fan_avg', distribution: 'truncated_normal' })).toEqual(
      is({ id: 'glorotNormal', gain: 1 })
    )
    expect(start({ scale: 1, mode: 'fan_out' })).toEqual(is({ id: 'glorotUniform', gain: 1 }))
  })
})

describe('how a model is trained', () => {
  const training = (compiled: Json, model = chain(dense('a', { units: 1, activation: 'linear' }))): Imported =>
    take(model, { loss: 'mse', optimizer: { class_name: 'SGD', config: { learning_rate: 0.1 } }, ...compiled })
  const said = (imported: Imported): string => imported.notes.map((n) => n.en).join('; ')
  it('stands in the text of to_json, too', async () => {
    const model = { ...chain(dense('a')), compile_config: { loss: 'mae' } }
    const bytes = new TextEncoder().encode(JSON.stringify(model))
    const { experiment } = await openKeras(bytes, (m) => importKeras(m))
    expect(experiment.training.loss.id).toBe('meanAbsoluteError')
  })
  it('is told where the file doesn’t say it', () => {
    expect(said(take(chain(dense('a'))))).toMatch(/no loss is known: mean squared error.*no optimizer is known/)
    expect(said(take(chain(dense('a', { activation: 'softmax' }))))).toContain('softmax cross-entropy is taken')
    const other = training({ loss: 'log_cosh' })
    expect(said(other)).toMatch(/“log_cosh” has no counterpart.*mean squared error is taken/)
    const focal = training(
      { loss: 'binary_focal_crossentropy' },
      chain(dense('a', { units: 1, activation: 'sigmoid' }))
    )
    expect([focal.experiment.training.loss.id, codes(focal)]).toEqual(['sigmoidCrossEntropy', []])
    expect(said(focal)).toContain('focal factor')
  })
  it.each([
    [{ loss_weights: [3] }, 'not multiplied by 3'],
    [{ loss: { class_name: 'MeanSquaredError', config: { reduction: 'sum' } } }, 'not the sum'],
    [{ optimizer: { class_name: 'SGD', config: { use_ema: true } } }, 'moving average'],
    [{ optimizer: { class_name: 'SGD', config: { gradient_accumulation_steps: 4 } } }, 'gradients of 4 batches']
  ])('%j is told', (compiled, words) => {
    expect(said(training(compiled))).toContain(words)
    expect(said(training({}))).toBe('')
  })
  it('has the loss of its only output, by whatever name', () => {
    expect(training({ loss: { out: 'mae' } }).experiment.training.loss.id).toBe('meanAbsoluteError')
  })
})

describe('faults that no training complains of', () => {
  const crossEntropy = (from_logits: boolean, binary = false): Json => ({
    loss: { class_name: binary ? 'BinaryCrossentropy' : 'CategoricalCrossentropy', config: { from_logits } }
  })
  it.each([
    ['softmaxTwice', chain(dense('a', { activation: 'softmax' })), crossEntropy(true)],
    ['logitsAsProbabilities', chain(dense('a', { activation: 'linear' })), crossEntropy(false)],
    ['sigmoidTwice', chain(dense('a', { units: 1, activation: 'sigmoid' })), crossEntropy(true, true)],
    ['logitsAsProbabilities', chain(dense('a', { units: 1, activation: 'linear' })), crossEntropy(false, true)]
  ])('%s is named, and can’t stay', (code, model, compiled) => {
    const imported = take(model, compiled)
    expect(imported.faults).toMatchObject([{ code, always: true }])
    expect(imported.experiment.network.nodes[0]).toMatchObject({ params: { activation: { id: 'linear' } } })
  })
  it('an activation in front of the loss’s own function is named, and taken away when asked', () => {
    const model = chain(dense('a', { units: 3, activation: 'relu' }))
    expect(codes(take(model, crossEntropy(true)))).toEqual(['activationAtTheEnd'])
    expect(codes(take(chain(dense('a', { units: 1, activation: 'tanh' })), crossEntropy(true, true)))).toEqual([
      'activationAtTheEnd'
    ])
    const { experiment } = take(model, crossEntropy(true), { mend: ['activationAtTheEnd'] })
    expect(experiment.network.nodes[0]).toMatchObject({ params: { activation: { id: 'linear' } } })
  })
  it('softmax over a single unit is named, and a sigmoid’s loss taken when asked', () => {
    const model = chain(dense('a', { units: 1, activation: 'softmax' }))
    expect(codes(take(model, { loss: 'binary_crossentropy' }))).toEqual(['softmaxOfOne'])
    expect(take(model, { loss: 'binary_crossentropy' }, { mend: ['all'] }).experiment.training.loss.id).toBe(
      'sigmoidCrossEntropy'
    )
  })
  it('sigmoid with mean squared error is named, and mended when asked', () => {
    const model = chain(dense('a', { units: 1, activation: 'sigmoid' }))
    const [kept, mended] = [[], ['sigmoidWithMeanSquaredError']].map((mend) => take(model, { loss: 'mse' }, { mend }))
    expect([codes(kept!), codes(mended!)]).toEqual([['sigmoidWithMeanSquaredError'], ['sigmoidWithMeanSquaredError']])
    expect(kept!.experiment.training.loss.id).toBe('meanSquaredError')
    expect(mended!.experiment.training.loss.id).toBe('sigmoidCrossEntropy')
    expect(mended!.experiment.network.nodes[0]).toMatchObject({ params: { activation: { id: 'linear' } } })
  })
  it('weights that start alike are named, and drawn as their activation wants when asked', () => {
    const model = chain(dense('a', { kernel_initializer: 'zeros' }), dense('b', { units: 1 }))
    expect(codes(take(model))).toEqual(['zeroInitializer'])
    const { experiment } = take(model, undefined, { mend: ['all'] })
    expect(experiment.network.nodes[0]).toMatchObject({ params: { initializer: { id: 'heNormal' } } })
  })
  it.each(['Rescaling', 'Normalization'])('inputs that %s no longer scales are named', (name) => {
    const model = chain(layer(name, { name: 'scale', scale: 1 / 255, offset: 0 }), dense('a', { units: 1 }))
    expect(take(model, undefined, { replace: ['scale'] }).faults).toMatchObject([
      { code: 'inputsNotScaled', layer: 'input', always: true }
    ])
    expect(codes(take(chain(dense('a', { units: 1 }))))).toEqual([])
  })
  it('a norm behind dropout is named, and changes places when asked', () => {
    const model = chain(
      dense('a'),
      layer('Dropout', { name: 'drop' }),
      layer('BatchNormalization', { name: 'norm' }),
      dense('b')
    )
    expect(codes(take(model))).toEqual(['normAfterDropout'])
    const { nodes } = take(model, undefined, { mend: ['normAfterDropout'] }).experiment.network
    expect(nodes.map((n) => [n.id, n.inputs[0]])).toEqual([
      ['a', 'input'],
      ['norm', 'a'],
      ['drop', 'norm'],
      ['b', 'drop']
    ])
  })
  it('a bias before a norm is named, and left out when asked', () => {
    const model = chain(dense('a', { activation: 'linear' }), layer('BatchNormalization', { name: 'norm' }), dense('b'))
    expect(codes(take(model))).toEqual(['biasBeforeNorm'])
    const { nodes } = take(model, undefined, { mend: ['biasBeforeNorm'] }).experiment.network
    expect(nodes[0]).toMatchObject({ params: { bias: false } })
    expect(
      codes(take(chain(dense('a', { activation: 'linear', use_bias: false }), layer('BatchNormalization'), dense('b'))))
    ).toEqual([])
  })
})

describe('a file', () => {
  const open = (bytes: Uint8Array): Promise<Imported> =>
    openKeras(bytes, (model) => importKeras(model, { replace: ['all'], weightsFile: 'w' }))
  it('of each kind opens, with the optimizer, the loss and what clips', async () => {
    const [zipped, legacy, bare] = await Promise.all(
      ['recurrent.keras', 'recurrent.h5', 'residual.json'].map((f) => open(fixture(f)))
    )
    expect(zipped!.experiment.training).toMatchObject({
      optimizer: { id: 'momentum', momentum: 0.8, nesterov: true },
      loss: { id: 'meanSquaredError' },
      hooks: [{ id: 'clipByGlobalNorm', maxNorm: 0.5 }]
    })
    expect([...legacy!.weights]).toEqual([...zipped!.weights])
    expect(legacy!.experiment.training.optimizer).toEqual(zipped!.experiment.training.optimizer)
    expect([bare!.weights.size, bare!.experiment.weights]).toEqual([0, undefined])
  })
  it('that is cut off, of another kind, or hostile is refused in words', async () => {
    const whole = fixture('picture.keras')
    for (let part = 0; part < 1; part += 0.07) {
      const cut = whole.subarray(0, Math.floor(whole.length * part))
      await expect(open(cut), `${part}`).rejects.toMatchObject({ problems: expect.anything() })
    }
    const h5 = fixture('picture.h5')
    await expect(open(h5.subarray(0, 3000))).rejects.toMatchObject({ problems: expect.anything() })
    const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
    await expect(open(text([1, 2]))).rejects.toThrow('is no file of Keras')
    await expect(open(zipSync({ 'x.txt': text('x') }))).rejects.toThrow('config.json is missing')
    const pickle = Uint8Array.from([0x80, 2, 0x63, 0x6f, 0x73])
    await expect(open(pickle)).rejects.toMatchObject({ problems: expect.anything() })
    const bomb = zipSync({ 'config.json': new Uint8Array(80e6) })
    await expect(open(bomb)).rejects.toThrow('larger than 64 MB')
    const config = text(chain(dense('a')))
    await expect(open(zipSync({ 'config.json': config, 'model.weights.h5': text('no') }))).rejects.toThrow('no HDF5')
  })
})

describe('safetensors', () => {
  const tensors = new Map([
    ['a/kernel', { shape: [2, 2], values: Float32Array.from([1, -2, 0.5, NaN]) }],
    ['b', { shape: [], values: Float32Array.from([7]) }]
  ])
  it('give back what was written', () => {
    expect(readSafetensors(writeSafetensors(tensors))).toEqual(tensors)
  })
  it('that lie about their sizes are refused', () => {
    const bytes = writeSafetensors(tensors)
    const text = new TextDecoder('latin1').decode(bytes)
    const with_ = (from: string, to: string): Uint8Array => {
      expect(text).toContain(from)
      return Uint8Array.from(text.replace(from, to), (c) => c.charCodeAt(0))
    }
    expect(() => readSafetensors(with_('[2,2]', '[2,3]'))).toThrow('are not there')
    expect(() => readSafetensors(with_('[16,20]', '[99,20]'))).toThrow('are not there')
    expect(() => readSafetensors(with_('"F32"', '"I32"'))).toThrow('holds I32')
    for (let n = 0; n < bytes.length; n += 3) expect(() => readSafetensors(bytes.subarray(0, n))).toThrow('safetensors')
  })
})
