import { describe, expect, it } from 'vitest'
import { datasets } from '@shared/catalog/datasets'
import { parseExperiment, planExperiment, type Experiment } from '@shared/experiment'
import { fixFor } from '@shared/experiment/fix'
import { adaptTo } from '../../../../src/renderer/features/edit/data/adapt'

const make = (dataset: object, nodes: object[], loss = 'meanSquaredError'): Experiment =>
  parseExperiment({ name: 's', seed: 1, data: { dataset }, network: { nodes }, training: { loss, batchSize: 8 } })
const infoOf = (e: Experiment) => {
  const { id, ...p } = e.data.dataset
  return datasets.get(id).describe(p, { seed: 1 })
}
const problems = (e: Experiment) => planExperiment(e, infoOf(e)).problems
const out = (units: number) => ({ id: 'out', kind: 'dense', params: { units, activation: 'linear' } })
const cell = (id: string, returnSequences: boolean) => ({ id, kind: 'lstm', params: { units: 4, returnSequences } })
const EACH = { id: 'sineForecast', count: 40, length: 10, target: 'each' }
const LAST = { id: 'sineForecast', count: 40, length: 10 }

describe('an output that is not as long as its target', () => {
  it.each([
    ['a last state for a target at each step', make(EACH, [cell('a', false), out(1)]), /target at each time step/],
    ['a sequence for one target', make(LAST, [cell('a', true), out(1)]), /last state only/],
    ['two layers that return too much', make(LAST, [cell('a', true), cell('b', true), out(1)]), /last state only/],
    ['too few outputs at each step', make(EACH, [cell('a', true), out(3)]), /units to 1/],
    ['rows of a table layer on a sequence', make(LAST, [out(1)]), /Flatten/]
  ])('%s: says what to do, and can do it', (_name, e, message) => {
    const [problem, ...more] = problems(e)
    expect(more).toEqual([])
    expect(problem!.message.en).toMatch(message)
    const fix = fixFor(e, problem!, infoOf(e))
    expect(fix).toBeDefined()
    expect(problems(fix!.experiment)).toEqual([])
    expect(fix!.label.zh).not.toBe('')
  })
  it('a second cell that gets one row only', () => {
    const e = make(LAST, [cell('a', false), cell('b', false), out(1)])
    const fix = fixFor(e, problems(e)[0]!, infoOf(e))
    expect(problems(fix!.experiment)).toEqual([])
  })
  it('a pool that shortens the sequence', () => {
    const e = make(EACH, [cell('a', true), { id: 'p', kind: 'maxPool', params: { size: 2, stride: 2 } }, out(1)])
    expect(problems(e)[0]!.message.en).toMatch(/one row for each time step/)
  })
})

describe('dropout of the answers themselves', () => {
  const drop = (rate = 0.5, kind = 'dropout') => ({ id: 'drop', kind, params: { rate } })
  const tail = (...nodes: object[]) => make(LAST, [cell('a', false), ...nodes])
  it.each([
    ['behind the output layer', tail(out(1), drop())],
    [
      'of SELU, before an activation',
      tail(out(1), drop(0.5, 'alphaDropout'), { id: 's', kind: 'activation', params: {} })
    ]
  ])('%s is warned of, and taken out', (_name, e) => {
    const [problem, ...more] = problems(e)
    expect(more).toEqual([])
    expect(problem).toMatchObject({ severity: 'warning', node: 'drop', path: 'network.nodes.drop' })
    expect(problem!.message.en).toMatch(/drops values of the output itself.*put it before the output layer/)
    const fix = fixFor(e, problem!, infoOf(e))!
    expect(fix.experiment.network.nodes.map((n) => n.id)).not.toContain('drop')
    expect(problems(fix.experiment)).toEqual([])
  })
  it.each([
    ['before the output layer', tail(drop(), out(1))],
    ['with probability 0', tail(out(1), drop(0))]
  ])('%s is none', (_name, e) => expect(problems(e)).toEqual([]))
})

