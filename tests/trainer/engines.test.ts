import { describeData } from '../../src/trainer/data'
import { optimizers } from '@shared/catalog/optimizers'
import { remedies } from '@shared/clinic/remedies'
import { describe, expect, it } from 'vitest'
import { apart, at, bits, netOf, nets, runToEnd } from './support'

const names = Object.keys(nets) as (keyof typeof nets)[]

describe.each(names)('net %s', (name) => {
  it('recorded and replayed it does what it does op by op', async () => {
    const experiment = netOf(name, { steps: 25 })
    const [fast, eager] = [
      await runToEnd(experiment, { snapshots: [25] }),
      await runToEnd(experiment, { snapshots: [25], eager: true })
    ]
    expect(fast.schema!.compiled).toBe(true)
    expect(eager.schema!.compiled).not.toBe(true)
    expect(fast.schema!.columns).toEqual(eager.schema!.columns)
    for (const key of fast.snapshots.get(25)!.keys())
      expect(apart(at(fast, 25, key), at(eager, 25, key)), key).toBeLessThan(1e-3)
    // Column by column over all steps: no statistic may sit in another's place.
    const [f, e] = [fast.table!, eager.table!]
    fast.schema!.columns.forEach((c, k) => {
      const column = (t: typeof f): number[] => Array.from(t.steps, (_, i) => t.value(i, k)!)
      // A share of units may differ by one of them.
      expect(apart(column(f), column(e)), `${c.layer} ${c.statistic}`).toBeLessThan(
        /Share/.test(c.statistic) ? 1 : 5e-3
      )
    })
    fast.schema!.scalars.forEach((s, k) => {
      const column = (t: typeof f): number[] => Array.from(t.steps, (_, i) => t.scalar(i, k)!)
      expect(apart(column(f), column(e)), s).toBeLessThan(s === 'accuracy' ? 0.1 : 1e-3)
    })
    fast.evaluations.forEach((v, i) =>
      expect(Math.abs(v.metrics['loss']! - eager.evaluations[i]!.metrics['loss']!)).toBeLessThan(
        1e-3 * (1 + Math.abs(v.metrics['loss']!))
      )
    )
  })
  it('gives the same bits twice, and whatever is recorded', async () => {
    const experiment = netOf(name, { steps: 40, optimizer: { id: 'adam', learningRate: 0.01 } })
    const rarely = { ...experiment, record: { every: 10, evaluateEvery: 7, keepEvery: 0 } }
    const [a, b, c] = [
      await runToEnd(experiment, { snapshots: [40] }),
      await runToEnd(experiment, { snapshots: [3, 40] }),
      await runToEnd(rarely, { snapshots: [40], ready: true })
    ]
    expect(bits(b, 40)).toEqual(bits(a, 40))
    expect(bits(c, 40)).toEqual(bits(a, 40))
    expect(Buffer.from(b.table!.values.buffer)).toEqual(Buffer.from(a.table!.values.buffer))
    expect(Array.from(c.table!.steps)).toEqual([0, 10, 20, 30, 39])
    for (const step of c.table!.steps) {
      const [i, k] = [c.table!.frameOf(step), a.table!.frameOf(step)]
      expect(c.table!.values.slice(i * c.table!.width, (i + 1) * c.table!.width)).toEqual(
        a.table!.values.slice(k * a.table!.width, (k + 1) * a.table!.width)
      )
    }
  })
  it('is another run with another seed', async () => {
    const experiment = netOf(name, { steps: 2 })
    const [a, b] = [
      await runToEnd(experiment, { snapshots: [2] }),
      await runToEnd({ ...experiment, seed: 43 }, { snapshots: [2] })
    ]
    expect(bits(a, 2)).not.toEqual(bits(b, 2))
  })
})

describe.each(optimizers.all.map((o) => [o.id, o] as const))('optimizer %s', (id, entry) => {
  it('recorded, it follows its reference on plain numbers', async () => {
    const experiment = netOf('plain', { steps: 12, optimizer: { id, learningRate: 0.01 } })
    const all = Array.from({ length: 13 }, (_, i) => i)
    const told = await runToEnd(experiment, { snapshots: all })
    expect(told.schema!.compiled).toBe(true)
    const { id: _, ...params } = experiment.training.optimizer
    for (const w of ['first/kernel', 'first/bias', 'second/kernel', 'out/kernel']) {
      const start = at(told, 0, `weights/${w}`)
      start.forEach((_value, k) => {
        // Its own gradients, step by step: the arithmetic is what is compared.
        let weight = start[k]!
        let slots = Object.fromEntries(entry.slots.map((s) => [s, entry.slotInit ?? 0]))
        for (let t = 0; t < 12; t++) {
          const next = entry.reference(
            { w: weight, g: at(told, t, `weight_gradients/${w}`)[k]!, slots, learningRate: 0.01, t: t + 1 },
            params
          )
          weight = next.w
          slots = next.slots
        }
        expect(Math.abs(at(told, 12, `weights/${w}`)[k]! - weight), `${w}[${k}]`).toBeLessThan(
          2e-5 * (1 + Math.abs(weight))
        )
      })
    }
  })
})

