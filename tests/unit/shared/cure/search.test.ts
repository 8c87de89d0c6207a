import { describe, expect, it } from 'vitest'
import { describeData } from '../../../../src/trainer/data'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { prescriptionCsv } from '@shared/cure/csv'
import { prescriptionJson } from '@shared/cure/json'
import type { Job, JobResult } from '@shared/cure/job'
import type { SearchOptions } from '@shared/cure/underWay'
import { searchCure } from '@shared/cure/search'
import type { Goal, Trial } from '@shared/cure/types'
import { groupName } from '@shared/cure/words'
import type { Finding } from '@shared/run/types'

const experiment = parseExperiment({
  name: 'deep',
  seed: 7,
  data: { dataset: { id: 'digits' } },
  network: {
    nodes: [
      {
        id: 'hidden',
        kind: 'repeat',
        times: 12,
        body: [{ id: 'dense', kind: 'dense', params: { units: 64, activation: 'sigmoid' } }]
      },
      { id: 'out', kind: 'dense', params: { units: 10, activation: 'linear' } }
    ]
  },
  training: { steps: 400, batchSize: 32, optimizer: { id: 'sgd', learningRate: 0.1 } }
})
const info = describeData(experiment, {})
const goal: Goal = { metric: 'accuracy', better: 'higher' }
const finding = (advice: string[]): Finding => ({
  rule: 'vanishing',
  kind: 'vanishing',
  severity: 'bad',
  from: 0,
  to: 399,
  layers: [],
  measured: {},
  threshold: {},
  text: { en: '', zh: '' },
  advice
})
/** What a made-up machine measures: the accuracy of an experiment's remedies, and how even its gradient is. */
type Nature = (job: Job) => Partial<Trial>
const made: Job[] = []
const machine =
  (nature: Nature, advice: string[], most = Infinity): SearchOptions['train'] =>
  async (job): Promise<JobResult | null> => {
    if (made.length >= most) return null
    made.push(job)
    const { seed, remedies } = job.experiment
    const on = remedies.map((r) => r.id).join()
    const trial: Trial = {
      seed,
      steps: job.until ?? job.experiment.training.steps,
      value: 0.1 + 0.001 * seed,
      repaired: false,
      state: 'finished',
      verdict: 'notLearning',
      span: 12,
      bad: [],
      fingerprint: `${on}/${seed}/${job.until ?? ''}`,
      stepMs: 1,
      run: `${on}-${seed}`,
      ...nature(job)
    }
    return { trial, findings: remedies.length ? [] : [finding(advice)] }
  }
const search = (nature: Nature, advice: string[] = [], more: Partial<SearchOptions> = {}, most = Infinity) => {
  made.length = 0
  return searchCure(experiment, info, {
    goal,
    seeds: [7, 8, 9, 10, 11],
    pairs: 2,
    train: machine(nature, advice, most),
    ...more
  })
}
const ids = ({ remedies }: Experiment): string[] => remedies.map((r) => r.id)
const good = { value: 0.95, repaired: true, verdict: 'learned', span: 0.3 } as const

