import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { describe, expect, it, vi } from 'vitest'
import { at, begin, bits, netOf, runToEnd, until } from './support'

/** Waits until something has been heard that satisfies the condition. */
const last = <T>(list: readonly T[]): T => list[list.length - 1]!
const small = (steps: number): Experiment => netOf('plain', { steps })

describe('what a session says', () => {
  it('comes in order, and the last word is done', async () => {
    const told = await runToEnd(small(60))
    const names = told.updates.map((u) => u.kind)
    expect(names[0]).toBe('progress')
    expect(told.progress[0]).toMatchObject({ state: 'starting', step: 0, steps: 60 })
    expect(names.indexOf('schema')).toBeLessThan(names.indexOf('frames'))
    expect(last(names)).toBe('done')
    expect(last(told.progress)).toMatchObject({ state: 'finished', step: 60, steps: 60 })
    expect(Array.from(told.table!.steps)).toEqual(Array.from({ length: 60 }, (_, i) => i))
    expect(told.evaluations.map((e) => e.step)).toEqual([0, 20, 40, 60])
    expect(told.schema!.scalars).toEqual(['loss', 'accuracy', 'gradientNorm', 'penalty', 'learningRate'])
    expect(told.schema!.trainCount + told.schema!.validationCount).toBe(120)
    expect(told.schema!.versions['tensorflow']).toMatch(/^2\./)
  })
  it('applies and records the learning rate of its schedule', async () => {
    const base = small(30)
    const rate = base.training.optimizer['learningRate'] as number
    const scheduled = {
      ...base,
      training: { ...base.training, schedule: { id: 'step', every: 10, gamma: 0.1, warmUp: 10 } }
    }
    const told = await runToEnd(scheduled, { snapshots: [15, 16, 25, 26] })
    const { table } = told
    const column = table!.scalarNames.indexOf('learningRate')
    const rates = Array.from(table!.steps, (_, i) => table!.scalars[i * table!.scalarWidth + column]!)
    rates.forEach((r, s) =>
      expect(r).toBeCloseTo(s < 10 ? (rate * (s + 1)) / 10 : rate * 0.1 ** Math.floor((s - 10) / 10), 7)
    )
    // What is recorded is what moved the weights: with plain gradient descent the step is α times the gradient.
    expect(scheduled.training.optimizer.id).toBe('sgd')
    const moved = (step: number): number => {
      const [w, next, g] = [
        at(told, step, 'weights/first/kernel'),
        at(told, step + 1, 'weights/first/kernel'),
        at(told, step, 'weight_gradients/first/kernel')
      ]
      const top = g.reduce((best, x, i) => (Math.abs(x) > Math.abs(g[best]!) ? i : best), 0)
      return (w[top]! - next[top]!) / g[top]!
    }
    expect(moved(15) / rate).toBeCloseTo(1, 2)
    expect(moved(25) / rate).toBeCloseTo(0.1, 2)
  })
  it('is a failure in words for an experiment that cannot be trained', async () => {
    const base = small(5)
    const running = begin({ ...base, training: { ...base.training, batchSize: 1000 } })
    await running.end
    expect(running.done).toBeUndefined()
    expect(running.failed!.problems!.map((p) => p.path)).toEqual(['training.batchSize'])
    expect(running.failed!.message.en).toContain('training.batchSize')
    expect(running.failed!.message.zh).not.toBe('')
  })
  it('names the table that is missing', async () => {
    const running = begin(
      parseExperiment({
        data: { dataset: { id: 'csv', file: 'nowhere.csv' } },
        network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1 } }] }
      })
    )
    await running.end
    expect(running.failed!.message.en).toContain('nowhere.csv')
    expect(running.failed!.problems![0]!.path).toMatch(/^data\.dataset/)
  })
})

describe('commands', () => {
  it.each(['plain', 'noisy', 'batchNorm', 'criticOfGenerator'])(
    '%s: pause holds the run where it is, step does one step, resume goes on, and none of it changes a bit',
    async (net) => {
      const experiment = netOf(net, { steps: 200 })
      const straight = await runToEnd(experiment, { snapshots: [200] })
      const running = begin(experiment, { snapshots: [200] })
      await until(running, () => running.session.step >= 3)
      running.session.pause()
      expect(last(running.progress).state).toBe('paused')
      const held = running.session.step
      expect(held).toBeLessThan(200)
      // Everything that was recorded has been told.
      expect(running.table!.length).toBe(held)
      for (let i = 0; i < 20; i++) await new Promise<void>((r) => setImmediate(r))
      expect(running.session.step).toBe(held)
      for (let i = 1; i <= 3; i++) {
        running.session.singleStep()
        await until(running, () => running.session.step === held + i && last(running.progress).step === held + i)
        expect(last(running.progress)).toMatchObject({ state: 'paused', step: held + i })
        expect(running.table!.lastStep).toBe(held + i - 1)
      }
      running.session.resume()
      expect(last(running.progress).state).toBe('running')
      await running.end
      expect(running.done).toEqual({ state: 'finished' })
      expect(bits(running, 200)).toEqual(bits(straight, 200))
      expect(running.table!.values).toEqual(straight.table!.values)
      expect(running.findings).toEqual(straight.findings)
    }
  )
  it('are heard, and frames told, while somebody sets the clock back', async () => {
    let clock = Date.now()
    const spy = vi.spyOn(Date, 'now').mockImplementation(() => (clock -= 1000))
    try {
      const running = begin(small(100_000))
      await until(running, () => (running.table?.length ?? 0) >= 5)
      running.session.stop()
      await running.end
      expect(running.done).toEqual({ state: 'stopped' })
    } finally {
      spy.mockRestore()
    }
  })
  it('paused before it began, it waits at step 0', async () => {
    const running = begin(small(10), { hear: (update) => update.kind === 'schema' && running.session.pause() })
    await until(running, () => running.progress.some((p) => p.state === 'paused'))
    expect(running.session.step).toBe(0)
    running.session.resume()
    await running.end
    expect(running.table!.length).toBe(10)
  })
  it('step while running pauses after one more step', async () => {
    const running = begin(small(5000))
    await until(running, () => running.session.step >= 2)
    running.session.singleStep()
    const from = running.session.step
    await until(running, () => running.session.step === from + 1)
    for (let i = 0; i < 10; i++) await new Promise<void>((r) => setImmediate(r))
    expect(running.session.step).toBe(from + 1)
    running.session.stop()
    await running.end
  })
  it.each(['running', 'paused'] as const)(
    'stop while %s ends with the state stopped and all that was recorded',
    async (state) => {
      const running = begin(small(100000))
      await until(running, () => running.session.step >= 5)
      if (state === 'paused') running.session.pause()
      running.session.stop()
      await running.end
      expect(running.done).toEqual({ state: 'stopped' })
      expect(last(running.progress).state).toBe('stopped')
      expect(running.table!.length).toBe(running.session.step)
      expect(running.table!.length).toBeLessThan(100000)
    }
  )
})

