import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { canonical } from '@shared/base/canonical'
import { clone } from '@shared/base/clone'
import { parseExperiment } from '@shared/experiment'
import { parseSpec } from '@shared/base/params'
import type { Project } from '@shared/project/types'
import { lookup } from '@shared/experiment/lookup'
import { rangeTestOf } from '@shared/cure/rangeTest'
import type { RunSchema } from '@shared/run/types'
import { useCure } from '@/stores/cure'
import { useSearch } from '@/stores/search'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import type { Recording } from '@/stores/runs/run'
import { useSmallSearch } from '@/stores/smallSearch'
import { useUi } from '@/stores/ui'

const schema = {
  layers: [],
  columns: [],
  scalars: ['loss', 'learningRate'],
  info: { inputShape: [64], targetShape: [10], task: 'multiclass', count: 9 },
  trainCount: 9,
  validationCount: 0,
  paramCount: 1,
  compiled: true,
  versions: {},
  baselines: [{ id: 'chance', name: { en: 'x', zh: 'x' }, metrics: {}, trainingLoss: 2.3 }]
} satisfies RunSchema
const startRun = vi.fn(async () => undefined)

beforeEach(() => {
  setActivePinia(createPinia())
  startRun.mockClear()
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0))
  vi.stubGlobal('window', {
    clinic: {
      startRun,
      on: () => () => undefined,
      listRuns: async () => [],
      getRun: async () => null,
      dropRun: async () => undefined,
      forgetCure: async () => undefined,
      cureState: async () => null,
      ackFrames: async () => undefined,
      projectChanged: async () => undefined,
      log: async () => undefined
    }
  })
})

describe('the small searches', () => {
  it('train once for the same question, read the run, and put its rate into the experiment', async () => {
    const [project, runs, small] = [useProject(), useRuns(), useSmallSearch()]
    project.edit((e) => ({ ...e, remedies: [{ id: 'learningRate', factor: 0.1 }] }))
    const before = project.experiment
    await small.ask('range')
    expect(useUi().page).toBe('cure')
    expect(startRun).toHaveBeenCalledTimes(1)
    expect(startRun.mock.calls[0]!.slice(1)).toEqual([
      JSON.parse(JSON.stringify(rangeTestOf(before))),
      {},
      expect.objectContaining({ search: 'range' })
    ])
    // It is no run of the list, and nothing that is shown on the first page.
    expect([runs.runs.length, runs.current]).toEqual([0, undefined])
    const run = runs.find(small.run!.id) as Recording
    const rates = Float32Array.from({ length: 211 }, (_, i) => 1e-6 * 10 ** (i / 30))
    const loss = (r: number): number => (r > 0.5 ? 5 : 0.2 + 2.1 / (1 + (r / 0.01) ** 2))
    run.apply({ kind: 'schema', schema })
    run.apply({
      kind: 'frames',
      frames: {
        steps: Int32Array.from(rates, (_, i) => i),
        values: new Float32Array(0),
        scalars: Float32Array.from([...rates].flatMap((r) => [loss(r), r]))
      }
    })
    expect(small.answer).toBeUndefined()
    run.apply({ kind: 'done', state: 'finished', step: 211 })
    await nextTick()
    expect(small.answer).toMatchObject({ good: true })
    expect(small.suggested).toBeGreaterThan(1e-3)
    expect(small.suggested).toBeLessThan(0.1)

    small.useRate()
    expect(project.experiment.training.optimizer['learningRate']).toBe(small.suggested)
    expect(project.experiment.remedies).toEqual([])
    expect(small.isUsed).toBe(true)
    // The rate is no part of the question: the answer is still there.
    await small.ask('range')
    expect(startRun).toHaveBeenCalledTimes(1)
    // It is kept with the project.
    project.load(project.toProject(), null)
    await small.ask('range')
    expect(startRun).toHaveBeenCalledTimes(1)
    expect(small.answer).toMatchObject({ good: true })
    await small.ask('ten')
    expect(startRun).toHaveBeenCalledTimes(2)
    expect(small.answer).toBeUndefined()
  })
  it('and the search for the cure ask anew when a file of the same name has other contents', async () => {
    const [project, small, cure] = [useProject(), useSmallSearch(), useCure()]
    const table = (last: number): string =>
      ['a,b', ...Array.from({ length: 40 }, (_, i) => `${i},${i === 39 ? last : 2 * i}`)].join('\n')
    const csv = parseSpec('datasets', { id: 'csv', file: 'table.csv' }, 'data.dataset', [], lookup)
    const holding = (last: number): Project => ({
      ...project.toProject(),
      experiments: [
        parseExperiment({
          name: 'table',
          seed: 1,
          data: { dataset: csv },
          network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }] },
          training: { steps: 50, batchSize: 0, loss: { id: 'meanSquaredError' } }
        })
      ],
      files: { 'table.csv': table(last) }
    })
    project.load(holding(78), null)
    expect(project.problems).toEqual([])
    await small.ask('range')
    const end = (): void => {
      const run = useRuns().find(small.run!.id) as Recording
      run.apply({ kind: 'schema', schema })
      run.apply({ kind: 'done', state: 'finished', step: 211 })
    }
    end()
    expect(useRuns().find(small.run!.id)!.sums).toEqual(project.sumsFor(project.experiment))
    expect(project.sumsFor(project.experiment).map(([name]) => name)).toEqual(['table.csv'])
    await small.ask('range')
    expect(startRun).toHaveBeenCalledTimes(1)
    const order = clone(cure.order!)
    useSearch().begin({ id: 's', order, state: 'stopped', time: 0, kept: [], ongoing: [] })
    expect([cure.isStale, cure.canGoOn]).toEqual([false, true])
    // A project holds the same order with its members in the order of its file.
    const fromFile = JSON.parse(canonical(order)) as typeof order
    useSearch().begin({ id: 's', order: fromFile, state: 'stopped', time: 0, kept: [], ongoing: [] })
    expect([cure.isStale, cure.canGoOn]).toEqual([false, true])

    // Nothing else changes: names, settings and the number of rows are the same.
    const known = project.toProject()
    project.load({ ...known, files: { 'table.csv': table(79) } }, null)
    expect(project.info).toEqual(order.info)
    expect([cure.isStale, cure.canGoOn]).toEqual([true, false])
    await small.ask('range')
    expect(startRun).toHaveBeenCalledTimes(2)
    end()

    // The first contents again: the first answer is still known.
    project.load({ ...project.toProject(), files: known.files }, null)
    expect(cure.isStale).toBe(false)
    await small.ask('range')
    expect(startRun).toHaveBeenCalledTimes(2)
  })
})
