import { describe, expect, it, vi } from 'vitest'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { type Experiment } from '@shared/experiment'
import { ClosedError, TextError } from '@shared/ipc/errors'
import { connect, serve, type Server } from '@shared/ipc/rpc'
import { trainerContract } from '@shared/ipc/trainer'
import type { FrameBatch, LiveState, RunRecord, RunState } from '@shared/run/types'
import type { RunMessage, RunUpdate, UpdateKind, UpdateOf } from '@shared/run/update'
import { InputError } from '@shared/base/problems'
import { log } from '../../../../src/main/log'
import { describeExit } from '../../../../src/main/trainer/exit'
import type { Child } from '../../../../src/main/trainer/child'
import { RunHost, type HostOptions } from '../../../../src/main/trainer/host'
import { portPair } from '../../shared/ipc/ports'
import { sampleRun } from '../../shared/project/sample'

vi.mock('../../../../src/main/log', () => ({ log: vi.fn() }))

/** A trainer played by the test, over a real channel with the real contract. */
class Played implements Child {
  readonly api
  readonly pid = 4711
  tail = ''
  killed = false
  gone = false
  readonly calls: string[] = []
  acked = 0
  /** Of its run. */
  id = ''
  server!: Server<typeof trainerContract>
  private exits: ((code: number, reason?: string) => void)[] = []
  private readonly ports = portPair()
  constructor(
    how: {
      warm?: () => Promise<{ versions: Record<string, string> }>
      ready?: () => Promise<void>
      start?: () => void
      deaf?: boolean
    } = {}
  ) {
    this.api = connect(trainerContract, this.ports.a).api
    const note = (name: string) => () => void this.calls.push(name)
    this.server = serve(trainerContract, this.ports.b, {
      warmUp: how.warm ?? (() => ({ versions: { tensorflow: '2.15.1' } })),
      getReady: (e) => {
        this.calls.push(`getReady ${e.name}`)
        return how.ready?.()
      },
      start: (id) => {
        this.id = id
        this.calls.push('start')
        how.start?.()
      },
      pause: note('pause'),
      resume: note('resume'),
      step: note('step'),
      stop: () => {
        this.calls.push('stop')
        if (!how.deaf) this.say({ kind: 'done', state: 'stopped', step: 0 })
      },
      inspect: note('inspect'),
      checkpoint: () => {
        this.calls.push('checkpoint')
        return { step: 9 }
      },
      change: () => {
        this.calls.push('change')
        return { step: 7 }
      },
      ack: (n) => void (this.acked += n)
    })
  }
  onExit(listener: (code: number, reason?: string) => void): void {
    this.exits.push(listener)
  }
  kill(): void {
    if (this.killed) return
    this.killed = true
    this.exit(15)
  }
  exit(code: number, reason?: string): void {
    this.gone = true
    this.ports.close()
    for (const l of this.exits.splice(0)) l(code, reason)
  }
  say(update: RunUpdate): void {
    this.server.emit('runUpdate', { id: this.id, update })
  }
  progress(state: LiveState, step: number): void {
    this.say({ kind: 'progress', progress: { state, step, steps: 400 } })
  }
}
const schema = sampleRun().schema!
const frames = (from: number, n: number): FrameBatch => ({
  steps: Int32Array.from({ length: n }, (_, i) => from + i),
  values: Float32Array.from({ length: n * 2 }, (_, i) => from + i / 8),
  scalars: new Float32Array(n * 2).fill(from)
})

