import { describe, expect, it } from 'vitest'
import type { DataInfo } from '@shared/catalog/datasets'
import {
  applyRemedy,
  diffExperiments,
  effectiveExperiment,
  parseExperiment,
  planExperiment,
  remedyBlocked,
  type Experiment
} from '@shared/experiment'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, type Spec } from '@shared/base/params'
import { remedies } from '@shared/clinic/remedies'
import { rules } from '@shared/clinic/rules'
import { cutBefore } from '@shared/catalog/layers/parts/recurrent'
import { RunHistory } from '@shared/run/history'
import type { RunLayer } from '@shared/run/types'

const info: DataInfo = { inputShape: [40, 2], targetShape: [1], task: 'regression', count: 100 }
const net = (kind: string, params: object = {}): Experiment =>
  parseExperiment({
    data: { dataset: { id: 'randomPairs', count: 100, inputs: 2, outputs: 1 } },
    network: {
      nodes: [
        { id: 'first', kind, name: 'Simple RNN', params: { units: 7, returnSequences: true, ...params } },
        { id: 'second', kind, name: 'mine', params: { units: 5, ...params } },
        { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
      ]
    },
    training: { loss: 'meanSquaredError', batchSize: 10 }
  })
const choice = (id: string, more: object = {}): Spec => ({
  id,
  ...defaultsOf(remedies.get(id).fields, lookup),
  ...more
})
const problems = (e: Experiment): unknown[] => planExperiment(e, info).problems

it('stretches of time are counted from the end', () => {
  const cuts = (length: number, k: number): number[] =>
    Array.from({ length }, (_, t) => t).filter((t) => cutBefore(t, length, k))
  expect(cuts(10, 4)).toEqual([2, 6])
  expect(cuts(9, 3)).toEqual([3, 6])
  expect(cuts(4, 4)).toEqual([])
  expect(cuts(3, 1)).toEqual([1, 2])
  expect(cuts(10, 0)).toEqual([])
})

describe('truncated BPTT', () => {
  it('limits every recurrent layer and nothing else', () => {
    const e = net('lstm')
    const now = applyRemedy(e, choice('truncatedBptt', { steps: 10 }), info)
    expect(diffExperiments(e, now).map((c) => [c.path, c.after])).toEqual([
      ['network.nodes.first.params.truncate', 10],
      ['network.nodes.second.params.truncate', 10]
    ])
    expect(problems(now)).toEqual([])
  })
  it('says why when there is nothing to cut', () => {
    expect(remedyBlocked(net('gru'), choice('truncatedBptt', { steps: 40 }), info)?.en).toContain('40 steps')
    expect(remedyBlocked(net('gru'), choice('truncatedBptt', { steps: 39 }), info)).toBeUndefined()
    const flat = parseExperiment({ network: { nodes: [{ id: 'a', kind: 'dense', params: { units: 1 } }] } })
    for (const id of ['truncatedBptt', 'recurrentCell'])
      expect(remedyBlocked(flat, choice(id), info)?.en).toContain('no recurrent layer')
  })
})
describe('gated cell', () => {
  it.each(['lstm', 'gru'])('keeps width, sequence and cut when it becomes %s', (to) => {
    const e = {
      ...net('simpleRnn', { truncate: 8, activation: 'relu' }),
      remedies: [choice('recurrentCell', { to, forgetBias: 4 })]
    }
    const { experiment, problems: wrong } = effectiveExperiment(e, info)
    expect([...wrong, ...problems(experiment)]).toEqual([])
    const [first, second] = experiment.network.nodes
    expect(first).toMatchObject({
      kind: to,
      params: { units: 7, returnSequences: true, truncate: 8, activation: { id: 'tanh' } }
    })
    expect(second).toMatchObject({ kind: to, name: 'mine', params: { units: 5, returnSequences: false } })
    expect(first!.name).not.toContain('Simple')
    if (to === 'lstm') expect(first).toMatchObject({ params: { forgetBias: 4 } })
    expect(remedyBlocked(experiment, choice('recurrentCell', { to }), info)?.en).toContain('already')
  })
  it('leaves recurrent weights to the initializer remedy only when told', () => {
    const changed = (more: object): string[] =>
      diffExperiments(net('gru'), applyRemedy(net('gru'), choice('initializer', more), info)).map((c) => c.path)
    expect(changed({}).some((p) => p.includes('recurrentInitializer'))).toBe(false)
    expect(changed({ recurrent: true }).filter((p) => p.includes('recurrentInitializer'))).toHaveLength(2)
  })
})

describe('rules through time', () => {
  const T = 30
  /** A run of one recurrent layer whose state gradient is this at time 1 … T of a frame. */
  function view(
    kind: string,
    by: (t: number, frame: number) => number,
    frames = 10,
    experiment?: Experiment,
    returned = false
  ): RunHistory {
    const layer = (index: number, k: string): RunLayer => ({
      index,
      id: `${k}${index}`,
      node: k,
      kind: k,
      name: k,
      outputShape: returned ? [T, 4] : [4],
      paramCount: 1,
      main: true,
      inputs: [index ? `${kind}0` : 'input']
    })
    const columns = [
      { layer: 0, statistic: 'activationGradientRms' },
      ...Array.from({ length: T }, (_, t) => ({ layer: 0, statistic: 'timeGradientRms', time: t + 1 }))
    ]
    const made = new RunHistory(
      {
        layers: [layer(0, kind), layer(1, 'dense')],
        columns,
        scalars: ['loss'],
        info,
        trainCount: 90,
        validationCount: 10,
        paramCount: 2,
        compiled: true,
        versions: {}
      },
      0.1,
      experiment
    )
    for (let i = 0; i < frames; i++)
      made.append(i, Float32Array.from([1, ...Array.from({ length: T }, (_, t) => by(t + 1, i))]), Float32Array.of(1))
    return made
  }
  const [vanishing, exploding] = [rules.get('vanishingInTime'), rules.get('explodingInTime')]

  it('name the decay per step, how far the gradient reaches, and gates as the cure', () => {
    const v = vanishing.judge(view('simpleRnn', (t) => 0.1 * 0.7 ** (T - t)))!
    expect(v.severity).toBe('bad')
    expect(v.measured['gainPerStep']).toBeCloseTo(0.7, 4)
    // 0.7^12 = 0.0138, 0.7^13 = 0.0097
    expect(v.measured['reach']).toBe(13)
    expect(v.advice[0]).toBe('recurrentCell')
    expect(v.text.en).toContain('last 13 of 30')
    expect(exploding.judge(view('simpleRnn', (t) => 0.1 * 0.7 ** (T - t)))).toBeUndefined()
  })
  it('name the growth per step, another start where it grew before the first update, else clipping', () => {
    const v = exploding.judge(view('gru', (t) => 0.1 * 1.3 ** (T - t)))!
    expect(v.measured['gainPerStep']).toBeCloseTo(1.3, 4)
    expect(v.advice).toEqual(['recurrentStart', 'clipByGlobalNorm', 'truncatedBptt'])
    const later = exploding.judge(view('simpleRnn', (t, i) => 0.1 * (i ? 1.3 : 1) ** (T - t)))!
    expect(later.advice).toEqual(['clipByGlobalNorm', 'truncatedBptt', 'recurrentStart', 'recurrentCell'])
    expect(vanishing.judge(view('gru', (t) => 0.1 * 1.3 ** (T - t)))).toBeUndefined()
  })
  it('are silent on a steady gradient, on a deliberate cut, on nothing and on one frame that is no clear case', () => {
    for (const kind of ['simpleRnn', 'lstm'])
      for (const by of [
        (t: number) => 0.1 * 0.97 ** (T - t),
        (t: number) => (t > 20 ? 0.1 * 0.9 ** (T - t) : 0),
        () => 0,
        () => NaN
      ])
        for (const rule of [vanishing, exploding]) expect(rule.judge(view(kind, by))).toBeUndefined()
    expect(vanishing.judge(view('simpleRnn', (t) => 0.75 ** (T - t), 1))).toBeUndefined()
    expect(vanishing.judge(view('simpleRnn', (t) => 0.75 ** (T - t), 3))).toBeDefined()
    expect(vanishing.judge(view('simpleRnn', (t) => 0.4 ** (T - t), 1))).toBeDefined()
  })
  it('see what later steps send back where each step has a loss of its own', () => {
    // Next to nothing passes t = 4, whose own loss is small; those of the first three steps are not.
    const late = (t: number): number => (t > 3 ? 0.1 * 0.7 ** (T - t) : 0.05)
    const v = vanishing.judge(view('simpleRnn', late, 10, undefined, true))!
    expect(v.severity).toBe('bad')
    expect(v.measured['gainPerStep']).toBeCloseTo(0.7, 4)
    expect(v.measured['ratio']! / 0.7 ** 26).toBeCloseTo(1, 4)
    expect(v.measured['reach']).toBe(13)
    expect(v.text.en).toContain('only 9.4e-6 at t = 4')
    expect(v.choices?.['recurrentCell']).toEqual({ to: 'gru' })
    // The last state alone has a loss: then the first time step has nothing but what comes back.
    expect(vanishing.judge(view('simpleRnn', late))).toBeUndefined()
    expect(vanishing.judge(view('simpleRnn', (t) => Math.max(2e-4, late(t)), 10, undefined, true))).toBeUndefined()
    const cut = net('simpleRnn', { truncate: 8 })
    expect(vanishing.judge(view('simpleRnn', late, 10, cut, true))).toBeUndefined()
  })
  it('only warn of a gated cell, which can open as it learns', () =>
    expect(vanishing.judge(view('lstm', (t) => 0.5 ** (T - t)))!.severity).toBe('warn'))
})
