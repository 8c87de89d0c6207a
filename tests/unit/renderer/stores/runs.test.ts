import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, effect, isProxy, reactive, watch } from 'vue'
import { starterExperiment } from '@shared/clinic/templates/parts/opening'
import type { AppApi } from '@shared/ipc/app'
import type { FrameBatch, RunRecord, RunSchema } from '@shared/run/types'
import type { RunUpdate } from '@shared/run/update'
import { useRuns, type Run } from '@/stores/runs'

const layer = (index: number, id: string, main: boolean, ...inputs: string[]): RunSchema['layers'][number] => ({
  index,
  id,
  node: id,
  kind: main ? 'dense' : 'add',
  name: id,
  outputShape: [4],
  paramCount: 20,
  main,
  inputs
})
const schema: RunSchema = {
  layers: [
    layer(0, 'a', true, 'input'),
    layer(1, 'skip', false, 'a', 'input'),
    layer(2, 'b', true, 'skip'),
    layer(3, 'c', true, 'b')
  ],
  columns: [0, 1, 2, 3]
    .map((l) => ({ layer: l, statistic: 'activationGradientRms' }))
    .concat([{ layer: 2, statistic: 'weightNorm' }]),
  scalars: ['loss'],
  info: { inputShape: [4], targetShape: [1], task: 'regression', count: 10 },
  trainCount: 10,
  validationCount: 0,
  paramCount: 80,
  compiled: true,
  versions: {}
}
/** Values 1 … 5 times 10^step; NaN and the like may be put in by hand. */
const frames = (...steps: number[]): FrameBatch => ({
  steps: Int32Array.from(steps),
  values: Float32Array.from(steps.flatMap((s) => [1, 2, 3, 4, 5].map((v) => v * 10 ** s))),
  scalars: Float32Array.from(steps.map((s) => s + 0.1))
})

/** The bridge, with its calls noted and its events fired by hand. */
function bridge() {
  const listeners = new Map<string, ((p: never) => void)[]>()
  const calls: unknown[][] = []
  const records = new Map<string, RunRecord>()
  const note =
    (name: string) =>
    async (...args: unknown[]) =>
      void calls.push([name, ...args])
  const api = {
    on: (event: string, f: (p: never) => void) => (
      listeners.set(event, [...(listeners.get(event) ?? []), f]),
      () => undefined
    ),
    listRuns: async () => [...records.values()].map(({ id, name, progress }) => ({ id, name, progress })),
    getRun: async (id: string) => records.get(id) ?? null,
    ...Object.fromEntries(
      [
        'startRun',
        'pauseRun',
        'resumeRun',
        'stepRun',
        'stopRun',
        'inspectRun',
        'dropRun',
        'renameRun',
        'orderRuns',
        'ackFrames',
        'log'
      ].map((n) => [n, note(n)])
    )
  } as unknown as AppApi & Record<string, unknown>
  return {
    api,
    calls,
    records,
    tell: (id: string, update: RunUpdate) => listeners.get('runUpdate')?.forEach((f) => f({ id, update } as never))
  }
}
let b: ReturnType<typeof bridge>
let paint: (() => void)[]
/** One animation frame. */
const frame = async (): Promise<void> => {
  const now = paint
  paint = []
  now.forEach((f) => f())
  await new Promise((r) => setImmediate(r))
}
beforeEach(() => {
  setActivePinia(createPinia())
  b = bridge()
  paint = []
  vi.stubGlobal('window', { clinic: b.api })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => paint.push(f))
})
afterEach(async () => {
  // A frame that is still scheduled would find the window gone.
  await frame()
  vi.unstubAllGlobals()
})

async function started() {
  const runs = useRuns()
  const run = await runs.start({ experiment: starterExperiment() })
  b.tell(run.id, { kind: 'schema', schema })
  return { runs, run, id: run.id }
}