function setUp(options: Partial<HostOptions> & { how?: ConstructorParameters<typeof Played>[0] } = {}) {
  const children: Played[] = []
  const messages: RunMessage[] = []
  const emit = (message: RunMessage): void => void messages.push(structuredClone(message))
  const fork = (): Child => {
    const child = new Played(options.how)
    children.push(child)
    return child
  }
  const host = new RunHost({ fork, emit, slots: 1, ...options })
  const state = (id: string): string | undefined => host.list().find((r) => r.id === id)?.progress.state
  /** The updates of one kind that the window was sent. */
  const of = <K extends UpdateKind>(kind: K): UpdateOf<K>[] =>
    messages.filter((m) => m.update.kind === kind).map((m) => m.update as UpdateOf<K>)
  /** The states that the window was sent. */
  const states = (id?: string): RunState[] =>
    messages.flatMap(({ id: of, update }) => {
      if (id && of !== id) return []
      if (update.kind === 'progress') return [update.progress.state]
      return update.kind === 'done' ? [update.state] : update.kind === 'failure' ? ['failed' as const] : []
    })
  const go = async (id: string): Promise<Played> => {
    host.start(id, vanishingExperiment(3), {})
    await vi.waitFor(() => expect(children.at(-1)?.calls).toContain('start'))
    const child = children.at(-1)!
    child.say({ kind: 'schema', schema })
    child.progress('running', 0)
    await vi.waitFor(() => expect(state(id)).toBe('running'))
    return child
  }
  return { host, children, messages, state, states, of, go }
}
const record = (host: RunHost, id: string): RunRecord => host.record(id)!