describe.each(remedies.all.filter((r) => r.hook).map((r) => [r.id] as const))('hook %s', (id) => {
  const fits = (name: keyof typeof nets): boolean =>
    !remedies.get(id).blocked?.(netOf(name), {}, describeData(netOf(name), {}))
  const experiment = netOf(fits('deepRelu') ? 'deepRelu' : 'criticOfGenerator', {
    steps: 20,
    hooks: [id],
    optimizer: { id: 'sgd', learningRate: 0.5 }
  })
  it('recorded it does what it does op by op, and the same bits whatever is recorded', async () => {
    const [fast, eager] = [
      await runToEnd(experiment, { snapshots: [5, 20] }),
      await runToEnd(experiment, { snapshots: [5], eager: true })
    ]
    expect(fast.schema!.compiled).toBe(true)
    for (const key of Object.keys(bits(fast, 5)))
      expect(apart(at(fast, 5, key), at(eager, 5, key)), key).toBeLessThan(1e-3)
    const rarely = await runToEnd(
      { ...experiment, record: { every: 7, evaluateEvery: 50, keepEvery: 0 } },
      { snapshots: [20], ready: true }
    )
    expect(bits(rarely, 20)).toEqual(bits(fast, 20))
  })
  it('changes the weights it is there to change', async () => {
    const plain = await runToEnd(
      { ...experiment, training: { ...experiment.training, hooks: [] } },
      { snapshots: [20] }
    )
    expect(bits(await runToEnd(experiment, { snapshots: [20] }), 20)).not.toEqual(bits(plain, 20))
  })
})

describe('figures that hooks and optimizers have a part in', () => {
  it('the update ratio is that of the step really applied, the gradient that before clipping', async () => {
    const clipped = netOf('deepRelu', {
      steps: 3,
      hooks: [{ id: 'clipByGlobalNorm', maxNorm: 1e-3 }],
      optimizer: { id: 'sgd', learningRate: 0.1 }
    })
    const told = await runToEnd(clipped, { snapshots: [1, 2] })
    const norm = (v: Float32Array): number => Math.sqrt(v.reduce((s, x) => s + x * x, 0))
    const [a, b] = [at(told, 1, 'weights/first/kernel'), at(told, 2, 'weights/first/kernel')]
    const value = (statistic: string): number => told.table!.value(1, told.table!.column(0, statistic))!
    expect(value('updateRatio') / (norm(b.map((x, i) => x - a[i]!)) / norm(a))).toBeCloseTo(1, 4)
    expect(value('weightGradientNorm') / norm(at(told, 1, 'weight_gradients/first/kernel'))).toBeCloseTo(1, 4)
    let all = 0
    for (const [name, v] of told.snapshots.get(1)!) if (name.startsWith('weight_gradients/')) all += norm(v.data) ** 2
    expect(told.table!.scalar(1, told.table!.scalarColumn('gradientNorm'))! / Math.sqrt(all)).toBeCloseTo(1, 4)
    // Every weight together moved by α·maxNorm.
    let moved = 0
    for (const [name, v] of told.snapshots.get(2)!)
      if (name.startsWith('weights/')) moved += norm(v.data.map((x, i) => x - at(told, 1, name)[i]!)) ** 2
    expect(Math.sqrt(moved) / (0.1 * 1e-3)).toBeCloseTo(1, 2)
  })
  it("a residual block's gradient is the sum over both its readers", async () => {
    const told = await runToEnd(netOf('residual', { steps: 1 }), { snapshots: [0] })
    const units = 10
    // first → dense → (+ first): what reaches `first` is what comes through the kernel, and what the addition hands on.
    const through = at(told, 0, 'pre_activation_gradients/block.1.dense')
    const kernel = at(told, 0, 'weights/block.1.dense/kernel')
    const past = at(told, 0, 'activation_gradients/block.1.sum')
    const whole = at(told, 0, 'activation_gradients/first')
    for (let i = 0; i < whole.length; i++) {
      let g = past[i]!
      for (let j = 0; j < units; j++)
        g += through[Math.floor(i / units) * units + j]! * kernel[(i % units) * units + j]!
      expect(whole[i]!).toBeCloseTo(g, 6)
    }
  })
})
