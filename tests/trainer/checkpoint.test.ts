import { parseExperiment, type Experiment } from '@shared/experiment'
import { KEPT, unpack } from '@shared/run/checkpoints'
import { describe, expect, it } from 'vitest'
import {
  begin,
  bits,
  critics,
  eventsOf,
  keptOf,
  netOf,
  until,
  type nets,
  runToEnd,
  type Running,
  type Told
} from './support'

const STEPS = 60
const experimentOf = (name: keyof typeof nets, training: object = {}, keepEvery = 20): Experiment =>
  netOf(name, { steps: STEPS, ...training }, { record: { keepEvery } })
const from = (told: Told, step: number) => ({
  run: 'a',
  name: 'first',
  checkpoint: keptOf(told).find((c) => c.step === step)!
})
/** Frames of the steps from one on, as bits. */
const tail = (
  told: Told,
  step: number
): { steps: number[]; values: Uint32Array; scalars: Uint32Array; evaluations: unknown } => {
  const { table } = told
  const at = Math.max(0, table!.frameOf(step))
  const copy = (v: Float32Array): Uint32Array => new Uint32Array(v.slice().buffer)
  return {
    steps: [...table!.steps.subarray(at)],
    values: copy(table!.values.subarray(at * table!.width)),
    scalars: copy(table!.scalars.subarray(at * table!.scalarWidth)),
    evaluations: told.evaluations.filter((e) => e.step >= step)
  }
}

describe.each([
  ['plain', {}],
  ['deepRelu', { optimizer: { id: 'adam', learningRate: 0.003 } }],
  ['batchNorm', { optimizer: { id: 'momentum', learningRate: 0.01 } }],
  ['residual', { schedule: { id: 'cosine', warmUp: 30 } }],
  ['penalised', { optimizer: { id: 'sgd', learningRate: 0.0005 } }],
  ['conv', { optimizer: { id: 'momentum', nesterov: true, learningRate: 0.01 } }],
  ['eachStep', { optimizer: { id: 'adam', learningRate: 0.01 } }],
  ['lastStep', { optimizer: { id: 'adagrad', learningRate: 0.01 } }],
  ['unrolled', { optimizer: { id: 'adamW', learningRate: 0.01 } }],
  ['noisy', { optimizer: { id: 'rmsprop', learningRate: 0.003 } }]
] as [keyof typeof nets, object][])('%s, continued from a kept step', (name, training) => {
  it('has every bit of the run that was never interrupted', async () => {
    const experiment = experimentOf(name, training)
    const whole = await runToEnd(experiment, { snapshots: [STEPS] })
    expect(keptOf(whole).map((c) => c.step)).toEqual([20, 40, STEPS])
    for (const step of [20, 40]) {
      const rest = await runToEnd(experiment, { snapshots: [STEPS], from: from(whole, step) })
      expect(rest.progress.find((p) => p.state === 'running')).toMatchObject({ step, steps: STEPS })
      expect(rest.table!.firstStep).toBe(step)
      expect(tail(rest, step)).toEqual(tail(whole, step))
      expect(bits(rest, STEPS)).toEqual(bits(whole, STEPS))
      expect(eventsOf(rest)).toMatchObject([
        { step, kind: 'continued', run: 'a', text: { en: expect.stringContaining('“first”') as string } }
      ])
    }
  })
})

describe.each(Object.keys(critics))('the critic %s, continued from a kept step', (name) => {
  it('and its opponent have every bit of the run that was never interrupted', async () => {
    const plain = JSON.parse(JSON.stringify(critics[name])) as { training: object }
    const experiment = parseExperiment({
      ...plain,
      training: { ...plain.training, steps: 40 },
      record: { keepEvery: 15 }
    })
    const whole = await runToEnd(experiment, { snapshots: [40] })
    const rest = await runToEnd(experiment, { snapshots: [40], from: from(whole, 15) })
    expect(bits(rest, 40)).toEqual(bits(whole, 40))
    expect(tail(rest, 15)).toEqual(tail(whole, 15))
  })
})