describe('a run', () => {
  it('goes from queued to finished, and everything recorded reaches the window before the final state', async () => {
    const { host, go, messages, of, state, states } = setUp()
    const child = await go('a')
    for (let i = 0; i < 10; i++) child.say({ kind: 'frames', frames: frames(i * 10, 10) })
    child.say({ kind: 'evaluation', evaluation: { step: 99, metrics: { loss: NaN } } })
    child.say({ kind: 'findings', findings: sampleRun().findings })
    child.say({ kind: 'done', state: 'finished', step: 400 })
    await vi.waitFor(() => expect(of('frames').length).toBeGreaterThan(0))
    expect(state('a')).toBe('finished')
    const told = (): number => of('frames').reduce((n, e) => n + e.frames.steps.length, 0)
    await vi.waitFor(() => {
      host.ack('a', 1)
      expect(states().at(-1)).toBe('finished')
    })
    expect(told()).toBe(100)
    expect(messages.at(-1)).toEqual({ id: 'a', update: { kind: 'done', state: 'finished', step: 400 } })
    expect(of('evaluation')).toEqual([{ kind: 'evaluation', evaluation: { step: 99, metrics: { loss: NaN } } }])
    expect(of('findings').at(-1)!.findings).toEqual(sampleRun().findings)
    const all = states('a')
    expect(all.filter((s, i) => s !== all[i - 1])).toEqual(['queued', 'starting', 'running', 'finished'])
    expect(child.acked).toBe(10)
    expect(record(host, 'a').frames.steps.length).toBe(100)
    await vi.waitFor(() => expect(child.killed).toBe(true))
    host.close()
  })
  it('keeps the distributions and hands them on, and asks for more while it goes', async () => {
    const { host, go, of } = setUp()
    const child = await go('a')
    const [first, live] = sampleRun().histograms!
    child.say({ kind: 'histograms', histograms: first! })
    child.say({ kind: 'histograms', histograms: { ...live!, step: 3 } })
    child.say({ kind: 'histograms', histograms: live! })
    await vi.waitFor(() => expect(of('histograms').length).toBe(3))
    expect(record(host, 'a').histograms).toEqual([first, live])
    host.inspect('a')
    await vi.waitFor(() => expect(child.calls).toContain('inspect'))
    child.say({ kind: 'done', state: 'finished', step: 400 })
    await vi.waitFor(() => expect(host.list()[0]!.progress.state).toBe('finished'))
    host.inspect('a')
    expect(child.calls.filter((c) => c === 'inspect')).toHaveLength(1)
    host.close()
  })
  it('waits its turn, and the next one starts when the first has ended, is paused or crashes', async () => {
    const { host, children, state, go } = setUp({ slots: 1 })
    const first = await go('a')
    host.start('b', vanishingExperiment(3), {})
    host.start('c', vanishingExperiment(3), {})
    expect([state('b'), state('c')]).toEqual(['queued', 'queued'])
    host.stop('c')
    expect(state('c')).toBe('stopped')
    first.progress('paused', 3)
    await vi.waitFor(() => expect(state('b')).toBe('starting'))
    expect(children.filter((c) => c.calls.includes('start')).length).toBe(2)
    host.close()
  })
  it('that is resumed while the cores are taken waits for one, ahead of or behind the others as ordered', async () => {
    const { host, children, state, go, states } = setUp({ slots: 1, cores: 2 })
    const first = await go('a')
    first.progress('paused', 3)
    await vi.waitFor(() => expect(state('a')).toBe('paused'))
    const second = await go('b')
    host.resume('a')
    expect(state('a')).toBe('queued')
    expect(first.calls).toEqual(['start'])
    host.start('c', vanishingExperiment(3), {}, { name: 'third' })
    expect(host.list().map((r) => [r.id, r.name, r.progress.state])).toEqual([
      ['a', expect.any(String), 'queued'],
      ['b', expect.any(String), 'running'],
      ['c', 'third', 'queued']
    ])
    // The third first, the paused one again after it; those that don't wait keep their places.
    host.order(['c', 'a'])
    expect(host.list().map((r) => r.id)).toEqual(['c', 'b', 'a'])
    host.pause('a')
    expect(state('a')).toBe('paused')
    host.resume('a')
    host.rename('c', 'renamed')
    expect(record(host, 'c').name).toBe('renamed')
    second.say({ kind: 'done', state: 'finished', step: 400 })
    await vi.waitFor(() => expect(state('c')).toBe('starting'))
    expect([state('a'), state('b')]).toEqual(['queued', 'finished'])
    // One more at once: it goes on where it was, in its own process.
    expect(host.setSlots(9)).toBe(2)
    expect(state('a')).toBe('running')
    await vi.waitFor(() => expect(first.calls).toEqual(['start', 'resume']))
    expect(children.filter((c) => c.calls.includes('start')).length).toBe(3)
    expect(host.setSlots(0)).toBe(1)
    await vi.waitFor(() => expect(states('a')).toContain('queued'))
    host.close()
  })
  it('keeps its checkpoints, as many as the trainer keeps, and tells from where it was continued', async () => {
    const { host, go, of } = setUp()
    const child = await go('a')
    const checkpoint = (step: number) => ({
      step,
      drawn: step,
      variables: [{ name: 'a/kernel', shape: [2] }],
      values: new Float32Array([step, -0])
    })
    child.say({ kind: 'checkpoint', checkpoint: checkpoint(10), kept: [10] })
    child.say({ kind: 'checkpoint', checkpoint: checkpoint(20), kept: [10, 20] })
    child.say({ kind: 'checkpoint', checkpoint: checkpoint(30), kept: [20, 30] })
    await vi.waitFor(() => expect(of('checkpoint').length).toBe(3))
    expect(record(host, 'a').checkpoints).toEqual([checkpoint(20), checkpoint(30)])
    expect(await host.checkpoint('a')).toEqual({ step: 9 })
    host.start('b', vanishingExperiment(3), {}, { from: { run: 'a', name: 'A', checkpoint: checkpoint(20) } })
    expect(record(host, 'b')).toMatchObject({
      continuedFrom: { run: 'a', name: 'A', step: 20 },
      progress: { step: 20 }
    })
    await expect(host.checkpoint('b')).rejects.toThrow(/does not go on/)
    host.close()
  })
  it('passes on pause, resume and step', async () => {
    const { host, go } = setUp()
    const child = await go('a')
    host.pause('a')
    host.resume('a')
    host.step('a')
    await vi.waitFor(() => expect(child.calls).toEqual(['start', 'pause', 'resume', 'step']))
    host.close()
  })
  it('passes a change on and keeps its events; one that waits becomes another experiment; one that is over refuses', async () => {
    const { host, go, of, state, children } = setUp()
    const child = await go('a')
    expect(await host.change('a', { learningRate: 0.5 })).toEqual({ step: 7 })
    const events = [{ step: 7, kind: 'learningRate' as const, text: { en: 'x', zh: 'x' }, before: 0.1, after: 0.5 }]
    child.say({ kind: 'event', event: events[0]!, index: 0 })
    await vi.waitFor(() => expect(of('event')).toEqual([{ kind: 'event', event: events[0]!, index: 0 }]))
    expect(record(host, 'a').events).toEqual(events)
    host.start('b', vanishingExperiment(3), {})
    expect(await host.change('b', { learningRate: 0.25 })).toEqual({ step: 0, anew: true })
    expect(record(host, 'b').experiment.training.optimizer['learningRate']).toBe(0.25)
    await expect(host.change('b', { learningRate: -1 })).rejects.toThrow(/learningRate/)
    expect(children.length).toBe(1)
    host.stop('b')
    expect(state('b')).toBe('stopped')
    await expect(host.change('b', { learningRate: 0.1 })).rejects.toThrow(/has ended/)
    host.close()
  })
  it('with an id in use, an unsound experiment or an unknown id is refused', async () => {
    const { host, go } = setUp()
    await go('a')
    expect(() => host.start('a', vanishingExperiment(3), {})).toThrow(InputError)
    expect(() => host.start('x', { ...vanishingExperiment(3), seed: -1 }, {})).toThrow(/seed/)
    expect(() => host.pause('nobody')).toThrow(/no run "nobody"/)
    expect(host.record('nobody')).toBeNull()
    host.close()
  })
  it('that the trainer refuses says why', async () => {
    const problem = { path: 'data.dataset.file', message: { en: 'row 3 is bad', zh: '第 3 行有误' } }
    const { host, state } = setUp({
      how: {
        start: () => {
          throw new InputError([problem])
        }
      }
    })
    host.start('a', vanishingExperiment(3), {})
    await vi.waitFor(() => expect(state('a')).toBe('failed'))
    expect(record(host, 'a').progress.failure!.problems).toEqual([problem])
    host.close()
  })
  it('that fails in words keeps the words and the record', async () => {
    const { host, go, state } = setUp()
    const child = await go('a')
    child.say({ kind: 'frames', frames: frames(0, 5) })
    child.say({
      kind: 'failure',
      failure: { message: { en: 'out of memory', zh: '内存不足' }, log: 'std::bad_alloc' },
      step: 5
    })
    await vi.waitFor(() => expect(state('a')).toBe('failed'))
    child.exit(0)
    expect(record(host, 'a')).toMatchObject({ progress: { failure: { message: { en: 'out of memory' } } } })
    expect(record(host, 'a').frames.steps.length).toBe(5)
    // What a library said is for the log alone.
    expect(vi.mocked(log)).toHaveBeenCalledWith('error', 'run a:', 'std::bad_alloc')
    expect(JSON.stringify(record(host, 'a'))).not.toContain('bad_alloc')
    host.close()
  })
  it('whose trainer sends frames that do not fit is ended as failed', async () => {
    const { host, go, state } = setUp()
    const child = await go('a')
    child.say({ kind: 'frames', frames: { ...frames(0, 5), values: new Float32Array(3) } })
    await vi.waitFor(() => expect(state('a')).toBe('failed'))
    expect(record(host, 'a').progress.failure!.message.en).toMatch(/makes no sense/)
    await vi.waitFor(() => expect(child.killed).toBe(true))
    host.close()
  })
  it('that is dropped is ended and forgotten', async () => {
    const { host, go } = setUp()
    const child = await go('a')
    host.drop('a')
    await vi.waitFor(() => expect(child.killed).toBe(true))
    expect(host.list()).toEqual([])
    host.close()
  })
})

