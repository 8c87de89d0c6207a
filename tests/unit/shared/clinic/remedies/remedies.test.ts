import { describe, expect, it } from 'vitest'
import { nodeAt } from '@shared/experiment/edit'
import type { DataInfo } from '@shared/catalog/datasets'
import { layers } from '@shared/catalog/layers'
import { ShapeError } from '@shared/catalog/layers/types'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, type Spec } from '@shared/base/params'
import { fixFor } from '@shared/experiment/fix'
import { remedies } from '@shared/clinic/remedies'
import { starterExperiment, vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import {
  applyRemedy,
  diffExperiments,
  parseExperiment,
  planExperiment,
  remedyBlocked,
  type BlockNode,
  type Experiment,
  type LayerNode
} from '@shared/experiment'

const digits: DataInfo = { inputShape: [64], targetShape: [10], task: 'multiclass', count: 1797 }
const choice = (id: string, more: Record<string, unknown> = {}): Spec => ({
  id,
  ...defaultsOf(remedies.get(id).fields, lookup),
  ...more
})
const apply = (e: Experiment, id: string, more = {}, info = digits): Experiment =>
  applyRemedy(e, choice(id, more), info)
const why = (e: Experiment, id: string, more = {}, info = digits): string | undefined =>
  remedyBlocked(e, choice(id, more), info)?.en
const chain = (e: Experiment, info = digits): string[] =>
  planExperiment(e, info).layers.map((l) => `${l.id}<${l.inputs.join('+')}`)
const mainCount = (e: Experiment): number => planExperiment(e, digits).layers.filter((l) => l.main).length
const dense = (id: string, units: number, more: object = {}): object => ({
  id,
  kind: 'dense',
  params: { units, activation: 'sigmoid', ...more }
})
const net = (...nodes: object[]): Experiment =>
  parseExperiment({
    data: { dataset: 'digits' },
    network: { nodes: [...nodes, dense('out', 10, { activation: 'linear' })] },
    training: { loss: 'softmaxCrossEntropy' }
  })
const deep = vanishingExperiment(20)

describe('activation', () => {
  it('swaps every hidden activation with its initializer, and leaves the output layer', () => {
    const now = apply(deep, 'activation')
    const ids = diffExperiments(deep, now).map((c) => [c.path, (c.before as Spec).id, (c.after as Spec).id])
    expect(ids).toEqual([
      ['network.nodes.dense1.params.activation', 'sigmoid', 'relu'],
      ['network.nodes.dense1.params.initializer', 'glorotUniform', 'heNormal'],
      ['network.nodes.hidden.body.dense.params.activation', 'sigmoid', 'relu'],
      ['network.nodes.hidden.body.dense.params.initializer', 'glorotUniform', 'heNormal']
    ])
  })
  it('can leave the initializer alone', () => {
    expect(
      diffExperiments(deep, apply(deep, 'activation', { matching: false })).every((c) => c.path.includes('.activation'))
    ).toBe(true)
  })
  it('swaps in maxout, which takes the place of a dense layer and its activation', () => {
    const now = apply(deep, 'activation', { by: 'maxout', pieces: 3 })
    const kinds = (e: Experiment): string[] => planExperiment(e, digits).layers.map((l) => l.kind.id)
    expect(kinds(now)).toEqual([
      ...kinds(deep)
        .slice(0, -1)
        .map(() => 'maxout'),
      'dense'
    ])
    expect(planExperiment(now, digits).problems).toEqual([])
    expect(nodeAt(now.network, 'hidden/dense')).toMatchObject({
      params: { units: 64, pieces: 3, initializer: { id: 'lecunNormal' } }
    })
    const kept = apply(deep, 'activation', { by: 'maxout', matching: false })
    expect(nodeAt(kept.network, 'dense1')).toMatchObject({ params: { initializer: { id: 'glorotUniform' } } })

    // An activation that is a layer of its own goes with it; what is linear or of another kind stays.
    const apart = net(
      dense('a', 8, { activation: 'linear' }),
      { id: 'bend', kind: 'activation' },
      dense('b', 8, { activation: 'linear' }),
      dense('c', 8)
    )
    expect(chain(apply(apart, 'activation', { by: 'maxout' }))).toEqual(['a<input', 'b<a', 'c<b', 'out<c'])
    expect(kinds(apply(apart, 'activation', { by: 'maxout' }))).toEqual(['maxout', 'dense', 'maxout', 'dense'])
    expect(why(net(dense('a', 8, { activation: 'linear' })), 'activation', { by: 'maxout' })).toContain('add one')
  })
  it('reaches activations behind a batch norm', () => {
    const now = apply(apply(deep, 'batchNorm'), 'activation', { to: { id: 'tanh' } })
    expect(
      planExperiment(now, digits)
        .layers.filter((l) => l.kind.id === 'activation')
        .every((l) => l.activation!.id === 'tanh')
    ).toBe(true)
    expect(
      planExperiment(now, digits)
        .layers.filter((l) => l.main)
        .every((l) => l.activation!.id === 'linear')
    ).toBe(true)
  })
  describe('of recurrent cells', () => {
    const steps: DataInfo = { inputShape: [12, 3], targetShape: [10], task: 'multiclass', count: 100, timeAxis: true }
    const cell = (kind: string, more: object = {}): Experiment =>
      net({ id: 'cell', kind, params: { units: 8, ...more } })
    const rnn = cell('simpleRnn')
    it('swaps that of a simple one when told', () => {
      expect(why(rnn, 'activation', {}, steps)).toContain('Simple recurrent cells too')
      const now = apply(rnn, 'activation', { recurrent: true }, steps)
      expect(diffExperiments(rnn, now).map((c) => [c.path, (c.after as Spec).id])).toEqual([
        ['network.nodes.cell.params.activation', 'relu']
      ])
      expect(planExperiment(now, steps).problems).toEqual([])
      // The IRNN (Le 2015): with the recurrent weights from the identity.
      const irnn = apply(
        cell('simpleRnn', { recurrentInitializer: 'identity' }),
        'activation',
        { recurrent: true },
        steps
      )
      expect((irnn.network.nodes[0] as LayerNode).params).toMatchObject({
        activation: { id: 'relu' },
        recurrentInitializer: { id: 'identity' }
      })
    })
    it('leaves gates alone, and says so', () => {
      for (const kind of ['lstm', 'gru'])
        expect(why(cell(kind), 'activation', { recurrent: true }, steps)).toContain('gates')
      const both = net(
        { id: 'rnn', kind: 'simpleRnn', params: { units: 8, returnSequences: true } },
        { id: 'gru', kind: 'gru', params: { units: 8 } }
      )
      expect(diffExperiments(both, apply(both, 'activation', { recurrent: true }, steps)).map((c) => c.path)).toEqual([
        'network.nodes.rnn.params.activation'
      ])
    })
    it('takes no slope that would have to be learnt', () =>
      expect(
        why(rnn, 'activation', { recurrent: true, to: { id: 'prelu', alpha: 0.25, shared: false } }, steps)
      ).toContain('slope'))
    it('is no part of self-normalising', () => expect(why(rnn, 'selu', {}, steps)).toContain('Swap activation'))
  })
  it('says when nothing bends', () =>
    expect(why(net(dense('a', 8, { activation: 'linear' })), 'activation')).toContain('No hidden layer'))
})

describe('initializer', () => {
  it('takes the output layer only when told', () => {
    const paths = (more: object): string[] => diffExperiments(deep, apply(deep, 'initializer', more)).map((c) => c.path)
    expect(paths({}).some((p) => p.includes('nodes.output'))).toBe(false)
    expect(paths({ output: true }).some((p) => p.includes('nodes.output'))).toBe(true)
  })
})

describe('batch norm', () => {
  it('turns f(xW + b) into xW → norm → f, in blocks too', () => {
    const now = apply(net(dense('a', 64), { id: 'h', kind: 'repeat', times: 2, body: [dense('d', 64)] }), 'batchNorm')
    expect(chain(now)).toEqual([
      'a<input',
      'a-norm<a',
      'a-act<a-norm',
      'h.1.d<a-act',
      'h.1.d-norm<h.1.d',
      'h.1.d-act<h.1.d-norm',
      'h.2.d<h.1.d-act',
      'h.2.d-norm<h.2.d',
      'h.2.d-act<h.2.d-norm',
      'out<h.2.d-act'
    ])
    const a = now.network.nodes[0] as LayerNode
    expect(a.params).toMatchObject({ activation: { id: 'linear' }, bias: false })
    expect((now.network.nodes[2] as LayerNode).params.activation).toMatchObject({ id: 'sigmoid' })
  })
  it('gives new layers ids of their own', () => {
    const now = apply(net(dense('a', 8), dense('a-norm', 8), dense('a-act', 8)), 'batchNorm')
    const ids = now.network.nodes.map((n) => n.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(planExperiment(now, digits).problems).toEqual([])
  })
  it('is blocked where it is, where nothing is hidden, and where a step sees one example', () => {
    expect(why(apply(deep, 'batchNorm'), 'batchNorm')).toContain('already')
    expect(why(net(), 'batchNorm')).toContain('no hidden layer')
    expect(why({ ...deep, training: { ...deep.training, batchSize: 1 } }, 'batchNorm')).toContain('at least 2')
    expect(why(apply(deep, 'layerNorm'), 'batchNorm')).toContain('already')
  })
})

describe('what undoes or doubles another', () => {
  const set = (training: Partial<Experiment['training']>): Experiment => ({
    ...deep,
    training: { ...deep.training, ...training }
  })
  it('is named: weight decay beside AdamW’s own', () => {
    expect(why(set({ optimizer: { id: 'adamW', learningRate: 0.001, weightDecay: 0.01 } }), 'weightDecay')).toContain(
      'AdamW'
    )
    expect(why(set({ optimizer: { id: 'adamW', learningRate: 0.001, weightDecay: 0 } }), 'weightDecay')).toBeUndefined()
    expect(why(set({ optimizer: { id: 'adam', learningRate: 0.001 } }), 'weightDecay')).toBeUndefined()
  })
  it('is named: a warm-up that outlasts the run', () => {
    expect(why(set({ steps: 40 }), 'warmUp', { steps: 41 })).toContain('40 steps')
    expect(why(set({ steps: 40 }), 'warmUp', { steps: 40 })).toBeUndefined()
  })
  it.each([
    ['spectralNorm', 'batchNorm'],
    ['selu', 'residual']
  ])('is named: %s with %s', (a, b) => {
    for (const [first, second] of [
      [a, b],
      [b, a]
    ] as const)
      expect(remedyBlocked({ ...deep, remedies: [choice(first)] }, choice(second), digits)?.en).toContain(
        remedies.get(first).name.en
      )
  })
})

describe('residual', () => {
  it('adds each square hidden layer to its own input', () => {
    const now = apply(net(dense('a', 32), dense('b', 32), dense('c', 16)), 'residual')
    expect(chain(now)).toEqual(['a<input', 'b<a', 'b-add<b+a', 'c<b-add', 'out<c'])
    expect(chain(apply(net(dense('a', 32), dense('b', 32), dense('c', 32)), 'residual'))).toEqual([
      'a<input',
      'b<a',
      'b-add<b+a',
      'c<b-add',
      'c-add<c+b-add',
      'out<c-add'
    ])
    expect((now.network.nodes[2] as LayerNode).params).toEqual({ scale: 0.25, learnScale: false })
  })
  it('goes around the whole of dense → norm → activation', () => {
    const now = apply(apply(net(dense('a', 32), dense('b', 32)), 'batchNorm'), 'residual')
    expect(chain(now)).toEqual([
      'a<input',
      'a-norm<a',
      'a-act<a-norm',
      'b<a-act',
      'b-norm<b',
      'b-act<b-norm',
      'b-add<b-act+a-act',
      'out<b-add'
    ])
  })
  it('spans two neighbours with every = 2', () => {
    const now = apply(net(dense('a', 32), dense('b', 32), dense('c', 32), dense('d', 32)), 'residual', { every: 2 })
    expect(chain(now)).toEqual(['a<input', 'b<a', 'c<b', 'c-add<c+a', 'd<c-add', 'out<d'])
  })
  it('folds a block of single layers into half as many pairs, with the odd one behind', () => {
    const block = (times: number): Experiment =>
      net(dense('a', 32), { id: 'h', kind: 'repeat', times, body: [dense('d', 32)] })
    expect(chain(apply(block(4), 'residual', { every: 2 }))).toEqual([
      'a<input',
      'h.1.d<a',
      'h.1.d-2<h.1.d',
      'h.1.d-add<h.1.d-2+a',
      'h.2.d<h.1.d-add',
      'h.2.d-2<h.2.d',
      'h.2.d-add<h.2.d-2+h.1.d-add',
      'out<h.2.d-add'
    ])
    const odd = chain(apply(block(5), 'residual', { every: 2 }))
    expect(odd.slice(-2)).toEqual(['h-rest.1.d<h.2.d-add', 'out<h-rest.1.d'])
    for (const times of [2, 3, 18, 19]) expect(mainCount(apply(block(times), 'residual', { every: 2 }))).toBe(times + 2)
  })
  it('is blocked with the reason', () => {
    expect(why(net(dense('a', 32), dense('b', 16)), 'residual')).toContain('as wide as its input')
    expect(why(apply(deep, 'residual'), 'residual')).toContain('already')
    expect(why(net(dense('a', 32), dense('b', 32), dense('c', 16)), 'residual', { every: 2 })).toContain('neighbouring')
  })
  it('puts the activation behind the sum, or norm and activation before the weights', () => {
    const plain = net(dense('a', 32), dense('b', 32))
    expect(chain(apply(plain, 'residual', { order: 'post' }))).toEqual([
      'a<input',
      'b<a',
      'b-add<b+a',
      'b-act<b-add',
      'out<b-act'
    ])
    const pre = apply(plain, 'residual', { order: 'pre' })
    expect(chain(pre)).toEqual(['a<input', 'b-act<a', 'b<b-act', 'b-add<b+a', 'out<b-add'])
    const act = (e: Experiment, id: string): unknown =>
      (e.network.nodes.find((n) => n.id === id) as LayerNode).params['activation']
    expect([act(pre, 'b'), act(pre, 'b-act'), act(pre, 'a')]).toMatchObject([
      { id: 'linear' },
      { id: 'sigmoid' },
      { id: 'sigmoid' }
    ])
    const normed = apply(plain, 'batchNorm')
    expect(chain(apply(normed, 'residual', { order: 'pre' })).slice(3)).toEqual([
      'b-norm<a-act',
      'b-act<b-norm',
      'b<b-act',
      'b-add<b+a-act',
      'out<b-add'
    ])
    expect(chain(apply(normed, 'residual', { order: 'post' })).slice(3)).toEqual([
      'b<a-act',
      'b-norm<b',
      'b-add<b-norm+a-act',
      'b-act<b-add',
      'out<b-act'
    ])
    // In the copies of a block, one by one and two by two.
    const block = net(dense('a', 32), { id: 'h', kind: 'repeat', times: 3, body: [dense('d', 32)] })
    expect(chain(apply(block, 'residual', { order: 'pre' })).slice(1, 7)).toEqual([
      'h.1.d-act<a',
      'h.1.d<h.1.d-act',
      'h.1.d-add<h.1.d+a',
      'h.2.d-act<h.1.d-add',
      'h.2.d<h.2.d-act',
      'h.2.d-add<h.2.d+h.1.d-add'
    ])
    for (const order of ['pre', 'post'])
      for (const every of [1, 2]) {
        const now = apply(block, 'residual', { order, every })
        expect(planExperiment(now, digits).problems).toEqual([])
        expect(mainCount(now)).toBe(5)
      }
  })
  it('projects where widths differ, in dense and convolutional nets', () => {
    const now = apply(net(dense('a', 32), dense('b', 16)), 'residual', { shortcut: 'projection' })
    expect(chain(now)).toEqual([
      'a-shortcut<input',
      'a<input',
      'a-add<a+a-shortcut',
      'b-shortcut<a-add',
      'b<a-add',
      'b-add<b+b-shortcut',
      'out<b-add'
    ])
    expect(now.network.nodes.find((n) => n.id === 'b-shortcut')).toMatchObject({
      kind: 'dense',
      params: { units: 16, activation: { id: 'linear' }, bias: false }
    })
    const conv = (id: string, filters: number, stride = 1, padding = 'same'): object => ({
      id,
      kind: 'conv2d',
      params: { filters, stride, padding, kernelSize: 3 }
    })
    const pictures = net(
      { id: 'p', kind: 'reshape', params: { shape: '8, 8, 1' } },
      conv('a', 6),
      conv('b', 6),
      conv('c', 12, 2),
      conv('d', 12, 1, 'valid'),
      { id: 'f', kind: 'flatten' }
    )
    const more = apply(pictures, 'residual', { shortcut: 'projection', order: 'pre' })
    expect(planExperiment(more, digits).problems).toEqual([])
    expect(chain(more).filter((c) => /add|shortcut/.test(c))).toEqual([
      'a-shortcut<p',
      'a-add<a+a-shortcut',
      'b-act<a-add',
      'b-add<b+a-add',
      'c-shortcut<b-add',
      'c-act<b-add',
      'c-add<c+c-shortcut',
      'd<c-add'
    ])
    expect(more.network.nodes.find((n) => n.id === 'c-shortcut')).toMatchObject({
      kind: 'conv2d',
      params: { filters: 12, kernelSize: 1, stride: 2 }
    })
    expect(chain(apply(pictures, 'residual')).filter((c) => /add|shortcut/.test(c))).toEqual(['b-add<b+a', 'c<b-add'])
  })
  it('leaves the first copy of a block alone when the block changes the width', () => {
    const now = net({ id: 'h', kind: 'repeat', times: 3, body: [dense('d', 32)] })
    expect(why(now, 'residual')).toContain('as wide as its input')
  })
})

describe('fewer layers', () => {
  it('shortens the block first', () => {
    const now = apply(deep, 'fewerLayers', { keep: 3 })
    expect(diffExperiments(deep, now)).toEqual([
      { path: 'network.nodes.hidden.times', type: 'change', before: 18, after: 2 }
    ])
    expect(mainCount(now)).toBe(4)
  })
  it('then takes plain square layers, with what belongs to them', () => {
    const e = net(dense('a', 32), dense('b', 32), dense('c', 32), dense('d', 16))
    expect(chain(apply(e, 'fewerLayers', { keep: 2 }))).toEqual(['a<input', 'd<a', 'out<d'])
    expect(chain(apply(apply(apply(e, 'batchNorm'), 'residual'), 'fewerLayers', { keep: 2 }))).toEqual([
      'a<input',
      'a-norm<a',
      'a-act<a-norm',
      'd<a-act',
      'd-norm<d',
      'd-act<d-norm',
      'out<d-act'
    ])
  })
  it('takes other layers when one copy is still too many', () => {
    expect(chain(apply(deep, 'fewerLayers', { keep: 1 }))).toEqual(['hidden.1.dense<input', 'output<hidden.1.dense'])
  })
  it('takes a block that is down to one copy as a whole', () => {
    const e = net(dense('a', 32), { id: 'h', kind: 'repeat', times: 5, body: [dense('d', 32)] })
    expect(chain(apply(e, 'fewerLayers', { keep: 1 }))).toEqual(['a<input', 'out<a'])
  })
  it('is blocked when there is nothing to take', () => {
    expect(why(net(dense('a', 32)), 'fewerLayers')).toContain('only 1')
    expect(why(net(dense('a', 32), dense('b', 16)), 'fewerLayers', { keep: 1 })).toContain('changes the width')
  })
  it('reduces what it can and never under what was asked, for any depth', () => {
    for (let depth = 4; depth < 12; depth++)
      for (let keep = 1; keep < depth - 1; keep++)
        for (const list of [[], ['batchNorm'], ['residual'], ['residual', 'batchNorm']]) {
          const start = list.reduce((e, id) => apply(e, id), vanishingExperiment(depth))
          expect(mainCount(apply(start, 'fewerLayers', { keep })) - 1).toBe(keep)
        }
  })
})

describe('an L2 penalty', () => {
  it('is on every kernel there is, as L1 and weight decay are', () => {
    for (const kind of layers.all) {
      const p = { ...defaultsOf(kind.fields, lookup), l2: 0.5 }
      for (const shape of [[6], [5, 3], [6, 5, 2]])
        try {
          kind.infer(
            p,
            Array.from({ length: kind.inputs.min }, () => shape)
          )
          for (const w of kind.weights(
            p,
            Array.from({ length: kind.inputs.min }, () => shape)
          ))
            expect(w.l2, `${kind.id}/${w.name}`).toBe(w.role === 'kernel' ? 0.5 : undefined)
        } catch (e) {
          if (!(e instanceof ShapeError)) throw e
        }
    }
  })
})

describe('the others', () => {
  it('change what they name and nothing else', () => {
    const paths = (id: string, more = {}): unknown[] =>
      diffExperiments(deep, apply(deep, id, more)).map((c) => [c.path, c.after])
    expect(paths('l2')).toEqual(
      ['dense1', 'hidden.body.dense', 'output'].map((n) => [`network.nodes.${n}.params.l2`, 0.0001])
    )
    expect(paths('smallerBatch')).toEqual([['training.batchSize', 16]])
    expect(paths('learningRate', { factor: 0.1 })).toEqual([['training.optimizer.learningRate', 0.01]])
    for (const id of ['clipByValue', 'clipByNorm', 'clipByGlobalNorm', 'weightClip'])
      expect(diffExperiments(deep, apply(deep, id))).toEqual([
        { path: 'training.hooks', type: 'change', before: [], after: [choice(id)] }
      ])
  })
  it('say when they would not help', () => {
    expect(why(deep, 'smallerBatch', { size: 64 })).toContain('64')
    const info: DataInfo = { inputShape: [1000], targetShape: [10], task: 'regression', count: 64 }
    expect(why(starterExperiment(), 'smallerBatch', { size: 64 }, info)).toContain('64')
    expect(why(starterExperiment(), 'smallerBatch', { size: 32 }, info)).toBeUndefined()
  })
  it('keep the depth of a nested block in mind', () => {
    const e = net(dense('a', 8), {
      id: 'o',
      kind: 'repeat',
      times: 3,
      body: [{ id: 'i', kind: 'repeat', times: 4, body: [dense('d', 8)] }, dense('e', 8)]
    })
    expect(mainCount(e)).toBe(17)
    const now = apply(e, 'fewerLayers', { keep: 6 })
    expect(mainCount(now) - 1).toBeLessThanOrEqual(6)
    expect(planExperiment(now, digits).problems).toEqual([])
    expect((now.network.nodes[1] as BlockNode).times).toBeGreaterThanOrEqual(1)
  })
})

describe('the output layer', () => {
  const ends = (...more: object[]): Experiment =>
    parseExperiment({ network: { nodes: [dense('a', 8), ...more] }, training: { loss: 'softmaxCrossEntropy' } })
  const last = dense('b', 10, { activation: 'tanh' })
  it('becomes linear, or what is chosen, and nothing else changes', () => {
    expect(
      diffExperiments(ends(last), apply(ends(last), 'outputLayer')).map((c) => [c.path, (c.after as Spec).id])
    ).toEqual([['network.nodes.b.params.activation', 'linear']])
    expect(chain(apply(ends(last), 'outputLayer', { to: { id: 'softplus' } })).length).toBe(2)
  })
  it('is found where the activation is a layer of its own', () => {
    const apart = ends(dense('b', 10, { activation: 'linear' }), {
      id: 'f',
      kind: 'activation',
      params: { activation: 'relu' }
    })
    expect(diffExperiments(apart, apply(apart, 'outputLayer')).map((c) => c.path)).toEqual([
      'network.nodes.f.params.activation'
    ])
  })
  it('says when there is nothing to change, or no layer of its own', () => {
    expect(why(ends(dense('b', 10, { activation: 'linear' })), 'outputLayer')).toContain('linear')
    expect(why(ends({ id: 'h', kind: 'repeat', times: 2, body: [dense('d', 10)] }), 'outputLayer')).toContain('block')
  })
})

describe('the recurrent start', () => {
  const steps: DataInfo = { inputShape: [12, 3], targetShape: [10], task: 'multiclass', count: 100, timeAxis: true }
  const cell = (recurrentInitializer: string): Experiment =>
    net({ id: 'cell', kind: 'simpleRnn', params: { units: 8, recurrentInitializer } })
  it('changes the matrix from state to state alone', () => {
    const now = apply(cell('glorotUniform'), 'recurrentStart', { to: { id: 'identity' } }, steps)
    expect(diffExperiments(cell('glorotUniform'), now).map((c) => [c.path, (c.after as Spec).id])).toEqual([
      ['network.nodes.cell.params.recurrentInitializer', 'identity']
    ])
  })
  it('is blocked without such a matrix, and where it is so already', () => {
    expect(why(deep, 'recurrentStart')).toContain('no recurrent layer')
    const now = apply(cell('glorotUniform'), 'recurrentStart', {}, steps)
    expect(why(now, 'recurrentStart', {}, steps)).toContain('already')
  })
})

describe('another optimizer', () => {
  it('takes the place of the one there is, with its own rate', () => {
    const now = apply(deep, 'optimizer', { learningRate: 0.005 })
    expect(now.training.optimizer).toMatchObject({ id: 'adam', learningRate: 0.005 })
    expect(now.network).toEqual(deep.network)
  })
  it('is blocked where it is the one there is', () => {
    const now = apply(deep, 'optimizer', {})
    expect(why(now, 'optimizer')).toContain('Adam with its usual settings already')
    expect(why(now, 'optimizer', { to: 'rmsprop' })).toBeUndefined()
  })
  it('gives the one there is its usual settings back', () => {
    const odd = parseExperiment({ ...deep, training: { ...deep.training, optimizer: { id: 'adam', epsilon: 1 } } })
    expect(why(odd, 'optimizer')).toBeUndefined()
    expect(apply(odd, 'optimizer', {}).training.optimizer).toMatchObject({ id: 'adam', epsilon: 1e-7 })
  })
})

describe('smaller residual branches', () => {
  const sum = (inputs: string[], scale = 1): Experiment =>
    net(
      dense('h', 8),
      { ...dense('a', 8), inputs: ['h'] },
      { id: 's', kind: 'add', params: { scale }, inputs },
      { ...dense('b', 10, { activation: 'linear' }), inputs: ['s'] }
    )
  const added = (e: Experiment): object => e.network.nodes.find((n) => n.id === 's')!
  it('scale the branch, whichever input it is', () => {
    for (const inputs of [
      ['a', 'h'],
      ['h', 'a']
    ])
      expect(added(apply(sum(inputs), 'branchScale', { scale: 0.2 }))).toMatchObject({
        inputs: ['a', 'h'],
        params: { scale: 0.2 }
      })
  })
  it('are blocked where the branch counts for no more, and where the shortcut is what is scaled', () => {
    expect(why(sum(['a', 'h'], 0.1), 'branchScale')).toContain('No residual branch')
    expect(why(sum(['h', 'a'], 0.5), 'branchScale')).toContain('No residual branch')
    expect(why(deep, 'branchScale')).toContain('No residual branch')
  })
  it('are found in a stack of any depth at once', () => {
    const blocks = Array.from({ length: 60 }, (_, i) => {
      const from = i ? `s${i}` : 'h'
      return [
        { ...dense(`a${i + 1}`, 8), inputs: [from] },
        { id: `s${i + 1}`, kind: 'add', inputs: [`a${i + 1}`, from] }
      ]
    })
    const stack = net(dense('h', 8), ...blocks.flat(), { ...dense('b', 10), inputs: ['s60'] })
    const scales = apply(stack, 'branchScale').network.nodes.flatMap((n) =>
      n.kind === 'add' ? [(n as LayerNode).params.scale] : []
    )
    expect(scales).toEqual(Array.from({ length: 60 }, () => 0.1))
  })
})

describe('warnings about the output and about biases before a norm', () => {
  const warnings = (e: Experiment, info = digits): string[] =>
    planExperiment(e, info)
      .problems.filter((p) => p.severity === 'warning')
      .map((p) => p.path)
  const table: DataInfo = { inputShape: [4], targetShape: [1], task: 'regression', count: 100 }
  const regression = (activation: string, standardize = true): Experiment =>
    parseExperiment({
      data: { dataset: 'diabetes', standardize },
      network: { nodes: [dense('a', 8), dense('b', 1, { activation })] },
      training: { loss: 'meanSquaredError' }
    })
  it('name an output that standardised targets are out of reach of', () => {
    for (const f of ['relu', 'sigmoid', 'tanh', 'softplus'])
      expect(warnings(regression(f), table)).toEqual(['network.nodes.b.params.activation'])
    for (const f of ['linear', 'leakyRelu']) expect(warnings(regression(f), table)).toEqual([])
    expect(warnings(regression('relu', false), table)).toEqual([])
  })
  const normed = (bias: boolean, kind = 'batchNorm'): Experiment =>
    net(dense('a', 8, { activation: 'linear', bias }), { id: 'n', kind })
  it('name a bias that a batch norm takes away, and the fix switches it off', () => {
    expect(warnings(normed(true))).toEqual(['network.nodes.a.params.bias'])
    expect(warnings(normed(false))).toEqual([])
    expect(warnings(normed(true, 'layerNorm'))).toEqual([])
    const [warning] = planExperiment(normed(true), digits).problems
    const fix = fixFor(normed(true), warning!, digits)!
    expect(fix.label.en).toContain('bias')
    expect(warnings(fix.experiment)).toEqual([])
  })
})

describe('class weights', () => {
  it('are a setting of the training, kept when saved, and refused without classes', () => {
    const now = apply(deep, 'classWeights')
    expect(now.training.classWeights).toBe('balanced')
    expect(parseExperiment(JSON.parse(JSON.stringify(now)))).toEqual(now)
    expect(parseExperiment({ ...now, training: { ...now.training, classWeights: 'none' } }).training.classWeights).toBe(
      undefined
    )
    expect(() => parseExperiment({ ...now, training: { ...now.training, classWeights: 'some' } })).toThrow(
      'classWeights'
    )
    expect(why(now, 'classWeights')).toContain('already')
    const regression: DataInfo = { inputShape: [64], targetShape: [10], task: 'regression', count: 100 }
    expect(why(deep, 'classWeights', {}, regression)).toContain('not classes')
    const problem = planExperiment(now, regression).problems.find((p) => p.path === 'training.classWeights')!
    expect(fixFor(now, problem, regression)!.experiment.training.classWeights).toBeUndefined()
  })
})
