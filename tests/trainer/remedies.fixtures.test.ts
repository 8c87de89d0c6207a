import type { Experiment } from '@shared/experiment'
import { remedies, type NamedGradient, type Plain, type Remedy } from '@shared/clinic/remedies'
import { defaultsOf, type Spec } from '@shared/base/params'
import { planExperiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { describeData } from '../../src/trainer/data'
import { fixtures, PlainSlots } from './hookContext'
import { apart, at, bits, keptOf, netOf, runToEnd } from './support'

/** A penalty that uses all that a step offers: λ·Σ((1 + ε)·(w − a))² around an average a that follows the weights. */
const anchored: Remedy = {
  id: 'anchored',
  name: { en: 'Anchored', zh: '锚定' },
  doc: { en: 'A penalty with noise and state.', zh: '带噪声与状态的惩罚项。' },
  backfires: { en: 'Always.', zh: '总是。' },
  group: 'weights',
  conflicts: [],
  fields: { lambda: { type: 'number', default: 0.1, min: 0, label: { en: 'λ', zh: 'λ' } } },
  hook: {
    penalty(tf, weights, scalar, _p, step) {
      const terms = weights.map(({ name, weight }) => {
        const average = step.slot(name, weight)
        average.update(tf.add(tf.mul(average.value, 0.9), tf.mul(weight, 0.1)))
        const noise = step.noise(name, weight.shape, 'uniform')
        return tf.sum(tf.square(tf.mul(tf.sub(weight, average.value), tf.add(noise, 1))))
      })
      return tf.mul(tf.addN(terms), scalar('lambda'))
    }
  }
}
const all = [...fixtures, anchored]
remedies.fill(Object.fromEntries([...remedies.all, ...all].map((r) => [`./${r.id}.ts`, r])))

const STEPS = 30
const settings: Record<string, object> = { lookahead: { k: 4 }, gradientNoise: { eta: 0.1 } }
const hookOf = (id: string): Spec => ({ id, ...defaultsOf(remedies.get(id).fields), ...settings[id] })
const experimentOf = (hooks: string[], more: object = {}, keepEvery = 0): Experiment =>
  netOf(
    'deepRelu',
    { steps: STEPS, optimizer: { id: 'adam', learningRate: 0.01 }, hooks: hooks.map(hookOf), ...more },
    { record: { keepEvery } }
  )

describe.each(all.map((r) => [r.id] as const))('the fixture %s', (id) => {
  it('recorded does what it does op by op', async () => {
    const experiment = experimentOf([id], { optimizer: { id: 'sgd', learningRate: 0.05 } })
    const steps = [5, 6, STEPS]
    const fast = await runToEnd(experiment, { snapshots: steps })
    const eager = await runToEnd(experiment, { snapshots: steps, eager: true })
    expect(fast.schema!.compiled).toBe(true)
    expect(eager.schema!.compiled).not.toBe(true)
    for (const step of steps)
      for (const key of fast.snapshots.get(step)!.keys())
        expect(apart(at(fast, step, key), at(eager, step, key)), `${key} at ${step}`).toBeLessThan(1e-3)
  })
  it('gives the same bits whatever is recorded, and others than without it', async () => {
    const experiment = experimentOf([id])
    const run = (e: Experiment) => runToEnd(e, { snapshots: [STEPS], ready: e.record.every > 1 })
    const once = bits(await run(experiment), STEPS)
    expect(bits(await run({ ...experiment, record: { every: 7, evaluateEvery: 50, keepEvery: 11 } }), STEPS)).toEqual(
      once
    )
    expect(bits(await run(experimentOf([])), STEPS)).not.toEqual(once)
  })
  it('continued from any kept step has every bit of the run that was never interrupted', async () => {
    const experiment = experimentOf([id], {}, 7)
    const whole = await runToEnd(experiment, { snapshots: [STEPS] })
    for (const checkpoint of keptOf(whole).filter((c) => c.step < STEPS)) {
      const rest = await runToEnd(experiment, {
        snapshots: [STEPS],
        from: { run: 'a', name: 'first', checkpoint }
      })
      expect(bits(rest, STEPS), `from ${checkpoint.step}`).toEqual(bits(whole, STEPS))
    }
  })
  it('switched on during a run does from there on what it does in one that is continued with it', async () => {
    const experiment = experimentOf([], {}, 10)
    const changes = [{ step: 10, remedies: [hookOf(id)] }]
    const changed = await runToEnd(experiment, { snapshots: [STEPS], changes })
    const checkpoint = keptOf(changed).find((c) => c.step === 10)!
    expect(checkpoint.variables.some((v) => v.name.startsWith('hooks/'))).toBe(false)
    const rest = await runToEnd(
      { ...experiment, remedies: [hookOf(id)] },
      { snapshots: [STEPS], from: { run: 'a', name: 'first', checkpoint } }
    )
    expect(bits(rest, STEPS)).toEqual(bits(changed, STEPS))
  })
  it('keeps its state when another step is built around it, and when it is off and on again between two steps', async () => {
    const experiment = { ...experimentOf([]), remedies: [hookOf(id)] }
    const far = { id: 'clipByGlobalNorm', maxNorm: 1e6 }
    const plain = await runToEnd(experiment, { snapshots: [STEPS] })
    const changed = await runToEnd(experiment, {
      snapshots: [STEPS],
      changes: [
        { step: 6, remedies: [hookOf(id), far] },
        { step: 13, remedies: [far] },
        { step: 13, remedies: [far, hookOf(id)] },
        { step: 18, remedies: [hookOf(id)] }
      ]
    })
    expect(bits(changed, STEPS)).toEqual(bits(plain, STEPS))
  })
})

describe.each(fixtures.map((r) => [r.id, r] as const))('the fixture %s', (id, remedy) => {
  it('follows its reference in float64 step by step', async () => {
    const learningRate = 0.05
    const experiment = experimentOf([id], { steps: 12, optimizer: { id: 'sgd', learningRate } })
    const told = await runToEnd(experiment, { snapshots: Array.from({ length: 13 }, (_, t) => t) })
    const specs = planExperiment(experiment, describeData(experiment, {})).layers.flatMap((l) =>
      l.weights.map((w) => ({ name: `${l.id}/${w.name}`, role: w.role as NamedGradient['role'], shape: w.shape }))
    )
    const { id: _, ...p } = experiment.training.hooks[0]!
    const slots = new PlainSlots()
    for (let t = 0; t < 12; t++) {
      const plain = (prefix: string, step: number, { name, shape }: (typeof specs)[number]): Plain => ({
        values: [...at(told, step, `${prefix}/${name}`)],
        shape
      })
      const step = {
        learningRate,
        step: t + 1,
        noise: (name: string): number[] => [...at(told, t, `noise/hooks/${id}/${name}`)],
        slot: slots.slot
      }
      const before = specs.map((s) => plain('weights', t, s))
      const raw = specs.map((s) => plain('weight_gradients', t, s))
      const gradients =
        remedy.reference!.gradients?.(
          specs.map((s, i) => ({ ...s, gradient: raw[i]!, weight: before[i]! })),
          p,
          step
        ) ?? raw.map((g) => g.values)
      const moved = before.map((w, i) => w.values.map((v, k) => v - learningRate * gradients[i]![k]!))
      const want =
        remedy.reference!.weights?.(
          specs.map((s, i) => ({ ...s, weight: { values: moved[i]!, shape: s.shape }, before: before[i]! })),
          p,
          step
        ) ?? moved
      specs.forEach((s, i) =>
        expect(apart(at(told, t + 1, `weights/${s.name}`), want[i]!), `${s.name} after step ${t + 1}`).toBeLessThan(
          1e-5
        )
      )
    }
  })
})

describe('noise of a hook', () => {
  const key = 'noise/hooks/gradientNoise/first/kernel'
  it('is another at each step and for each seed, and standard normal', async () => {
    const experiment = experimentOf(['gradientNoise'])
    const told = await runToEnd(experiment, { snapshots: [3, 4] })
    expect(at(told, 3, key)).not.toEqual(at(told, 4, key))
    const other = await runToEnd({ ...experiment, seed: 43 }, { snapshots: [3] })
    expect(at(other, 3, key)).not.toEqual(at(told, 3, key))
    const numbers = [...told.snapshots.get(3)!].flatMap(([name, a]) => (name.startsWith('noise/') ? [...a.data] : []))
    const mean = numbers.reduce((s, x) => s + x, 0) / numbers.length
    const variance = numbers.reduce((s, x) => s + (x - mean) ** 2, 0) / numbers.length
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(numbers.length))
    expect(variance).toBeGreaterThan(0.85)
    expect(variance).toBeLessThan(1.15)
  })
  it('stays the same when another hook stands before its own', async () => {
    const alone = await runToEnd(experimentOf(['gradientNoise']), { snapshots: [3] })
    const second = await runToEnd(experimentOf(['gradientCentralisation', 'gradientNoise']), { snapshots: [3] })
    expect(at(second, 3, key)).toEqual(at(alone, 3, key))
  })
})

describe('slots', () => {
  it('of lookahead start at the weights, change every k steps and then hold what the weights were set to', async () => {
    const told = await runToEnd(experimentOf(['lookahead']), { snapshots: [1, 3, 4, 5, 8] })
    const slow = (step: number): Float32Array => at(told, step, 'optimizer/hooks/lookahead/slow/first/kernel')
    const initial = await runToEnd(experimentOf([], { steps: 1 }), { snapshots: [0] })
    expect(slow(1)).toEqual(at(initial, 0, 'weights/first/kernel'))
    expect(slow(3)).toEqual(slow(1))
    expect(slow(4)).not.toEqual(slow(3))
    expect(slow(4)).toEqual(at(told, 4, 'weights/first/kernel'))
    expect(slow(5)).toEqual(slow(4))
    expect(slow(8)).toEqual(at(told, 8, 'weights/first/kernel'))
  })
})