describe('a trainer that dies', () => {
  it('makes a failed run with its cause, last words and everything recorded', async () => {
    const { host, go, states } = setUp()
    const child = await go('a')
    child.say({ kind: 'frames', frames: frames(0, 7) })
    await vi.waitFor(() => expect(child.acked).toBe(1))
    child.tail = 'terminate called after throwing'
    child.exit(9, 'killed')
    expect(record(host, 'a').progress).toMatchObject({
      state: 'failed',
      failure: { exitCode: 9, signal: 'SIGKILL', log: 'terminate called after throwing' }
    })
    expect(record(host, 'a').frames.steps.length).toBe(7)
    await vi.waitFor(() => expect(states().at(-1)).toBe('failed'))
    host.close()
  })
  it('after saying done is nothing special', async () => {
    const { host, go, state } = setUp()
    const child = await go('a')
    child.say({ kind: 'done', state: 'finished', step: 400 })
    await vi.waitFor(() => expect(state('a')).toBe('finished'))
    child.exit(9)
    expect(state('a')).toBe('finished')
    host.close()
  })
  it('with exit code 0 and no word has failed too', async () => {
    const { host, go, state } = setUp()
    const child = await go('a')
    child.exit(0)
    expect(state('a')).toBe('failed')
    host.close()
  })
  it('is not started ahead of its use after three crashes in five minutes', async () => {
    let now = 0
    const changes: boolean[] = []
    const { host, children } = setUp({
      now: () => now,
      nativeChanged: () => changes.push(!!host.nativeProblems),
      how: { warm: () => Promise.reject(new TextError({ en: 'library missing', zh: '缺少库' })) }
    })
    for (let i = 0; i < 6; i++) {
      host.prewarm()
      await vi.waitFor(() => expect(children.every((c) => c.killed)).toBe(true))
    }
    expect(children.length).toBe(3)
    expect(host.nativeProblems![0]!.message.en).toContain('library missing')
    // The window asked before there was a word of it.
    expect(changes).toEqual([true, true, true])
    now = 300_001
    host.prewarm()
    expect(children.length).toBe(4)
    host.close()
  })
})

