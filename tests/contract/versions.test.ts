/** Entries evolve: what was saved with an earlier version of one is read as its present version has it. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { listData, registries } from '../../src/cli/list'
import { initializers } from '@shared/catalog/initializers'
import { layers } from '@shared/catalog/layers'
import type { Field, Fields, Params } from '@shared/base/params'
import type { Entry } from '@shared/base/registry'
import { remedies, type Remedy } from '@shared/clinic/remedies'
import { readExperiment } from '@shared/experiment'
import type { RunRecord } from '@shared/run/types'
import { decodeProject, encodeProject, projectOf } from '@shared/project'
import { ROOT } from '../../scripts/setup/paths.mjs'

/** Versions of the entries that have had others, as a document names them. */
const present = Object.fromEntries(
  registries.flatMap((r) => r.all.flatMap((e) => (e.version ? [[`${r.name}/${e.id}`, e.version]] : [])))
)

describe('the fields of every entry', () => {
  const FILE = join(ROOT, 'tests/contract/fields.json')
  /** Fingerprints by `registry/id` and version. */
  type Known = Record<string, Record<string, string>>
  const known = JSON.parse(readFileSync(FILE, 'utf8')) as Known
  /** What a saved value depends on; words and controls may change freely. */
  function essence(field: Field): unknown {
    const { label: _label, help: _help, advanced: _advanced, when: _when, ...rest } = field
    if (rest.type === 'choice') return { ...rest, options: rest.options.map((o) => o.id).sort() }
    if (rest.type === 'text') return { type: rest.type, default: rest.default, role: rest.role }
    if (rest.type !== 'number') return rest
    const { log: _log, ...number } = rest
    return number
  }
  const stable = (v: unknown): unknown =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(
          Object.entries(v)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([k, x]) => [k, stable(x)])
        )
      : v
  const fingerprint = (fields: Fields): string => {
    const text = JSON.stringify(stable(Object.fromEntries(Object.entries(fields).map(([k, f]) => [k, essence(f)]))))
    return createHash('sha256').update(text).digest('hex').slice(0, 12)
  }
  const entries = registries.flatMap((r) => r.all.map((e) => [`${r.name}/${e.id}`, e] as const))

  // Takes down what is not there yet, and never changes what is.
  if (process.env.RECORD_FIELDS) {
    const next: Known = {}
    for (const [name, e] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
      next[name] = { [e.version ?? 1]: fingerprint(e.fields), ...known[name] }
    writeFileSync(FILE, `${JSON.stringify({ ...known, ...next }, null, 2)}\n`)
  }
  it.each(entries)('%s: are those of its version', (name, e) => {
    const version = e.version ?? 1
    const versions = known[name]
    // A new entry is one file: until it is taken down, its fields may change.
    if (!versions) return expect(version).toBe(1)
    expect(
      versions[version],
      `the fields of ${name} have changed: raise its version, say how to migrate, then RECORD_FIELDS=1 (docs/extend.md)`
    ).toBe(fingerprint(e.fields))
    expect(Object.keys(versions).map(Number)).toEqual(Array.from({ length: version }, (_, i) => i + 1))
  })
  it('are told apart by what a saved value depends on, and only by that', () => {
    const number = { type: 'number', default: 1, label: { en: 'a', zh: 'a' } } as const
    const base = fingerprint({ a: number })
    for (const same of [
      { ...number, label: { en: 'b', zh: 'b' } },
      { ...number, log: true, advanced: true }
    ])
      expect(fingerprint({ a: same })).toBe(base)
    for (const other of [
      { ...number, default: 2 },
      { ...number, min: 0 },
      { ...number, unit: 'steps' }
    ])
      expect(fingerprint({ a: other })).not.toBe(base)
    expect(fingerprint({ b: number })).not.toBe(base)
    expect(fingerprint({ a: number, b: number })).not.toBe(base)
  })
  it('are those that the command line lists', () => {
    expect(Object.keys(listData()).sort()).toEqual(registries.map((r) => r.name).sort())
  })
})