describe('runs', () => {
  it('start hands main a plain copy under an id it accepts, shows the run and follows live', async () => {
    const { runs, run } = await started()
    const call = b.calls.find((c) => c[0] === 'startRun')!
    expect(call[1]).toMatch(/^[\w-]{1,64}$/)
    expect(call[2]).toEqual(run.experiment)
    expect(runs.current).toBe(run)
    expect(runs.following).toBe(true)
    const second = await runs.start({ experiment: starterExperiment() })
    expect(second.id).not.toBe(run.id)
    expect(second.name).toBe(`${run.name} · run 2`)
  })

  it('a refusal by main is a failed run that says why', async () => {
    b.api.startRun = async () => {
      throw {
        name: 'InputError',
        message: 'x',
        text: { en: 'bad', zh: '坏' },
        problems: [{ path: 'training.steps', message: { en: 'too many', zh: '太多' } }]
      }
    }
    const run = await useRuns().start({ experiment: starterExperiment() })
    expect(run.progress.state).toBe('failed')
    expect(run.progress.failure?.message).toEqual({ en: 'bad', zh: '坏' })
    expect(run.progress.failure?.problems?.[0]?.path).toBe('training.steps')
  })

  it('takes frames at once, tells of them once per animation frame, and only then acknowledges', async () => {
    const { runs, run, id } = await started()
    const told: (number | undefined)[] = []
    effect(() => told.push(run.liveFrames?.length))
    b.tell(id, { kind: 'frames', frames: frames(0, 1) })
    b.tell(id, { kind: 'frames', frames: frames(2) })
    expect(run.frames!.length).toBe(3)
    expect(told).toEqual([0])
    expect(b.calls.filter((c) => c[0] === 'ackFrames')).toEqual([])
    await frame()
    expect(told).toEqual([0, 3])
    expect(b.calls.filter((c) => c[0] === 'ackFrames')).toEqual([['ackFrames', id, 2]])
    expect(runs.liveStep).toBe(2)
  })

  it('reads exact values at the shown step, which follows live until a step is pinned', async () => {
    const { runs, id } = await started()
    b.tell(id, { kind: 'frames', frames: frames(0, 2, 4) })
    await frame()
    expect(runs.shownStep).toBe(4)
    expect(runs.valueAt(2, 'activationGradientRms')).toBe(30000)
    runs.pin(3)
    expect(runs.pinnedStep).toBe(2)
    expect(runs.valueAt(2, 'activationGradientRms')).toBe(300)
    expect(runs.lossAt()).toBe(Math.fround(2.1))
    expect(runs.valueAt(2, 'activationGradientRms', 0)).toBe(3)
    b.tell(id, { kind: 'frames', frames: frames(6) })
    await frame()
    expect(runs.shownStep).toBe(2)
    runs.followLive()
    await vi.waitFor(() => expect(runs.shownStep).toBe(6))
    runs.pin(-1)
    expect(runs.pinnedStep).toBeNull()
  })

  it('tells watchers of values when frames come', async () => {
    const { runs, id } = await started()
    const seen: (number | undefined)[] = []
    watch(
      () => runs.valueAt(0, 'activationGradientRms'),
      (v) => seen.push(v),
      { flush: 'sync' }
    )
    b.tell(id, { kind: 'frames', frames: frames(0) })
    await frame()
    b.tell(id, { kind: 'frames', frames: frames(1) })
    await frame()
    await vi.waitFor(() => expect(seen).toEqual([1, 10]))
  })
  it('tells of the last frames of a run that ends or pauses at once', async () => {
    const { runs, id } = await started()
    for (const [state, step] of [
      ['paused', 1],
      ['finished', 2]
    ] as const) {
      b.tell(id, { kind: 'frames', frames: frames(step - 1) })
      await frame()
      b.tell(id, { kind: 'frames', frames: frames(step) })
      b.tell(
        id,
        state === 'paused'
          ? { kind: 'progress', progress: { state, step: step + 1, steps: 9 } }
          : { kind: 'done', state, step: step + 1 }
      )
      expect(runs.liveStep).toBe(step)
      await frame()
    }
  })

  it('gives rows in forward order, kernels only unless asked, and undefined where nothing is recorded', async () => {
    const { runs, id } = await started()
    b.tell(id, { kind: 'frames', frames: frames(0) })
    await frame()
    expect(runs.rowsFor('activationGradientRms').map((l) => l.id)).toEqual(['a', 'b', 'c'])
    expect(runs.rowsFor('activationGradientRms', { mainOnly: false }).map((l) => l.id)).toEqual(['a', 'skip', 'b', 'c'])
    expect(runs.rowsFor('weightNorm').map((l) => l.id)).toEqual(['b'])
    expect(runs.rowsFor('updateRatio')).toEqual([])
    expect(runs.valueAt(0, 'weightNorm')).toBeUndefined()
    expect(runs.rowsOf('weightNorm')).toBe(runs.rowsOf('weightNorm'))
  })

  it('derives the gain between neighbours where it is not recorded', async () => {
    const { runs, id } = await started()
    b.tell(id, { kind: 'frames', frames: frames(0) })
    await frame()
    expect(runs.rowsFor('gain').map((l) => l.id)).toEqual(['a', 'b'])
    expect(runs.valueAt(0, 'gain')).toBeCloseTo(1 / 3, 12)
    expect(runs.valueAt(2, 'gain')).toBe(0.75)
    expect(runs.valueAt(3, 'gain')).toBeUndefined()
    expect(runs.valueAt(0, 'gain', undefined)).toBe(runs.valueAt(0, 'gain', 0))
    const rows = runs.rowsOf('gain')!
    expect([...rows.source.values]).toEqual([Math.fround(1 / 3), 0.75])
    b.tell(id, { kind: 'frames', frames: frames(1, 2) })
    expect([...rows.source.values].slice(4)).toEqual([Math.fround(1 / 3), 0.75])
  })

  it('widens the shared colour range for an explosion', async () => {
    const { runs, id } = await started()
    b.tell(id, { kind: 'frames', frames: frames(-3) })
    await frame()
    expect(runs.rangeOf('activationGradientRms')).toEqual([-14, 0])
    b.tell(id, { kind: 'frames', frames: frames(5) })
    await frame()
    expect(runs.rangeOf('activationGradientRms')).toEqual([-14, 6])
    expect(runs.rangeOf('activationGradientRms', runs.current, true)).toEqual([-3, 6])
  })

  it('reattaches to what main keeps, also when events overlap the record', async () => {
    const kept: RunRecord = {
      id: 'run-1',
      name: 'old',
      experiment: starterExperiment(),
      createdAt: '',
      progress: { state: 'running', step: 2, steps: 9 },
      schema,
      frames: frames(0, 1),
      evaluations: [{ step: 0, metrics: { loss: 1 } }],
      findings: []
    }
    b.records.set('run-1', kept)
    const runs = useRuns()
    const done = runs.connect()
    b.tell('run-1', { kind: 'frames', frames: frames(1, 2) })
    b.tell('run-1', { kind: 'evaluation', evaluation: { step: 0, metrics: { loss: 1 } } })
    b.tell('run-1', { kind: 'progress', progress: { state: 'running', step: 3, steps: 9 } })
    await done
    await frame()
    const run = runs.current!
    expect(run.id).toBe('run-1')
    expect([...run.frames!.steps]).toEqual([0, 1, 2])
    expect(run.progress.step).toBe(3)
    expect(run.evaluations).toHaveLength(1)
    // A run that started in another life of this window.
    b.records.set('run-2', {
      ...kept,
      id: 'run-2',
      schema: undefined as never,
      frames: { steps: new Int32Array(0), values: new Float32Array(0), scalars: new Float32Array(0) }
    })
    b.tell('run-2', { kind: 'schema', schema })
    await frame()
    b.tell('run-2', { kind: 'frames', frames: frames(0) })
    expect(runs.find('run-2')!.frames!.length).toBe(1)
  })

  it('goes through a project file bit for bit; what was going on there is stopped', async () => {
    const { runs, id } = await started()
    const odd = frames(0, 1)
    odd.values.set([NaN, Infinity, -Infinity, -0, 1e-45])
    b.tell(id, { kind: 'frames', frames: odd })
    b.tell(id, { kind: 'evaluation', evaluation: { step: 1, metrics: { loss: 0.5 } } })
    b.tell(id, { kind: 'progress', progress: { state: 'running', step: 2, steps: 9 } })
    await frame()
    const records = runs.toRecords()
    setActivePinia(createPinia())
    const next = useRuns()
    next.fromRecords(records)
    expect(next.current!.progress.state).toBe('stopped')
    expect(next.current!.evaluations).toEqual([{ step: 1, metrics: { loss: 0.5 } }])
    const bits = (a: Float32Array): number[] => [...new Uint32Array(a.buffer, a.byteOffset, a.length)]
    expect(bits(next.toRecords()[0]!.frames.values)).toEqual(bits(odd.values))
    expect(next.toRecords()[0]!.schema).toEqual(schema)
  })

  it('removing a run makes main forget it and ignores what still comes of it', async () => {
    const { runs, id } = await started()
    b.tell(id, { kind: 'progress', progress: { state: 'running', step: 1, steps: 9 } })
    runs.remove(id)
    expect(b.calls).toContainEqual(['dropRun', id])
    b.tell(id, { kind: 'frames', frames: frames(0) })
    await frame()
    expect(runs.runs).toEqual([])
    expect(runs.current).toBeUndefined()
  })

  it('steering a run that has ended does not throw', async () => {
    const { runs } = await started()
    b.api.pauseRun = async () => {
      throw { message: 'no such run' }
    }
    await expect(runs.pause()).resolves.toBeUndefined()
    expect(b.calls.some((c) => c[0] === 'log')).toBe(true)
  })
})