describe('stop', () => {
  it('lets the trainer end by itself', async () => {
    const { host, go, state } = setUp()
    const child = await go('a')
    host.stop('a')
    await vi.waitFor(() => expect(state('a')).toBe('stopped'))
    expect(child.calls).toEqual(['start', 'stop'])
    host.close()
  })
  it('ends one that hangs, after a grace time, and keeps its record', async () => {
    const { host, go, state } = setUp({ grace: 20, how: { deaf: true } })
    const child = await go('a')
    child.say({ kind: 'frames', frames: frames(0, 3) })
    await vi.waitFor(() => expect(child.acked).toBe(1))
    host.stop('a')
    expect(state('a')).toBe('running')
    await vi.waitFor(() => expect(child.killed).toBe(true))
    expect(record(host, 'a')).toMatchObject({ progress: { state: 'stopped' } })
    expect(record(host, 'a').frames.steps.length).toBe(3)
    host.close()
  })
  it('of one that crashes while stopping is a stop', async () => {
    const { host, go, state } = setUp({ how: { deaf: true } })
    const child = await go('a')
    host.stop('a')
    child.exit(11)
    expect(state('a')).toBe('stopped')
    host.close()
  })
})

describe('silence', () => {
  it('is told after some seconds, and taken back at the next sign of life', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'Date'] })
    try {
      const { host, go } = setUp({ now: () => Date.now() })
      const child = await go('a')
      vi.advanceTimersByTime(7000)
      expect(record(host, 'a').progress.waiting).toBeGreaterThanOrEqual(5)
      child.server.emit('heartbeat', { step: 1 })
      await vi.waitFor(() => expect(record(host, 'a').progress.waiting).toBeUndefined())
      host.close()
    } finally {
      vi.useRealTimers()
    }
  })
  it('of a paused trainer is told as well: it would not hear that it shall go on', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'Date'] })
    try {
      const { host, go, state } = setUp({ now: () => Date.now() })
      const child = await go('a')
      child.progress('paused', 3)
      await vi.waitFor(() => expect(state('a')).toBe('paused'))
      vi.advanceTimersByTime(7000)
      expect(record(host, 'a').progress).toMatchObject({ state: 'paused', waiting: expect.any(Number) as number })
      host.close()
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a window', () => {
  it('is told of a run whose frames come while somebody sets the clock back', async () => {
    let clock = Date.now()
    const spy = vi.spyOn(Date, 'now').mockImplementation(() => (clock -= 3_600_000))
    try {
      const { host, go, of } = setUp()
      const child = await go('a')
      for (let i = 1; i <= 3; i++) {
        child.say({ kind: 'frames', frames: frames(i, 1) })
        await vi.waitFor(() => expect(of('frames')).toHaveLength(i))
        host.ack('a', 1)
      }
      host.close()
    } finally {
      spy.mockRestore()
    }
  })
  it('that does not acknowledge gets three batches, then everything in one when it does', async () => {
    const { host, go, of } = setUp()
    const child = await go('a')
    for (let i = 0; i < 50; i++) {
      child.say({ kind: 'frames', frames: frames(i * 4, 4) })
      await vi.waitFor(() => expect(child.acked).toBe(i + 1))
      if (i < 5) await vi.waitFor(() => expect(of('frames').length).toBeGreaterThanOrEqual(Math.min(3, i + 1)))
    }
    expect(of('frames').length).toBe(3)
    host.ack('a', 3)
    await vi.waitFor(() => expect(of('frames').length).toBe(4))
    const steps = of('frames').flatMap((e) => [...e.frames.steps])
    expect(steps).toEqual(Array.from({ length: 200 }, (_, i) => i))
    expect(record(host, 'a').frames.steps.length).toBe(200)
    host.close()
  })
  it('that stalls costs no memory for what it has not been told', async () => {
    const { host, go, messages, of } = setUp()
    const child = await go('a')
    let said = 0
    const say = (): void => {
      child.say({ kind: 'frames', frames: frames(said, 1) })
      child.say({ kind: 'evaluation', evaluation: { step: said, metrics: { loss: said } } })
      child.progress('running', said++)
    }
    // Until all the batches that may be under way are.
    await vi.waitFor(() => {
      say()
      expect(of('frames').length).toBe(3)
    })
    const before = messages.length
    const last = said + 600
    while (said < last) say()
    await vi.waitFor(() => expect(child.acked).toBe(last))
    // A few looks at the log later there is still nothing more.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(messages.length).toBe(before)
    expect(record(host, 'a').frames.steps.length).toBe(last)
    host.close()
  })
  it('that was reloaded gets the whole record and what comes after it, without a gap', async () => {
    const { host, go, of } = setUp()
    const child = await go('a')
    for (let i = 0; i < 20; i++) child.say({ kind: 'frames', frames: frames(i, 1) })
    await vi.waitFor(() => expect(child.acked).toBe(20))
    host.pageChanged()
    const known = record(host, 'a').frames.steps.length
    expect(known).toBe(20)
    const before = of('frames').length
    child.say({ kind: 'frames', frames: frames(20, 5) })
    await vi.waitFor(() => expect(of('frames').length).toBeGreaterThan(before))
    expect([...of('frames')[before]!.frames.steps]).toEqual([20, 21, 22, 23, 24])
    host.close()
  })
})

