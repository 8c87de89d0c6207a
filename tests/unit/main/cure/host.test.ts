import { describe, expect, it, vi } from 'vitest'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import type { Job } from '@shared/cure/job'
import type { SearchOrder } from '@shared/cure/state'
import type { Experiment } from '@shared/experiment'
import type { StartOptions } from '@shared/ipc/trainer'
import { resultOf } from '@shared/cure/trial'
import type { MadeElsewhere, QueuedSearch } from '@shared/ipc/queue'
import { RunLog } from '@shared/run/runLog'
import type { RunSchema, RunState } from '@shared/run/types'
import type { LiveProgress } from '@shared/run/update'
import { addressOf, sumsOf } from '../../../../src/main/cure/address'
import { CureHost } from '../../../../src/main/cure/host'
import type { Queue, QueueListeners } from '../../../../src/main/cure/queue'
import type { CureHostOptions } from '../../../../src/main/cure/sitting'
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

/** What a run of this machine says of itself. */
const SCHEMA = {
  versions: { cpu: 'here' },
  info,
  layers: [],
  columns: [],
  scalars: ['loss']
} as unknown as RunSchema

/** Runs that end as the test says, with the host of searches that starts them. */
function playground(openQueue?: CureHostOptions['openQueue']) {
  const started: { id: string; experiment: Experiment; options: StartOptions }[] = []
  const stopped: string[] = []
  const adopted: string[] = []
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
      adopt: (record) => void adopted.push(record.id),
      onEnd: (listener) => void (onEnd = listener)
    },
    emit: updates,
    version: '1',
    language: () => 'en',
    atOnce: 2,
    ...(openQueue && { openQueue })
  })
  function end(id: string, state: RunState, signal?: string): void {
    const { experiment } = started.find((s) => s.id === id)!
    const log = new RunLog({ id, name: '', experiment, createdAt: '' })
    log.apply({ kind: 'schema', schema: SCHEMA })
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
  return { cure, started, stopped, adopted, end, toTheEnd, begun }
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

  it('keeps nothing of a process that is killed while the search ends', async () => {
    const { cure, started, end, begun } = playground()
    cure.start('s', order(), {}, nothing)
    await begun(2)
    cure.stop()
    end(started[0]!.id, 'failed', 'SIGKILL')
    await vi.waitFor(() => expect(cure.state!.state).toBe('stopped'))
    // Kept, it would count as a training that came to nothing when the search goes on.
    expect(cure.state!.kept).toEqual([])
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

/** A queue whose workers end every training as it comes. @param machine that makes a job */
function queueOf(machine: (job: Job, untreatedBy: string | undefined) => string | null) {
  const opened: { url: string; workers: number }[] = []
  const crew: { hear?: QueueListeners; active: ((isActive: boolean) => void)[] } = { active: [] }
  const made: { job: Job; untreatedBy: string | undefined }[] = []
  const [withdraw, close] = [vi.fn(), vi.fn()]
  const openQueue = (url: string, _: QueuedSearch, hear: QueueListeners): Promise<Queue> => {
    crew.hear = hear
    opened.push({ url, workers: 0 })
    return Promise.resolve({
      workers: 0,
      withdraw,
      close,
      make(job, untreatedBy, active): Promise<MadeElsewhere | null> {
        crew.active.push(active)
        made.push({ job, untreatedBy })
        const by = machine(job, untreatedBy)
        if (by === null) return new Promise(() => {})
        const log = new RunLog({ id: 'x', name: '', experiment: job.experiment, createdAt: '' })
        log.apply({ kind: 'schema', schema: SCHEMA })
        log.apply({ kind: 'progress', progress: { state: 'finished', step: 0, steps: 20 } as unknown as LiveProgress })
        const result = resultOf(log, order().goal, { stepMs: 1, run: 'x' })
        return Promise.resolve({ result, machine: by, record: log.toRecord() })
      }
    })
  }
  return { openQueue, opened, crew, made, withdraw, close }
}
const URL_OF_QUEUE = 'redis://:secret@host'

describe('a search by a queue', () => {
  it('has all trainings made there, takes over their runs, and comes to what it comes to here', async () => {
    const queue = queueOf(() => 'one')
    const there = playground(queue.openQueue)
    there.cure.start('s', order(), {}, nothing, URL_OF_QUEUE)
    await vi.waitFor(() => expect(there.cure.state!.state).toBe('done'))
    expect(there.started).toEqual([])
    expect(queue.close).toHaveBeenCalledOnce()
    const { kept, prescription } = there.cure.state!
    expect(there.adopted).toEqual(kept.map((k) => k.result.trial.run))
    expect(kept.every((k) => k.machine === 'one')).toBe(true)
    expect(JSON.stringify(there.cure.state)).not.toContain('secret')
    // A treated job names the machine of the untreated one.
    expect(queue.made.filter((m) => m.job.untreated).map((m) => m.untreatedBy)).toEqual(
      queue.made.filter((m) => m.job.untreated).map(() => 'one')
    )

    const here = playground()
    here.cure.start('s', order(), {}, nothing)
    await here.toTheEnd()
    const told = (of: unknown): unknown =>
      JSON.parse(
        JSON.stringify(of, (key, value: unknown) =>
          key === 'run' || key === 'stepMs' || key === 'stepCost' ? 0 : value
        )
      )
    expect(told(prescription)).toEqual(told(here.cure.state!.prescription))
    expect(kept.map((k) => k.address)).toEqual(here.cure.state!.kept.map((k) => k.address))
  })

  it('says that no worker is there, and can be stopped while all wait', async () => {
    const queue = queueOf(() => null)
    const { cure } = playground(queue.openQueue)
    cure.start('s', order(), {}, nothing, URL_OF_QUEUE)
    await vi.waitFor(() => expect(queue.made).toHaveLength(2))
    expect(cure.state!.notice!.en).toMatch(/No worker waits/)
    cure.stop()
    await vi.waitFor(() => expect(cure.state!.state).toBe('stopped'))
    expect(queue.withdraw).toHaveBeenCalledWith(true)
    expect([cure.state!.notice, cure.state!.ongoing]).toEqual([undefined, []])
  })

  it('says how many workers there are, which trainings they have begun, and that one is gone', async () => {
    const queue = queueOf(() => null)
    const { cure } = playground(queue.openQueue)
    cure.start('s', order(), {}, nothing, URL_OF_QUEUE)
    const said = () => [cure.state!.queue?.workers, cure.state!.notice?.en]
    expect([cure.state!.queue, cure.state!.notice]).toEqual([{ place: 'redis://host' }, undefined])
    await vi.waitFor(() => expect(queue.made).toHaveLength(2))
    expect(said()).toEqual([0, expect.stringMatching(/No worker waits/)])
    const { hear, active } = queue.crew
    hear!.workers(2)
    expect(said()).toEqual([2, undefined])
    const waiting = () => cure.state!.ongoing.map((o) => o.waits)
    expect(waiting()).toEqual([true, true])
    active[1]!(true)
    expect(waiting()).toEqual([true, undefined])
    hear!.workers(1)
    active[1]!(false)
    expect(said()).toEqual([1, expect.stringMatching(/A worker is gone.*one is left/)])
    expect(waiting()).toEqual([true, true])
    hear!.away({ en: 'it does not answer', zh: '' })
    expect(said()).toEqual([undefined, 'it does not answer'])
    // It is back, with as many workers as it has now.
    hear!.workers(1)
    expect(said()).toEqual([1, undefined])
    cure.stop()
    await vi.waitFor(() => expect(cure.state!.state).toBe('stopped'))
    hear!.workers(3)
    hear!.away({ en: 'late', zh: '' })
    expect([cure.state!.queue, cure.state!.notice]).toEqual([undefined, undefined])
  })

  it('can be stopped while it connects, and says nothing of the connection then', async () => {
    const { cure, started } = playground(
      (_url, _search, _hear, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))
    )
    cure.start('s', order(), {}, nothing, URL_OF_QUEUE)
    await vi.waitFor(() => expect(cure.state!.queue).toEqual({ place: 'redis://host' }))
    cure.stop()
    await vi.waitFor(() => expect(cure.state!.state).toBe('stopped'))
    expect([cure.state!.failure, started]).toEqual([undefined, []])
  })

  it('fails in the words of the broker, and of a worker', async () => {
    const { cure } = playground(() => Promise.reject(new Error('the queue at redis://host does not answer')))
    cure.start('s', order(), {}, nothing, URL_OF_QUEUE)
    await vi.waitFor(() => expect(cure.state!.state).toBe('failed'))
    expect(cure.state!.failure!.message.en).toBe('the queue at redis://host does not answer')
    const refusing = playground(
      queueOf(() => {
        throw new Error('made by engine 0.1')
      }).openQueue
    )
    refusing.cure.start('s', order(), {}, nothing, URL_OF_QUEUE)
    await vi.waitFor(() => expect(refusing.cure.state!.state).toBe('failed'))
    expect(refusing.cure.state!.failure!.message.en).toBe('made by engine 0.1')
  })

  it('gone on with here, trains the untreated runs of other machines again, to compare with', async () => {
    const queue = queueOf((job) => (job.candidate === undefined ? 'elsewhere' : null))
    const { cure, started, toTheEnd } = playground(queue.openQueue)
    cure.start('s', order(), {}, nothing, URL_OF_QUEUE)
    await vi.waitFor(() => expect(queue.made.some((m) => m.job.candidate)).toBe(true))
    cure.stop()
    await vi.waitFor(() => expect(cure.state!.state).toBe('stopped'))
    const { kept } = cure.state!
    cure.start('s', order(), {}, { kept, time: 0 })
    await toTheEnd()
    expect(cure.state!.state).toBe('done')
    const untreated = started.filter((s) => s.experiment.remedies.length === 0)
    expect(untreated.map((s) => s.experiment.seed).sort()).toEqual([1, 2])
    // Each once, though more than one treated run may stand beside it; and none where the same machine made both.
    const again = playground()
    again.cure.start('t', order(), {}, { kept: cure.state!.kept, time: 0 })
    await vi.waitFor(() => expect(again.cure.state!.state).toBe('done'))
    expect(again.started).toEqual([])
  })
})