describe('symbol ids', () => {
  const IDS = { id: 'temporalOrder', count: 40, length: 20, coding: 'ids' }
  const embedding = { id: 'e', kind: 'embedding', params: { vocabulary: 6, units: 3 } }
  const read = (
    standardize: boolean,
    dataset: unknown = IDS,
    nodes: object[] = [embedding, cell('a', false), out(4)]
  ): Experiment =>
    parseExperiment({
      name: 's',
      seed: 1,
      data: { dataset, standardize },
      network: { nodes },
      training: { loss: 'softmaxCrossEntropy', batchSize: 8 }
    })
  it('that were standardised are refused, with a fix', () => {
    const e = read(true)
    const [problem, ...more] = problems(e)
    expect(more).toEqual([])
    expect(problem).toMatchObject({ node: 'e', path: 'data.standardize' })
    const fix = fixFor(e, problem!, infoOf(e))!
    expect(fix.experiment.data.standardize).toBe(false)
    expect(problems(fix.experiment)).toEqual([])
    expect(problems(read(false))).toEqual([])
  })
  it('are what an embedding reads, straight from the data', () => {
    expect(
      problems(
        read(false, { id: 'copyMemory', count: 40, symbols: 4, coding: 'ids' }, [embedding, cell('a', true), out(5)])
      )
    ).toEqual([])
    expect(problems(read(false, IDS, [{ id: 'r', kind: 'flatten' }, embedding, cell('a', false), out(4)]))).toEqual([])
    // Numbers all the same, for whatever else reads them.
    expect(problems(read(true, IDS, [cell('a', false), out(4)]))).toEqual([])
  })
  it.each([
    ['the same data one-hot', read(false, { ...IDS, coding: 'oneHot' }), /coding “ids”/],
    [
      'a dense layer before it',
      read(false, IDS, [
        { id: 'r', kind: 'flatten' },
        { id: 'd', kind: 'dense', params: { units: 5 } },
        embedding,
        cell('a', false),
        out(4)
      ]),
      /right behind the input/
    ],
    ['flowers', read(false, 'iris', [embedding, cell('a', false), out(3)]), /measured numbers, not ids/],
    ['pixels', read(false, 'digits', [embedding, cell('a', false), out(10)]), /measured numbers, not ids/],
    [
      'fewer symbols than there are',
      read(false, IDS, [{ ...embedding, params: { vocabulary: 5, units: 3 } }, cell('a', false), out(4)]),
      /knows 5 symbols, but the data have 6/
    ]
  ])('%s: refused, with what to do', (_name, e, message) => {
    const [problem, ...more] = problems(e)
    expect(more).toEqual([])
    expect(problem).toMatchObject({ node: 'e' })
    expect(problem!.message.en).toMatch(message)
    expect(problem!.message.zh).not.toBe('')
    if (/knows/.test(problem!.message.en)) expect(problems(fixFor(e, problem!, infoOf(e))!.experiment)).toEqual([])
  })
})

describe('data chosen anew', () => {
  it('makes the cells return what its target takes', () => {
    const e = make(LAST, [cell('a', true), cell('b', false), out(1)])
    const each = { ...e, data: { ...e.data, dataset: make(EACH, [out(1)]).data.dataset } }
    const fitted = adaptTo(each, infoOf(each))
    expect(problems(fitted.experiment)).toEqual([])
    expect(fitted.changes.map((c) => c.en)).toEqual(['b: returns its sequence'])
    const back = adaptTo({ ...fitted.experiment, data: e.data }, infoOf(e))
    expect(problems(back.experiment)).toEqual([])
  })
})

describe('a network without weights', () => {
  it('is refused, in both languages, and an output layer is offered', () => {
    const e = make({ id: 'randomPairs', inputs: 3, outputs: 3 }, [
      { id: 'a', kind: 'activation', params: { activation: 'tanh' } }
    ])
    const [problem, ...more] = problems(e)
    expect(more).toEqual([])
    expect(problem!.path).toBe('network.nodes')
    expect(problem!.message.en).toMatch(/nothing to train: add a layer/)
    expect(problem!.message.zh).toContain('没有可训练的权重')
    const fix = fixFor(e, problem!, infoOf(e))!
    expect(problems(fix.experiment)).toEqual([])
  })
})