describe('a checkpoint', () => {
  it('costs no bit of the run that keeps it', async () => {
    const [some, none] = [
      await runToEnd(experimentOf('plain', {}, 7), { snapshots: [STEPS] }),
      await runToEnd(experimentOf('plain', {}, 0), { snapshots: [STEPS] })
    ]
    expect(keptOf(none).map((c) => c.step)).toEqual([STEPS])
    expect(bits(some, STEPS)).toEqual(bits(none, STEPS))
    expect(some.table!.values).toEqual(none.table!.values)
  })
  it('of the end goes on beyond it, as a longer run would have', async () => {
    const short = await runToEnd(experimentOf('plain'))
    const long = experimentOf('plain', { steps: 2 * STEPS })
    const whole = await runToEnd(long, { snapshots: [2 * STEPS] })
    const rest = await runToEnd(long, { snapshots: [2 * STEPS], from: from(short, STEPS) })
    expect(bits(rest, 2 * STEPS)).toEqual(bits(whole, 2 * STEPS))
  })
  it('can be asked for, paused, and is then the state at that step', async () => {
    const experiment = experimentOf('plain')
    const running: Running = begin(experiment, {
      snapshots: [13],
      hear: (update) => update.kind === 'schema' && running.session.pause()
    })
    await until(running, () => running.progress.some((p) => p.state === 'paused'))
    for (let i = 1; i <= 13; i++) {
      running.session.singleStep()
      await until(running, () => running.session.step === i)
    }
    expect(running.session.checkpoint()).toEqual({ step: 13 })
    running.session.resume()
    await running.end
    const kept = keptOf(running).find((c) => c.step === 13)!
    expect(kept.asked).toBe(true)
    for (const [name, { values }] of unpack(kept))
      expect(values).toEqual(running.snapshots.get(13)!.get(`weights/${name}`)!.data)
    expect(eventsOf(running)).toMatchObject([{ step: 13, kind: 'checkpoint' }])
    const rest = await runToEnd(experiment, { from: from(running, 13) })
    expect(tail(rest, 13)).toEqual(tail(running, 13))
  })
  it('carries on after changes that were made, and with others', async () => {
    const experiment = experimentOf('plain')
    const changes = [{ step: 10, learningRate: 0.01, remedies: [{ id: 'clipByGlobalNorm', maxNorm: 0.1 }] }]
    const whole = await runToEnd(experiment, { snapshots: [STEPS], changes })
    const after = {
      ...experiment,
      training: { ...experiment.training, optimizer: { ...experiment.training.optimizer, learningRate: 0.01 } },
      remedies: changes[0]!.remedies
    }
    const rest = await runToEnd(after, { snapshots: [STEPS], from: from(whole, 20) })
    expect(bits(rest, STEPS)).toEqual(bits(whole, STEPS))
    // Another optimizer starts with state of its own; another activation keeps the weights.
    const other = netOf(
      'plain',
      { steps: STEPS, optimizer: { id: 'adam', learningRate: 0.01 } },
      { record: { keepEvery: 20 } }
    )
    const told = await runToEnd(other, { snapshots: [20], from: from(whole, 20) })
    const start = told.snapshots.get(20)!
    for (const [name, { values }] of unpack(from(whole, 20).checkpoint))
      expect(start.get(`weights/${name}`)!.data).toEqual(values)
    expect(told.table!.length).toBe(STEPS - 20)
  })
  it.each([
    ['another network', netOf('deepRelu', { steps: STEPS }), 'network'],
    ['no step left', experimentOf('plain', { steps: 20 }), 'training.steps']
  ])('for %s is refused, naming the field', async (_name, experiment, path) => {
    const whole = await runToEnd(experimentOf('plain'))
    const running = begin(experiment, { from: from(whole, 20) })
    await running.end
    expect(running.failed!.problems!.map((p) => p.path)).toEqual([path])
    expect(running.failed!.message.zh).not.toBe('')
  })
  it('makes room for later ones: every second one goes, those that were asked for stay', async () => {
    const running: Running = begin(experimentOf('plain', { steps: 400 }, 2), {
      hear: (update) => update.kind === 'schema' && running.session.pause()
    })
    await until(running, () => running.progress.some((p) => p.state === 'paused'))
    for (let i = 1; i <= 3; i++) {
      running.session.singleStep()
      await until(running, () => running.session.step === i)
    }
    running.session.checkpoint()
    running.session.resume()
    await running.end
    const kept = keptOf(running)
    const steps = kept.filter((c) => !c.asked).map((c) => c.step)
    expect(steps.length).toBeLessThanOrEqual(KEPT.most)
    expect(steps.length).toBeGreaterThan(KEPT.most / 2 - 2)
    expect(new Set(steps.map((s, i) => s - (steps[i - 1] ?? 0))).size).toBe(1)
    expect(kept.filter((c) => c.asked).map((c) => c.step)).toEqual([3, 400])
  })
  it('is not made of weights that are no numbers', async () => {
    const nodes = Array.from({ length: 4 }, (_, i) => ({
      id: `w${i}`,
      kind: 'dense',
      params: { units: i < 3 ? 30 : 3, activation: 'linear' }
    }))
    const experiment = netOf(
      'penalised',
      { steps: 60, batchSize: 16, optimizer: { id: 'sgd', learningRate: 10 } },
      { network: { nodes }, record: { keepEvery: 1 } }
    )
    const told = await runToEnd(experiment)
    const nan = eventsOf(told).find((e) => e.kind === 'nan')!.step
    expect(keptOf(told).every((c) => c.step <= nan)).toBe(true)
  })
})
