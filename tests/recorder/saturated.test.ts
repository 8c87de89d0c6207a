/** Networks so saturated that float32 loses digits of their gradients: what their check says in PyTorch and Keras. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseExperiment, type Experiment } from '@shared/experiment'
import type { NamedArray, Taken } from '@shared/takehome/types'
import { afterAll, describe, expect, it } from 'vitest'
import { takeHome } from '../../src/trainer/takeHome'
import { runChecks, writeProject } from './parity'

const root = mkdtempSync(join(tmpdir(), 'clinic-saturated-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Units of tanh whose argument is the same for any example. @param least, most of its size */
const tanh = (least: number, most: number, optimizer = 'sgd'): Experiment => {
  const initializer = { id: 'uniform', limit: (most - least) / 8, centre: (most + least) / 8 }
  return parseExperiment({
    seed: 7,
    data: { dataset: { id: 'blobs', inputs: 5, classes: 3, count: 120 } },
    network: {
      nodes: [
        { id: 'half', kind: 'dense', params: { units: 8, activation: 'sigmoid', initializer: 'zeros' } },
        { id: 'shut', kind: 'dense', params: { units: 8, activation: 'tanh', initializer } },
        { id: 'out', kind: 'dense', params: { units: 3, activation: 'linear' } }
      ]
    },
    training: { steps: 30, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: { id: optimizer, learningRate: 0.1 } }
  })
}
/** One unit whose slope is 0 in float32 for any example. */
const shut = parseExperiment({
  seed: 7,
  data: { dataset: { id: 'blobs', inputs: 5, classes: 2, count: 120 } },
  network: {
    nodes: [
      { id: 'half', kind: 'dense', params: { units: 8, activation: 'sigmoid', initializer: 'zeros' } },
      {
        id: 'out',
        kind: 'dense',
        params: { units: 1, activation: 'sigmoid', initializer: { id: 'constant', value: -50 } }
      }
    ]
  },
  training: { steps: 30, batchSize: 16, loss: 'meanSquaredError', optimizer: { id: 'sgd', learningRate: 0.1 } }
})
/** With other gradients of a weight than were recorded. */
const wrong = (taken: Taken, weight: string, by: (v: number) => number): Taken => {
  const own = taken.gradients.get(weight)!
  const other: NamedArray = { ...own, data: own.data.map(by) }
  return { ...taken, gradients: new Map([...taken.gradients, [weight, other]]) }
}
const take = (experiment: Experiment): Promise<Taken> =>
  takeHome(experiment, {}, 2, { lossTable: '', version: '0.0.0-test' })

const [some, deep, none] = [await take(tanh(6, 8)), await take(tanh(8.5, 9)), await take(shut)]
/** A training that goes on from another one's moments, and other losses than were recorded. */
const otherLosses = (taken: Taken): Taken => {
  const slot = new Map([...taken.start].map(([name, w]) => [name, { ...w, data: w.data.map(() => 0.01) }]))
  return {
    ...taken,
    before: { steps: 3, slots: new Map([...['m', 'v'].map((name) => [name, slot] as const)]) },
    losses: taken.losses.map((loss) => 1.5 * loss)
  }
}
const CASES: Record<string, Taken> = {
  some,
  deep,
  none,
  'some, wrong': wrong(some, 'shut/kernel', (v) => -v),
  'losses, wrong': otherLosses(await take(tanh(0.5, 1, 'adam'))),
  // The last in its process.
  healthy: await take(tanh(0.5, 1))
}

describe.each(['pytorch', 'keras'] as const)('a saturated network in %s', async (language) => {
  const folders: string[] = []
  for (const [id, taken] of Object.entries(CASES))
    folders.push(await writeProject(join(root, language, id), language, taken))
  const found = runChecks(folders)
  const expectSaid = (id: string, ok: boolean, ...texts: RegExp[]): void => {
    const { text, ...check } = found.get(id)!
    expect(check.ok, text).toBe(ok)
    expect(text).toMatch(ok ? /^reproduced with /m : /^NOT reproduced with /m)
    for (const pattern of texts) expect(text).toMatch(pattern)
  }

  it('is reproduced as far as the digits go that float32 has left, which is said', () => {
    expectSaid(
      'some',
      true,
      /gradients of the first step: differ by .*\n.*\n {2}float32 has lost digits on both sides.*shut.*own \de-/
    )
  })
  it('is not, where a gradient is off by more', () => {
    expectSaid('some, wrong', false, /^ {2}differ by more than rounding; off from float64: shut.(?:weight|kernel) \(/m)
  })
  it('is not, where losses are off by more, also behind another training', () => {
    expectSaid(
      'losses, wrong',
      false,
      /^ {2}differ by more than rounding; off from float64: step 0 \(recorded 5e-01, own \de-0[78]\)/m
    )
  })
  it('is not, where nothing is left to compare: by which gradients is said', () => {
    expectSaid(
      'deep',
      false,
      /^ {2}could not be checked, float32 has lost their digits on both sides;.*shut.(?:weight|kernel) \(/m
    )
    expectSaid('none', false, /^ {2}could not be checked: all are 0 in float32, and not in float64$/m)
  })
  it('computes in float32 again behind that', () => {
    expectSaid('healthy', true, /^gradients of the first step: differ by \d\.\de-0[5-9] at most .*\nreproduced/m)
  })
})