describe('a warm trainer', () => {
  it('is used by the next run, and its versions are known', async () => {
    const { host, children, go } = setUp()
    host.prewarm()
    await vi.waitFor(() => expect(host.versions).toEqual({ tensorflow: '2.15.1' }))
    const child = await go('a')
    expect(children).toEqual([child])
    host.close()
  })
  const named = (name: string, layers = 3): Experiment => ({ ...vanishingExperiment(layers), name })
  it('makes ready what is likely to be trained next, once, and not while another run takes the cores', async () => {
    const { host, children, go } = setUp()
    host.foresee(named('early'), {})
    host.prewarm()
    await vi.waitFor(() => expect(children[0]!.calls).toEqual(['getReady early']))
    // Another name is the same training.
    host.foresee(named('renamed'), { 'not named in it.csv': 'a' })
    host.foresee({ network: 3 } as never, {})
    host.foresee(named('deeper', 4), {})
    await vi.waitFor(() => expect(children[0]!.calls).toEqual(['getReady early', 'getReady deeper']))
    const child = await go('a')
    // However long it waits: the clock is ours from here to there.
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] })
    try {
      host.prewarm()
      await vi.waitFor(() => expect(children.length).toBe(2))
      await vi.advanceTimersByTimeAsync(5000)
    } finally {
      vi.useRealTimers()
    }
    expect(children[1]!.calls).toEqual([])
    child.say({ kind: 'done', state: 'finished', step: 400 })
    host.foresee(named('next', 5), {})
    await vi.waitFor(() => expect(children[1]!.calls).toEqual(['getReady next']))
    host.close()
  })
  it('that is busy with something else gives way to a fresh one', async () => {
    const { host, children, go } = setUp({ how: { ready: () => new Promise(() => undefined) } })
    host.prewarm()
    host.foresee(named('large', 9), {})
    await vi.waitFor(() => expect(children[0]!.calls).toEqual(['getReady large']))
    const child = await go('a')
    expect(children[0]!.killed).toBe(true)
    expect(child).toBe(children[1])
    host.close()
  })
  it('that is busy with just this run takes it', async () => {
    const { host, children, go } = setUp({ how: { ready: () => new Promise(() => undefined) } })
    host.prewarm()
    host.foresee(named('mine'), {})
    await vi.waitFor(() => expect(children[0]!.calls).toEqual(['getReady mine']))
    expect(await go('a')).toBe(children[0])
    host.close()
  })
})