describe('an entry of version 3', () => {
  const before = [...remedies.all]
  const steps: Record<number, (p: Params) => Params> = {
    // Its parameter got another name, then another unit.
    1: ({ limit, ...rest }) => ({ ...rest, size: limit }),
    2: (p) => ({ ...p, size: 1000 * (p.size as number) })
  }
  const fixture: Remedy = {
    ...remedies.get('clipByValue'),
    id: 'fixture',
    version: 3,
    migrate: (from, params) => steps[from]!(params),
    fields: {
      size: { type: 'number', default: 1000, above: 0, label: { en: 'Size', zh: '大小' } },
      start: {
        type: 'ref',
        registry: 'initializers',
        default: { id: 'normal' },
        label: { en: 'Start', zh: '初值' }
      }
    }
  }
  const use = (...more: Remedy[]): void =>
    remedies.fill(Object.fromEntries([...before, ...more].map((r) => [`./${r.id}.ts`, r])))
  afterEach(() => use())

  const network = {
    nodes: [{ id: 'out', kind: 'dense', params: { units: 2, activation: 'linear', initializer: 'zeros' } }]
  }
  const saved = (choice: object, entries?: object): object => ({
    format: 'gradient-clinic/experiment',
    version: 1,
    network,
    remedies: [{ id: 'fixture', ...choice }],
    ...(entries && { entries })
  })
  const read = (document: object) => {
    const { experiment, problems } = readExperiment(document)
    return { choice: experiment.remedies[0], problems: problems.map((p) => `${p.path}: ${p.message.en}`), experiment }
  }

  it('is migrated step by step from the version that a document was written with, 1 where it says nothing', () => {
    use(fixture)
    for (const [document, size] of [
      [saved({ limit: 2 }), 2000],
      [saved({ size: 2 }, { 'remedies/fixture': 2 }), 2000],
      [saved({ size: 2 }, { 'remedies/fixture': 3 }), 2]
    ] as const) {
      const { choice, problems, experiment } = read(document)
      expect(problems).toEqual([])
      expect(choice).toMatchObject({ id: 'fixture', size })
      expect(experiment.entries).toEqual({ ...present, 'remedies/fixture': 3 })
      // What is written is read again as it is, also after an edit.
      expect(read(JSON.parse(JSON.stringify(experiment)) as object).experiment).toEqual(experiment)
      expect(read({ ...experiment, seed: 7 }).choice).toEqual(choice)
    }
  })
  it('is current in a document made by hand or by code', () => {
    use(fixture)
    const { format: _, ...document } = saved({ size: 5 }) as { format: string }
    expect(read(document)).toMatchObject({ problems: [], choice: { size: 5 } })
  })
  it('is refused by a program that knows an earlier version only', () => {
    use(fixture)
    expect(read(saved({ size: 2 }, { 'remedies/fixture': 4 })).problems).toEqual([
      'remedies.0: was written with version 4 of "fixture", this program knows version 3: a newer program can read it'
    ])
    expect(read(saved({ size: 2 }, { 'remedies/fixture': '3' })).problems[0]).toContain('entries.remedies/fixture')
    expect(read(saved({ size: 2 }, [] as object)).problems[0]).toContain('entries: must be an object')
    // An entry that isn't used is no problem.
    expect(
      read({ ...saved({ limit: 2 }), remedies: [], entries: { 'remedies/fixture': 9, 'losses/none': 2 } }).problems
    ).toEqual([])
  })
  it('is checked after it was migrated', () => {
    use(fixture)
    expect(read(saved({ limit: -1 })).problems).toEqual([expect.stringMatching(/^remedies\.0\.size: is -1000/)])
    expect(read(saved({ size: 1, other: 2 })).problems.join()).toContain('remedies.0.other')
  })
  it('is migrated wherever a document names it: layers, blocks, and parameters that are entries', () => {
    const normal = initializers.get('normal')
    const dense = layers.get('dense')
    const own = { normal: { ...normal }, dense: { ...dense } }
    Object.assign(normal, { version: 2, migrate: (_: number, { sigma, ...p }: Params) => ({ ...p, std: sigma }) })
    Object.assign(dense, { version: 2, migrate: (_: number, { width, ...p }: Params) => ({ ...p, units: width }) })
    use({ ...fixture, version: 2 })
    try {
      const layer = (width: number): object => ({
        width,
        activation: 'tanh',
        initializer: { id: 'normal', sigma: 0.5 }
      })
      const { experiment, problems } = readExperiment({
        ...saved({ limit: 1, start: { id: 'normal', sigma: 0.25 } }),
        network: {
          nodes: [
            { id: 'many', kind: 'repeat', times: 2, body: [{ id: 'one', kind: 'dense', params: layer(3) }] },
            { id: 'out', kind: 'dense', params: layer(2) }
          ]
        }
      })
      expect(problems).toEqual([])
      expect(experiment.network.nodes).toMatchObject([
        { body: [{ params: { units: 3, initializer: { id: 'normal', std: 0.5 } } }] },
        { params: { units: 2, initializer: { id: 'normal', std: 0.5 } } }
      ])
      expect(experiment.remedies[0]).toMatchObject({ size: 1, start: { id: 'normal', std: 0.25 } })
      expect(experiment.entries).toEqual({
        ...present,
        'layers/dense': 2,
        'initializers/normal': 2,
        'remedies/fixture': 2
      })
    } finally {
      for (const [entry, old] of [
        [normal, own.normal],
        [dense, own.dense]
      ] as const) {
        delete (entry as Entry).version
        delete (entry as Entry).migrate
        Object.assign(entry, old)
      }
    }
  })
  it('is migrated in a project file, finished or not, and one of a newer version is refused', () => {
    const old: Remedy = {
      ...fixture,
      version: 1,
      migrate: undefined,
      fields: { limit: fixture.fields.size! }
    } as Remedy
    use(old)
    const { experiment } = readExperiment(saved({ limit: 2 }))
    const unfinished = {
      ...experiment,
      network: {
        nodes: [
          ...experiment.network.nodes,
          { id: 'empty', kind: 'repeat' as const, times: 2, inputs: ['out'], body: [] }
        ]
      }
    }
    const files = [experiment, unfinished].map((e) => encodeProject(projectOf(e)))
    use(fixture)
    for (const bytes of files)
      expect(decodeProject(bytes).experiments[0]!.remedies[0]).toMatchObject({ id: 'fixture', size: 2000 })
    // So are the remedies of a run's events.
    const run: RunRecord = {
      id: 'a',
      name: 'A',
      experiment: { ...experiment, remedies: [] },
      createdAt: '2026-01-01T00:00:00.000Z',
      progress: { state: 'finished', step: 9, steps: 9 },
      frames: { steps: new Int32Array(0), values: new Float32Array(0), scalars: new Float32Array(0) },
      evaluations: [],
      findings: [],
      events: [
        {
          step: 1,
          kind: 'remedyOn',
          text: { en: 'on', zh: '开' },
          remedy: 'fixture',
          after: { id: 'fixture', limit: 2 }
        },
        { step: 2, kind: 'learningRate', text: { en: 'rate', zh: '率' }, before: 0.1, after: 0.2 }
      ]
    }
    use(old)
    const withRun = encodeProject({ ...projectOf(experiment), runs: [run] })
    use(fixture)
    expect(decodeProject(withRun).runs[0]!.events).toEqual([
      { ...run.events![0], after: { id: 'fixture', size: 2000 } },
      run.events![1]
    ])
    const newer = encodeProject(projectOf(readExperiment(saved({ size: 2 }, { 'remedies/fixture': 3 })).experiment))
    use({ ...fixture, version: 2 })
    expect(() => decodeProject(newer)).toThrow(/version 3 of "fixture"/)
  })
})