describe('a search for the cure', () => {
  it('holds a treated run against the untreated one of the same machine', async () => {
    const plain = machine((job) => (ids(job.experiment).includes('batchNorm') ? { value: 0.1 } : {}), ['batchNorm'])
    const found = await search(() => ({}), ['batchNorm'], {
      consider: ['batchNorm'],
      // A second machine, on which both arms of a pair have the same bits.
      async train(job) {
        const result = await plain(job)
        if (!job.untreated || !result) return result
        expect([job.untreated.seed, ids(job.untreated)]).toEqual([job.experiment.seed, []])
        return { ...result, against: { ...result.trial, run: 'elsewhere' } }
      }
    })
    expect(found.candidates.map((c) => [c.id, c.identical])).toEqual([['batchNorm', true]])
    expect(found.case.untreated.seeds.map((t) => t.run)).not.toContain('elsewhere')
  })
  it('trains untreated on all seeds first, then what is advised, on the same seeds', async () => {
    const found = await search((job) => (ids(job.experiment).includes('batchNorm') ? good : {}), ['batchNorm'])
    expect(made.slice(0, 5).map((j) => [ids(j.experiment), j.experiment.seed])).toEqual(
      [7, 8, 9, 10, 11].map((seed) => [[], seed])
    )
    expect(ids(made[5]!.experiment)).toEqual(['batchNorm'])
    const [best] = found.candidates
    expect([best!.id, best!.group, best!.rank, best!.repaired.share]).toEqual(['batchNorm', 'cures', 1, 1])
    expect(best!.seeds.map((t) => [t.seed, t.steps])).toEqual([7, 8, 9, 10, 11].map((seed) => [seed, 400]))
    expect(best!.changes.length).toBeGreaterThan(0)
    expect(found.verdict.state).toBe('cured')
    expect(found.verdict.text.en).toContain('Batch normalisation')
    expect(found.blocked.map((b) => b.remedy)).toContain('gradientPenalty')
    // What other programs read by name.
    const { case: told, ...written } = JSON.parse(prescriptionJson(found, { engine: 3 })) as Record<string, object>
    expect(written).toMatchObject({ goal, blocked: found.blocked, verdict: found.verdict, versions: { engine: 3 } })
    expect(Object.keys(told!)).toEqual(expect.arrayContaining(['name', 'seeds', 'steps', 'untreated', 'findings']))
    const names = ['id', 'remedies', 'changes', 'group', 'seeds', 'mean', 'interval', 'stepCost', 'rank']
    const [first] = written['candidates'] as unknown as Record<string, unknown>[]
    expect(Object.keys(first!)).toEqual(expect.arrayContaining(names))
    expect(first!['seeds']).toContainEqual(expect.objectContaining({ seed: 7, value: 0.95, repaired: true }))
    for (const trial of first!['seeds'] as object[]) expect(trial).toHaveProperty('state')
    for (const b of found.blocked) expect(b).toEqual({ remedy: b.remedy, reason: { en: b.reason.en, zh: b.reason.zh } })
    expect(prescriptionCsv(found).split('\n')[0]).toBe(
      'candidate,group,rank,seed,steps,value,repaired,state,verdict,step_ms,run'
    )
  })
  it('drops in the race what helps nothing, and never calls it without effect', async () => {
    const found = await search(() => ({}))
    const dropped = found.candidates.filter((c) => c.group === 'dropped')
    expect(dropped.length).toBeGreaterThan(10)
    expect(dropped.every((c) => c.seeds.every((t) => t.steps === 100) && c.seeds.length === 2)).toBe(true)
    expect(found.candidates.every((c) => c.rank === undefined)).toBe(true)
    expect(found.verdict.state).toBe('nothing')
  })
  it('does not call it help when a net that learns nothing comes nearer to guessing', async () => {
    const better = (verdict: Trial['verdict']) =>
      search(
        (job) => (ids(job.experiment).length ? { value: 0.2 + 0.001 * job.experiment.seed, verdict } : {}),
        ['l2'],
        {
          consider: ['batchNorm']
        }
      )
    expect((await better('notLearning')).candidates.map((c) => c.group)).toEqual(['none'])
    expect((await better('notLearning')).verdict.state).toBe('nothing')
    const found = await better('learning')
    expect([found.candidates[0]!.group, found.verdict.state]).toEqual(['helps', 'helped'])
  })
  it('does not call it help when one seed of five is lucky', async () => {
    const lucky = (value: number, verdict: Trial['verdict'] = 'notLearning') =>
      search(
        ({ experiment: { seed, remedies } }) =>
          !remedies.length ? {} : seed === 7 ? good : { value: value + 0.001 * seed, verdict },
        ['batchNorm'],
        { consider: ['batchNorm'] }
      )
    const found = await lucky(0.1)
    expect(found.candidates.map((c) => [c.group, c.repaired.share])).toEqual([['none', 0.2]])
    expect(found.verdict.state).toBe('nothing')
    // The others are far better, too.
    expect((await lucky(0.8, 'learning')).candidates[0]!.group).toBe('helps')
  })
  it('lets a net through whose gradient came back before its loss moved', async () => {
    const slow: Nature = (job) => (!ids(job.experiment).includes('initializer') ? {} : job.until ? { span: 0.4 } : good)
    const found = await search(slow)
    expect(found.candidates.find((c) => c.id === 'initializer')!.group).toBe('cures')
  })
  it('says so when a remedy computes the same bits', async () => {
    const found = await search((job) =>
      ids(job.experiment).join() === 'clipByGlobalNorm'
        ? { fingerprint: `/${job.experiment.seed}/${job.until ?? ''}` }
        : {}
    )
    const clip = found.candidates.find((c) => c.id === 'clipByGlobalNorm')!
    expect([clip.identical, clip.group]).toEqual([true, 'none'])
  })
  it('tells what backfires from what does nothing', async () => {
    const found = await search(
      (job) => (ids(job.experiment).includes('residual') ? { value: 0.1, state: 'diverged', span: 99 } : {}),
      ['residual'],
      { consider: ['residual'], seeds: [7, 8] }
    )
    expect(found.candidates.map((c) => c.group)).toEqual(['backfires'])
  })
  it('calls a less even gradient worse only where the figure is no better', async () => {
    const uneven = async (value: number): Promise<string[]> => {
      const found = await search(
        ({ experiment: { seed, remedies } }) =>
          remedies.length ? { value, span: 99 } : { value: seed === 7 ? 0.1 : 0.3 },
        ['residual'],
        { consider: ['residual'], seeds: [7, 8] }
      )
      return found.candidates.map((c) => c.group)
    }
    expect(await uneven(0.25)).toEqual(['none'])
    expect(await uneven(0.15)).toEqual(['backfires'])
  })
  it('ranks what repairs fewer seeds below, and what is cheaper first among equals', async () => {
    const found = await search(
      (job) => {
        const on = ids(job.experiment).join()
        if (on === 'batchNorm') return { ...good, stepMs: 3 }
        if (on === 'activation') return { ...good, stepMs: 1 }
        if (on === 'initializer') return job.experiment.seed < 9 ? good : {}
        return {}
      },
      ['batchNorm', 'activation', 'initializer'],
      { consider: ['batchNorm', 'activation', 'initializer'] }
    )
    const cures = found.candidates.filter((c) => c.rank !== undefined)
    expect(cures.at(-1)!.id).toBe('initializer')
    expect(cures.at(-1)!.group).toBe('helps')
    const place = (id: string): number => cures.findIndex((c) => c.id === id)
    expect(place('activation')).toBeLessThan(place('batchNorm'))
  })
  it('tries pairs of what helped when nothing cures alone', async () => {
    const found = await search(
      (job) => {
        const on = ids(job.experiment)
        if (on.length === 2) return good
        return on.length === 1 && job.experiment.seed === 7 ? { ...good, value: 0.4 } : {}
      },
      ['batchNorm', 'activation'],
      { consider: ['batchNorm', 'activation'] }
    )
    expect(found.candidates[0]!.remedies).toHaveLength(2)
    expect(found.verdict.state).toBe('cured')
  })
  it('finds nothing to cure where every seed learns, and says what each remedy costs', async () => {
    const found = await search((job) => ({ ...good, stepMs: ids(job.experiment).length ? 2 : 1 }))
    expect(found.verdict.state).toBe('healthy')
    expect(found.candidates.every((c) => c.stepCost === 2 && c.seeds.length === 1)).toBe(true)
    // None was dropped: nothing was to be found.
    expect(new Set(found.candidates.map((c) => groupName(c).en))).toEqual(new Set(['its cost']))
  })
  it('claims nothing from the figure of a single seed', async () => {
    const one = (value: number) =>
      search((job) => (ids(job.experiment).length ? { value, verdict: 'learning' } : {}), ['l2'], {
        consider: ['l2'],
        seeds: [7]
      })
    expect((await one(0.6)).candidates.map((c) => c.group)).toEqual(['none'])
    expect((await one(0.01)).candidates.map((c) => c.group)).toEqual(['none'])
    expect((await one(0.6)).verdict.state).toBe('nothing')
  })
  it('keeps what it has when the budget ends', async () => {
    const found = await search(() => ({}), [], {}, 7)
    expect([found.trainings, found.verdict.state]).toEqual([7, 'unfinished'])
  })
  it('never says that nothing helps while there is more to try', async () => {
    const told: string[] = []
    const nature: Nature = (job) => (ids(job.experiment).length ? { value: 0.11, verdict: 'learning' } : {})
    const grown: SearchOptions['grown'] = (now) => void told.push(now().verdict.state)
    const found = await search(nature, ['l2'], { consider: ['l2', 'dropout'], grown })
    expect(found.verdict.state).toBe('nothing')
    expect(new Set(told)).toEqual(new Set(['unfinished']))
  })
  it('switches off what contradicts a candidate', async () => {
    const clash = parseExperiment({ ...experiment, remedies: [{ id: 'layerNorm' }] })
    const found = await searchCure(clash, info, {
      goal,
      seeds: [7],
      pairs: 0,
      consider: ['batchNorm'],
      train: machine(() => ({}), [])
    })
    const [made] = found.candidates
    expect(made?.off ?? found.blocked).toEqual(['layerNorm'])
  })
  describe('takes no more than eight times the untreated trainings', () => {
    const natures: [string, Nature][] = [
      ['where nothing helps', () => ({})],
      [
        'where all stay in the race, and nothing cures',
        ({ experiment: { remedies } }) => (remedies.length ? { span: 1 } : {})
      ],
      [
        'where all help, so that there are pairs',
        ({ experiment: { remedies, seed } }) => (remedies.length && seed === 7 ? { ...good, value: 0.4 } : {})
      ],
      ['where all cures', ({ experiment: { remedies } }) => (remedies.length ? good : {})]
    ]
    it.each(natures)('%s', async (_, nature) => {
      for (const steps of [40, 60, 100, 150, 239, 240, 1000])
        for (const seeds of [[7], [7, 8], [7, 8, 9], [7, 8, 9, 10, 11], [7, 8, 9, 10, 11, 12, 13, 14]])
          for (const advice of [[], ['clipByGlobalNorm', 'l2']]) {
            made.length = 0
            const found = await searchCure({ ...experiment, training: { ...experiment.training, steps } }, info, {
              goal,
              seeds,
              pairs: 2,
              train: machine(nature, advice)
            })
            const spent = made.reduce((sum, j) => sum + (j.until ?? steps), 0)
            expect(spent / (steps * seeds.length), `${steps} steps, ${seeds.length} seeds`).toBeLessThanOrEqual(8)
            // Every candidate was tried at least in a race, also where the runs are short.
            expect(found.candidates.length).toBeGreaterThan(10)
            expect(found.candidates.every((c) => c.seeds.length > 0)).toBe(true)
          }
    })
  })
  it('races over more than a quarter of a short run, where a cure shows that no finding advises', async () => {
    const found = await searchCure({ ...experiment, training: { ...experiment.training, steps: 100 } }, info, {
      goal,
      seeds: [7, 8, 9, 10, 11],
      pairs: 2,
      train: machine((job) => (ids(job.experiment).includes('residual') && (job.until ?? 100) > 25 ? good : {}), ['l2'])
    })
    expect(found.verdict.state).toBe('cured')
    expect(found.candidates[0]!.remedies.map((r) => r.id)).toEqual(['residual'])
    expect(found.candidates[0]!.seeds.map((t) => t.steps)).toEqual([100, 100, 100, 100, 100])
  })
})