describe('reads of a run', () => {
  const layerIds = ['a']
  const finding = {
    rule: 'dead',
    kind: 'dead',
    severity: 'bad',
    from: 0,
    to: 0,
    layers: layerIds,
    measured: {},
    threshold: {},
    text: { en: 'x', zh: 'x' },
    advice: []
  } as const
  const updates: Record<string, { update: RunUpdate; read: (run: Run) => unknown; seen: unknown }> = {
    progress: {
      update: { kind: 'progress', progress: { state: 'paused', step: 3, steps: 9 } },
      read: (run) => run.progress.step,
      seen: 3
    },
    evaluations: {
      update: { kind: 'evaluation', evaluation: { step: 0, metrics: { loss: 1 } } },
      read: (run) => run.evaluations.length,
      seen: 1
    },
    findings: {
      update: { kind: 'findings', findings: [{ ...finding, layers: [...layerIds], advice: [] }] },
      read: (run) => run.findings[0]?.rule,
      seen: 'dead'
    },
    histograms: {
      update: { kind: 'histograms', histograms: { step: 2, entries: [], bins: new Float32Array(0) } },
      read: (run) => run.histograms[0]?.step,
      seen: 2
    },
    events: {
      update: { kind: 'event', index: 0, event: { step: 4, kind: 'nan', text: { en: 'NaN', zh: 'NaN' } } },
      read: (run) => run.events[0]?.step,
      seen: 4
    },
    checkpoints: {
      update: {
        kind: 'checkpoint',
        checkpoint: { step: 5, drawn: 5, variables: [], values: new Float32Array(0) },
        kept: [5]
      },
      read: (run) => run.checkpoints[0]?.step,
      seen: 5
    }
  }
  it.each(Object.entries(updates))('follow %s by themselves', async (_, { update, read, seen }) => {
    const { run, id } = await started()
    const told: unknown[] = []
    effect(() => told.push(read(run)))
    b.tell(id, update)
    await frame()
    await vi.waitFor(() => expect(told.at(-1)).toBe(seen))
  })

  const reads: Record<string, (frames: NonNullable<Run['frames']>) => unknown> = {
    length: (f) => f.length,
    steps: (f) => f.steps.length,
    values: (f) => f.values.length,
    scalars: (f) => f.scalars.length,
    firstStep: (f) => f.firstStep,
    lastStep: (f) => f.lastStep,
    value: (f) => f.value(0, 0),
    scalar: (f) => f.scalar(0, 0),
    frameAt: (f) => f.frameAt(9),
    frameOf: (f) => f.frameOf(7),
    toBatch: (f) => f.toBatch().steps.length
  }
  it.each(Object.entries(reads))(
    'of frames follow them, also through a reference kept from before: %s',
    async (_, read) => {
      const { run, id } = await started()
      for (const frames of [run.frames!, run.liveFrames!])
        expect(Object.is(frames, reactive({ frames }).frames)).toBe(true)
      const [kept, keptLive] = [run.frames!, run.liveFrames!]
      const told: Record<'paced' | 'live', unknown[]> = { paced: [], live: [] }
      const paced = computed(() => read(kept))
      effect(() => told.paced.push(paced.value))
      effect(() => told.live.push(read(keptLive)))
      const before = told.paced[0]
      b.tell(id, { kind: 'frames', frames: frames(7) })
      await frame()
      expect(told.live.at(-1)).not.toBe(before)
      await vi.waitFor(() => expect(told.paced.at(-1)).toBe(told.live.at(-1)))
    }
  )

  it('of rows, ranges, values and the current run follow the run they are of', async () => {
    const { runs, run, id } = await started()
    const told: unknown[] = []
    const rows = runs.rowsOf('gain')!
    effect(() => told.push(rows.source.values[0]))
    const ranges: unknown[] = []
    effect(() => ranges.push(runs.rangeOf('activationGradientRms', run)))
    b.tell(id, { kind: 'frames', frames: frames(5) })
    await frame()
    await vi.waitFor(() => expect(told.at(-1)).toBe(Math.fround(1 / 3)))
    expect(ranges.at(-1)).toEqual([-14, 6])
  })

  it('follow a new name, and a run keeps itself out of proxies', async () => {
    const { runs, run, id } = await started()
    const names: string[] = []
    effect(() => names.push(run.name))
    runs.rename(id, 'other')
    expect(names.at(-1)).toBe('other')
    expect(isProxy(reactive({ run }).run)).toBe(false)
  })
})
