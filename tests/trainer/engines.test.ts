import { optimizers } from '@shared/optimizers'
import { describe, expect, it } from 'vitest'
import { apart, at, bits, netOf, nets, runToEnd } from './support'

const names = Object.keys(nets) as (keyof typeof nets)[]

describe.each(names)('net %s', (name) => {
  it('recorded and replayed it does what it does op by op', async () => {
    const experiment = netOf(name, { steps: 25 })
    const [fast, eager] = [await runToEnd(experiment, { snapshots: [25] }), await runToEnd(experiment, { snapshots: [25], eager: true })]
    expect(fast.schema!.compiled).toBe(true)
    expect(eager.schema!.compiled).not.toBe(true)
    expect(fast.schema!.columns).toEqual(eager.schema!.columns)
    for (const key of fast.snapshots.get(25)!.keys()) expect(apart(at(fast, 25, key), at(eager, 25, key)), key).toBeLessThan(1e-3)
    // Column by column over all steps: no statistic may sit in another's place.
    const [f, e] = [fast.table!, eager.table!]
    fast.schema!.columns.forEach((c, k) => {
      const column = (t: typeof f): number[] => Array.from(t.steps, (_, i) => t.value(i, k)!)
      // A share of units may differ by one of them.
      expect(apart(column(f), column(e)), `${c.layer} ${c.statistic}`).toBeLessThan(/Share/.test(c.statistic) ? 1 : 5e-3)
    })
    fast.schema!.scalars.forEach((s, k) => {
      const column = (t: typeof f): number[] => Array.from(t.steps, (_, i) => t.scalar(i, k)!)
      expect(apart(column(f), column(e)), s).toBeLessThan(s === 'accuracy' ? 0.1 : 1e-3)
    })
    fast.evaluations.forEach((v, i) => expect(Math.abs(v.metrics['loss']! - eager.evaluations[i]!.metrics['loss']!)).toBeLessThan(1e-3 * (1 + Math.abs(v.metrics['loss']!))))
  })
  it('gives the same bits twice, and whatever is recorded', async () => {
    const experiment = netOf(name, { steps: 40, optimizer: { id: 'adam', learningRate: 0.01 } })
    const rarely = { ...experiment, record: { every: 10, evaluateEvery: 7 } }
    const [a, b, c] = [await runToEnd(experiment, { snapshots: [40] }), await runToEnd(experiment, { snapshots: [3, 40] }), await runToEnd(rarely, { snapshots: [40] })]
    expect(bits(b, 40)).toEqual(bits(a, 40))
    expect(bits(c, 40)).toEqual(bits(a, 40))
    expect(Buffer.from(b.table!.values.buffer)).toEqual(Buffer.from(a.table!.values.buffer))
    expect(Array.from(c.table!.steps)).toEqual([0, 10, 20, 30, 39])
    for (const step of c.table!.steps) {
      const [i, k] = [c.table!.frameOf(step), a.table!.frameOf(step)]
      expect(c.table!.values.slice(i * c.table!.width, (i + 1) * c.table!.width)).toEqual(a.table!.values.slice(k * a.table!.width, (k + 1) * a.table!.width))
    }
  })
  it('is another run with another seed', async () => {
    const experiment = netOf(name, { steps: 2 })
    const [a, b] = [await runToEnd(experiment, { snapshots: [2] }), await runToEnd({ ...experiment, seed: 43 }, { snapshots: [2] })]
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
          const next = entry.reference({ w: weight, g: at(told, t, `weight_gradients/${w}`)[k]!, slots, learningRate: 0.01, t: t + 1 }, params)
          weight = next.w
          slots = next.slots
        }
        expect(Math.abs(at(told, 12, `weights/${w}`)[k]! - weight), `${w}[${k}]`).toBeLessThan(2e-5 * (1 + Math.abs(weight)))
      })
    }
  })
})
