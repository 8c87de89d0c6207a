import { activations } from '@shared/catalog/activations'
import { planNetwork } from '@shared/experiment'
import { initializers } from '@shared/catalog/initializers'
import { layers } from '@shared/catalog/layers'
import { ShapeError, type Shape } from '@shared/catalog/layers/types'
import { lookup } from '@shared/experiment/lookup'
import { losses } from '@shared/catalog/losses'
import { optimizers } from '@shared/catalog/optimizers'
import { defaultsOf } from '@shared/base/params'
import { makeRng } from '@shared/base/random/rng'
import { statistics } from '@shared/catalog/statistics'
import { describe, expect, it } from 'vitest'

const SHAPES: Shape[] = [[8], [6, 4], [8, 8, 3]]
const ICONS = [
  'data',
  'dense',
  'conv',
  'pool',
  'norm',
  'act',
  'relu',
  'rnn',
  'lstm',
  'add',
  'rep',
  'drop',
  'flat',
  'loss'
]
const size = (s: number[]): number => s.reduce((a, b) => a * b, 1)

describe.each(layers.all.map((k) => [k.id, k] as const))('layer %s', (_id, kind) => {
  const p = defaultsOf(kind.fields, lookup)
  const fitting = SHAPES.filter((s) => {
    try {
      kind.infer(
        p,
        Array.from({ length: kind.inputs.min }, () => s)
      )
      return true
    } catch (e) {
      if (!(e instanceof ShapeError)) throw e
      // Says what to do, in both languages.
      expect(e.text.en.length).toBeGreaterThan(20)
      expect(e.text.zh.length).toBeGreaterThan(8)
      return false
    }
  })
  it('fits a palette', () => {
    expect(ICONS).toContain(kind.icon)
    expect(kind.stem).toMatch(/^[a-z][a-z0-9]*$/i)
    expect(kind.inputs.min).toBeGreaterThanOrEqual(1)
    expect(kind.inputs.max).toBeGreaterThanOrEqual(kind.inputs.min)
  })
  it('takes one of the usual shapes', () => expect(fitting.length).toBeGreaterThan(0))
  it.each(fitting.map((s) => [s.join('×'), s] as const))('is consistent on %s', (_s, s) => {
    const inputs = Array.from({ length: kind.inputs.min }, () => s)
    const before = JSON.stringify([p, inputs])
    const out = kind.infer(p, inputs)
    expect(out.every((d) => Number.isInteger(d) && d > 0)).toBe(true)
    const weights = kind.weights(p, inputs)
    expect(new Set(weights.map((w) => w.name)).size).toBe(weights.length)
    for (const w of weights) {
      expect(w.fanIn).toBeGreaterThan(0)
      expect(w.fanOut).toBeGreaterThan(0)
      const { id, ...init } = w.init
      expect(
        initializers.get(id).sample(w.shape, w.fanIn, w.fanOut, makeRng(0, w.name), {
          ...defaultsOf(initializers.get(id).fields, lookup),
          ...init
        })
      ).toHaveLength(size(w.shape))
      // Running statistics are never trained, everything else is.
      expect(w.trainable === false).toBe(w.role === 'state')
    }
    expect(kind.flops?.(p, inputs) ?? 0).toBeGreaterThanOrEqual(0)
    expect(kind.kept?.(p, inputs) ?? 0).toBeGreaterThanOrEqual(0)
    if (kind.activation?.(p)) expect(activations.find(kind.activation(p)!.id)).toBeDefined()
    expect(JSON.stringify([p, inputs]), 'changed its arguments').toBe(before)
    const inputIds = Array.from({ length: kind.inputs.min }, () => 'input')
    const plan = planNetwork({ nodes: [{ id: kind.stem, kind: kind.id, params: p, inputs: inputIds }] }, s)
    expect(plan.problems).toEqual([])
    expect(plan.outputShape).toEqual(out)
    expect(plan.paramCount).toBe(weights.filter((w) => w.trainable !== false).reduce((a, w) => a + size(w.shape), 0))
  })
})

describe.each(optimizers.all.map((o) => [o.id, o] as const))('optimizer %s', (_id, o) => {
  const p = defaultsOf(o.fields, lookup)
  it('has a learning rate, on a logarithmic slider', () =>
    expect(o.fields.learningRate).toMatchObject({ type: 'number', log: true, min: 1e-8, max: 10 }))
  it('goes downhill: w²/2 from w = 1', () => {
    let w = 1
    let slots = Object.fromEntries(o.slots.map((s) => [s, o.slotInit ?? 0]))
    for (let t = 1; t <= 200; t++) {
      const r = o.reference({ w, g: w, slots, learningRate: p.learningRate as number, t }, p)
      w = r.w
      slots = r.slots
      expect(Object.keys(slots).sort()).toEqual([...o.slots].sort())
    }
    expect(Math.abs(w)).toBeLessThan(0.95)
  })
})

describe.each(losses.all.map((l) => [l.id, l] as const))('loss %s', (_id, loss) => {
  it('suits a task', () => expect(loss.tasks.length).toBeGreaterThan(0))
  it('is smallest on the target', () => {
    const p = defaultsOf(loss.fields, lookup)
    const target = [
      [1, 0, 0],
      [0, 0, 1]
    ]
    const far = loss.reference(
      target.map((r) => r.map((t) => 9 - 18 * t)),
      target,
      p
    )
    const near = loss.reference(
      target.map((r) => r.map((t) => (loss.chance ? 40 * t - 20 : t))),
      target,
      p
    )
    expect(far).toBeGreaterThan(near)
    // A critic's outputs have no scale of their own: there is no smallest loss.
    if (loss.tasks.includes('critic')) return
    expect(near).toBeGreaterThanOrEqual(0)
    expect(near).toBeLessThan(1e-6)
    expect(far).toBeGreaterThan(1)
  })
})

describe('statistics', () => {
  it.each(statistics.all.map((s) => [s.id, s] as const))('%s is either computed or derived', (_id, s) => {
    expect(s.needs.length).toBeGreaterThan(0)
    expect(s.compute === undefined).toBe(s.derive !== undefined)
    // What is computed has a definition to be held against.
    expect(s.reference !== undefined).toBe(s.compute !== undefined)
    expect(s.symbol).not.toBe('')
  })
  it('are all that the run table, the rules and the charts speak of', () => {
    for (const id of [
      'activationGradientRms',
      'preActivationGradientRms',
      'weightGradientNorm',
      'weightGradientRms',
      'weightGradientMeanAbs',
      'weightGradientMaxAbs',
      'biasGradientNorm',
      'gain',
      'weightNorm',
      'updateRatio',
      'activationMean',
      'activationStd',
      'saturatedShare',
      'deadShare',
      'gradientZeroShare',
      'weightNonFinite',
      'gradientNaN',
      'gradientInf',
      'activationNonFinite'
    ])
      expect(statistics.find(id), id).toBeDefined()
  })
})