describe('the trainer of a search', () => {
  const named = vanishingExperiment(3)
  /** Trains to the end. @returns its trainer */
  const train = async ({ host, children, state }: ReturnType<typeof setUp>, id: string): Promise<Played> => {
    host.start(id, named, {}, { search: 's' })
    const child = await vi.waitFor(() => {
      const of = children.find((c) => c.id === id)
      expect(of).toBeDefined()
      return of!
    })
    child.say({ kind: 'schema', schema })
    child.progress('running', 0)
    child.say({ kind: 'done', state: 'finished', step: 400 })
    await vi.waitFor(() => expect(state(id)).toBe('finished'))
    return child
  }
  it('makes its next training, too', async () => {
    const set = setUp()
    const child = await train(set, 'a')
    expect(await train(set, 'b')).toBe(child)
    set.host.close()
  })
  it('is ended when no training comes, and not before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const set = setUp()
      const first = await train(set, 'a')
      await vi.advanceTimersByTimeAsync(9000)
      // The wait begins anew with each training.
      expect(await train(set, 'b')).toBe(first)
      await vi.advanceTimersByTimeAsync(9000)
      expect(first.killed).toBe(false)
      await vi.advanceTimersByTimeAsync(2000)
      expect(first.killed).toBe(true)
      expect(await train(set, 'c')).not.toBe(first)
      set.host.close()
    } finally {
      vi.useRealTimers()
    }
  })
  it('that has exited gets no training, though its exit was not told yet', async () => {
    const set = setUp()
    const first = await train(set, 'a')
    await new Promise((resolve) => setTimeout(resolve, 0))
    first.gone = true
    const next = await train(set, 'b')
    expect(next).not.toBe(first)
    set.host.close()
  })
})

describe('exit causes', () => {
  it.each([
    [9, undefined, 'SIGKILL', /ended from outside \(SIGKILL\)/],
    [137, undefined, 'SIGKILL', /ended from outside/],
    [11, 'crashed', 'SIGSEGV', /crashed in native code \(SIGSEGV\)/],
    [6, 'crashed', 'SIGABRT', /crashed in native code/],
    [1, undefined, undefined, /before it was done \(exit code 1\)/],
    [0, undefined, undefined, /before it was done \(exit code 0\)/],
    [0, 'killed', undefined, /ended from outside/]
  ])('%i %s', (code, reason, signal, message) => {
    const failure = describeExit(code, 'log', reason)
    expect(failure.signal).toBe(signal)
    expect(failure.message.en).toMatch(message)
    expect(failure).toMatchObject({ exitCode: code, log: 'log' })
  })
})

it('a channel that closed rejects with ClosedError', async () => {
  const ports = portPair()
  const { api } = connect(trainerContract, ports.a)
  const pending = api.pause()
  ports.close()
  await expect(pending).rejects.toBeInstanceOf(ClosedError)
})
