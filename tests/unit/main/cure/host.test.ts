import { describe, expect, it, vi } from 'vitest'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import type { SearchOrder } from '@shared/cure/state'
import type { Experiment } from '@shared/experiment'
import type { StartOptions } from '@shared/ipc/trainer'
import { RunLog } from '@shared/run/runLog'
import type { RunState } from '@shared/run/types'
import type { LiveProgress } from '@shared/run/update'
import { addressOf, sumsOf } from '../../../../src/main/cure/address'
import { CureHost } from '../../../../src/main/cure/host'
import { describeData } from '../../../../src/trainer/data'

vi.mock('../../../../src/main/log', () => ({ log: vi.fn() }))

const experiment = vanishingExperiment(20)
const info = describeData(experiment, {})
const order = (change: Partial<SearchOrder> = {}): SearchOrder => ({
  experiment,
  info,
  goal: { metric: 'accuracy', better: 'higher' },
  seeds: [1, 2],
  budget: {},
  consider: ['batchNorm'],
  pairs: 0,
  ...change
})

/** Runs that end as the test says, with the host of searches that starts them. */
function playground() {
  const started: { id: string; experiment: Experiment; options: StartOptions }[] = []
  const stopped: string[] = []
  let onEnd: ((run: { log: RunLog; stepMs: number }) => void) | undefined
  const updates = vi.fn()
  const cure = new CureHost({
    host: {
      start: (id, experiment, _files, options = {}) => void started.push({ id, experiment, options }),
      stop(id) {
        stopped.push(id)
        setTimeout(() => end(id, 'stopped'), 0)
      },
      drop: vi.fn(),
      onEnd: (listener) => void (onEnd = listener)
    },
    emit: updates,
    version: '1',
    language: () => 'en',
    atOnce: 2
  })
  function end(id: string, state: RunState, signal?: string): void {
    const { experiment } = started.find((s) => s.id === id)!
    const log = new RunLog({ id, name: '', experiment, createdAt: '' })
    const failure = signal === undefined ? {} : { failure: { message: { en: '', zh: '' }, signal } }
    log.apply({ kind: 'progress', progress: { state, step: 0, steps: 20, ...failure } as LiveProgress })
    onEnd!({ log, stepMs: 1 })
  }
  /** Ends every training as it starts, until the search is over. */
  async function toTheEnd(from = 0): Promise<void> {
    for (let i = from; cure.state?.state === 'running'; i++) {
      await vi.waitFor(() => expect(started.length > i || cure.state?.state !== 'running').toBe(true))
      if (started[i]) end(started[i]!.id, 'finished')
    }
  }
  const begun = (n: number): Promise<void> => vi.waitFor(() => expect(started).toHaveLength(n))
  return { cure, started, stopped, end, toTheEnd, begun }
}
const nothing = { kept: [], time: 0 }

describe('the address of a training', () => {
  const common = { info, goal: order().goal, sums: [], version: '1' }
  const of = (change: Partial<Experiment>, more = {}): string =>
    addressOf({ experiment: { ...experiment, ...change } }, { ...common, ...more })

  it('is the same for what computes the same, and no other', () => {
    expect(of({ name: 'another' })).toBe(of({}))
    expect(of({ seed: 1 })).not.toBe(of({ seed: 2 }))
    expect(of({}, { version: '2' })).not.toBe(of({}))
    const sums = (files: Record<string, string>): string => of({}, { sums: sumsOf(files) })
    expect(sums({ 'a.csv': '1' })).not.toBe(of({}))
    expect(sums({ 'a.csv': '2' })).not.toBe(sums({ 'a.csv': '1' }))
    expect(sums({ b: '2', a: '1' })).toBe(sums({ a: '1', b: '2' }))
    expect(addressOf({ experiment, until: 10 }, common)).not.toBe(of({}))
  })
})

describe('the host of searches', () => {
  it('trains as many at once as it may, and keeps each result under its address', async () => {
    const { cure, started, toTheEnd, begun } = playground()
    cure.start('s', order({ seeds: [1, 2, 3] }), {}, nothing)
    await begun(2)
    expect(started.map((s) => s.experiment.seed)).toEqual([1, 2])
    expect(started.every((s) => s.options.search === 's')).toBe(true)
    await toTheEnd()
    expect(cure.state!.state).toBe('done')
    expect(started.length).toBe(cure.state!.kept.length)
    expect(new Set(cure.state!.kept.map((k) => k.address)).size).toBe(started.length)
  })

  it('stopped, it keeps what is finished, and goes on without repeating it', async () => {
    const { cure, started, stopped, end, toTheEnd, begun } = playground()
    cure.start('s', order(), {}, nothing)
    await begun(2)
    end(started[0]!.id, 'finished')
    cure.stop()
    await vi.waitFor(() => expect(cure.state!.state).toBe('stopped'))
    expect(stopped).toEqual([started[1]!.id])
    const { kept, time } = cure.state!
    expect(kept).toHaveLength(1)
    cure.start('s', order(), {}, { kept, time })
    await begun(3)
    expect(started[2]!.experiment.seed).toBe(2)
    await toTheEnd(2)
    const addresses = cure.state!.kept.map((k) => k.address)
    expect(new Set(addresses).size).toBe(addresses.length)
    expect(cure.state!.kept[0]).toEqual(kept[0])
  })

  it('makes the training of a killed process again, once', async () => {
    const { cure, started, end, begun } = playground()
    cure.start('s', order({ seeds: [1] }), {}, nothing)
    await begun(1)
    end(started[0]!.id, 'failed', 'SIGKILL')
    await begun(2)
    expect(started[1]!.experiment).toEqual(started[0]!.experiment)
    expect(cure.state!.kept).toEqual([])
    end(started[1]!.id, 'failed', 'SIGKILL')
    await vi.waitFor(() => expect(cure.state!.state).toBe('failed'))
    expect(cure.state!.failure!.message.en).toMatch(/ended twice/)
  })

  it('ends when its budget of trainings is spent', async () => {
    const { cure, started, toTheEnd } = playground()
    cure.start('s', order({ budget: { trainings: 1 } }), {}, nothing)
    await toTheEnd()
    expect(started).toHaveLength(1)
    expect(cure.state!.state).toBe('stopped')
    expect(cure.state!.prescription!.verdict.state).toBe('unfinished')
  })
})