describe('back-pressure', () => {
  it('sends few batches that nobody takes, loses no frame, and runs on', async () => {
    const running = begin(small(3000), { acknowledge: false })
    await running.end
    const batches = running.updates.flatMap((u) => (u.kind === 'frames' ? [u.frames.steps.length] : []))
    // Four on credit, and what is left at the end.
    expect(batches.length).toBeLessThanOrEqual(5)
    expect(batches.reduce((a, b) => a + b, 0)).toBe(3000)
    expect(running.table!.lastStep).toBe(2999)
  })
})

describe('data', () => {
  it('the two parts do not overlap and together are the whole', async () => {
    const experiment = parseExperiment({
      data: { dataset: { id: 'randomPairs', count: 50, inputs: 2, outputs: 1 }, validation: 0.3 },
      network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1 } }] },
      training: { batchSize: 0, steps: 1 }
    })
    const told = await runToEnd(experiment, { snapshots: [0] })
    expect(told.schema).toMatchObject({ trainCount: 35, validationCount: 15 })
    expect(at(told, 0, 'batch/x').length).toBe(70)
  })
  it('inputs are standardised by the training part, and a column that does not vary stays finite', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i * 3 + 100},7,${i % 2}`)
    const experiment = parseExperiment({
      data: { dataset: { id: 'csv', file: 't.csv' }, validation: 0 },
      network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }] },
      training: { batchSize: 0, steps: 1, loss: 'sigmoidCrossEntropy' }
    })
    const told = await runToEnd(experiment, { files: { 't.csv': ['a,b,label', ...rows].join('\n') }, snapshots: [0] })
    const x = at(told, 0, 'batch/x')
    const a = Array.from({ length: 40 }, (_, i) => x[i * 2]!)
    expect(Math.abs(a.reduce((s, v) => s + v, 0) / 40)).toBeLessThan(1e-6)
    expect(Math.abs(a.reduce((s, v) => s + v * v, 0) / 40 - 1)).toBeLessThan(1e-6)
    expect(Array.from({ length: 40 }, (_, i) => x[i * 2 + 1]!).every((v) => v === 0)).toBe(true)
  })
  it('batches are a stream of permutations: every example equally often', async () => {
    const experiment = parseExperiment({
      data: { dataset: { id: 'randomPairs', count: 10, inputs: 1, outputs: 1 } },
      network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1 } }] },
      training: { batchSize: 4, steps: 5 }
    })
    const told = await runToEnd(experiment, { snapshots: [0, 1, 2, 3, 4] })
    const seen = new Map<number, number>()
    for (let t = 0; t < 5; t++) for (const v of at(told, t, 'batch/x')) seen.set(v, (seen.get(v) ?? 0) + 1)
    expect([...seen.values()]).toEqual(Array(10).fill(2))
  })
})

describe('depth', () => {
  it('a 50-layer sigmoid net has a first gradient that is tiny, not zero, and is told to vanish', async () => {
    const told = await runToEnd({
      ...vanishingExperiment(50),
      training: { ...vanishingExperiment(50).training, steps: 30 }
    })
    const { table, schema } = told
    const main = schema!.layers.filter((l) => l.main)
    const value = (layer: number, statistic: string): number => table!.value(0, table!.column(layer, statistic))!
    for (const statistic of [
      'activationGradientRms',
      'weightGradientNorm',
      'weightGradientRms',
      'weightGradientMaxAbs'
    ]) {
      expect(value(main[0]!.index, statistic), statistic).toBeGreaterThan(0)
      expect(value(main[0]!.index, statistic), statistic).toBeLessThan(1e-20)
    }
    expect(value(last(main).index, 'activationGradientRms')).toBeGreaterThan(1e-3)
    // Monotone along the stack, each step by about the theoretical gain.
    const profile = main.map((l) => value(l.index, 'activationGradientRms'))
    for (let i = 1; i < profile.length - 1; i++) expect(profile[i]!).toBeGreaterThan(profile[i - 1]!)
    const gain = main.slice(10, 40).map((l) => value(l.index, 'gain'))
    gain.forEach((g, i) => expect(g).toBeCloseTo(profile[10 + i]! / profile[11 + i]!, 5))
    expect(told.findings.map((f) => f.kind)).toContain('vanishing')
    expect(told.findings.map((f) => f.kind)).not.toContain('healthy')
  })
})
