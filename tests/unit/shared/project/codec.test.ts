import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { decodeProject, encodeProject, migrations, PROJECT_VERSION } from '@shared/project'
import { migrate } from '@shared/project/migrations'
import { decodeNumbers, encodeNumbers } from '@shared/project/numbers'
import { crc32 } from '@shared/base/crc32'
import { safeName, unzip, zip } from '@shared/base/zip'
import type { Project } from '@shared/project/types'
import { InputError, type Problem } from '@shared/base/problems'
import { sampleProject } from './sample'

const problemsOf = (bytes: Uint8Array): Problem[] => {
  try {
    decodeProject(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as InputError).problems
  }
  throw new Error('was accepted')
}
/** With typed arrays as lists, as the frozen expectation has them. */
const listed = (project: Project): unknown => plain(project)
const plain = (v: unknown): unknown => {
  if (ArrayBuffer.isView(v)) return [...(v as Uint8Array)]
  if (Array.isArray(v)) return v.map(plain)
  return typeof v === 'object' && v !== null ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)])) : v
}
type Doc = Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any
/** The sample file with another manifest in it. */
function edited(change: (doc: Doc, entries: Record<string, Uint8Array>) => unknown): Uint8Array {
  const entries = unzipSync(encodeProject(sampleProject()))
  const doc = JSON.parse(strFromU8(entries['project.json']!)) as Doc
  const result = change(doc, entries)
  entries['project.json'] = typeof result === 'string' ? strToU8(result) : strToU8(JSON.stringify(doc))
  return zipSync(entries)
}

describe('a project', () => {
  it("comes back with its critics' pictures", () => {
    const project = sampleProject()
    project.runs[0]!.evaluations[0]!.plane = {
      reach: 1.5,
      side: 2,
      values: [1, NaN, -Infinity, 0.25],
      real: [0.5, 1],
      generated: [NaN, NaN]
    }
    expect(decodeProject(encodeProject(project))).toEqual(project)
  })
  it('comes back bit for bit', () => {
    const project = sampleProject()
    const back = decodeProject(encodeProject(project))
    expect(back).toEqual(project)
    const bits = (a: Float32Array) => [...new Uint32Array(a.buffer, a.byteOffset, a.length)]
    expect(bits(back.runs[0]!.frames.values)).toEqual(bits(project.runs[0]!.frames.values))
    expect(bits(back.runs[0]!.frames.scalars)).toEqual(bits(project.runs[0]!.frames.scalars))
  })
  it('gives the same bytes each time', () =>
    expect(encodeProject(sampleProject())).toEqual(encodeProject(sampleProject())))
  it('reads typed arrays that are views into a larger buffer', () => {
    const project = sampleProject()
    const { frames } = project.runs[0]!
    const wide = new Float32Array(20)
    wide.set(frames.values, 7)
    project.runs[0]!.frames = { ...frames, values: wide.subarray(7, 13) }
    expect(decodeProject(encodeProject(project))).toEqual(sampleProject())
  })
  it('has names in its zip that stay inside a folder', () => {
    const names = Object.keys(unzipSync(encodeProject(sampleProject())))
    expect(names).toContain('project.json')
    expect(names).toContain('runs/1.bin')
    expect(names).toContain('files/学生 成绩.csv')
    expect(names.every(safeName)).toBe(true)
    expect(new Set(names.map((n) => n.toLowerCase())).size).toBe(names.length)
  })
  it('keeps unknown keys, of itself and of its runs', () => {
    const bytes = edited((doc) => {
      doc['notes'] = { by: 'a later program', n: { $number: 'NaN' } }
      doc['runs'][0].colour = 'teal'
    })
    const again = decodeProject(encodeProject(decodeProject(bytes)))
    expect(again.extra).toEqual({ notes: { by: 'a later program', n: NaN } })
    expect(again.runs[0]).toHaveProperty('colour', 'teal')
  })
  it('may hold unfinished work', () => {
    const project = sampleProject()
    project.experiments = [
      {
        ...vanishingExperiment(),
        network: { nodes: [{ id: 'b', kind: 'repeat', times: 3, inputs: ['input'], body: [] }] }
      },
      { ...vanishingExperiment(), network: { nodes: [] } }
    ]
    expect(decodeProject(encodeProject(project)).experiments).toEqual(project.experiments)
  })
  it('may be a single experiment in JSON', () => {
    const experiment = vanishingExperiment()
    expect(decodeProject(strToU8(JSON.stringify(experiment)))).toMatchObject({
      name: experiment.name,
      experiments: [experiment],
      runs: [],
      current: 0
    })
    expect(problemsOf(strToU8('{"training": {"steps": "many"}}'))[0]!.path).toBe('training.steps')
  })
})

describe('a bad file is refused, saying where', () => {
  it.each([
    ['empty', new Uint8Array(0), '', /empty/],
    ['text', strToU8('hello'), '', /not a Gradient Clinic project/],
    ['half a JSON', strToU8('{"network": '), 'project.json', /not JSON/],
    ['another zip', zipSync({ 'word/document.xml': strToU8('<x/>') }), 'project.json', /missing/],
    ['another format', edited((d) => void (d['format'] = 'x')), 'format', /not a Gradient Clinic project/],
    ['no version', edited((d) => void delete d['version']), 'version', /whole number/],
    [
      'a newer version',
      edited((d) => void (d['version'] = PROJECT_VERSION + 1)),
      'version',
      /newer Gradient Clinic.*update/
    ],
    ['no experiments', edited((d) => void (d['experiments'] = [])), 'experiments', /./],
    ['current out of range', edited((d) => void (d['current'] = 7)), 'current', /is 7/],
    [
      'a text for a number',
      edited((d) => void (d['experiments'][0].training.steps = 'many')),
      'experiments.0.training.steps',
      /number/
    ],
    [
      'an unknown layer',
      edited((d) => void (d['experiments'][1].network.nodes[0].kind = 'teleport')),
      'experiments.1.network.nodes.dense1.kind',
      /teleport/
    ],
    ['an unknown state', edited((d) => void (d['runs'][0].progress.state = 'x')), 'runs.0.progress.state', /./],
    ['a run id with a path', edited((d) => void (d['runs'][0].id = '../x')), 'runs.0.id', /./],
    ['two runs of one id', edited((d) => void (d['runs'][1].id = 'run-1')), 'runs.1.id', /twice/],
    [
      'a layer that is not there',
      edited((d) => void (d['runs'][0].schema.columns[1].layer = 2)),
      'runs.0.schema.columns.1.layer',
      /2 layers/
    ],
    [
      'too few frames',
      edited((_d, e) => void (e['runs/1.bin'] = e['runs/1.bin']!.slice(0, -4))),
      'runs.0.frames.file',
      /bytes instead of/
    ],
    ['frames of another shape', edited((d) => void (d['runs'][0].frames.values = 3)), 'runs.0.frames', /its schema/],
    [
      'a huge frame count',
      edited((d) => void (d['runs'][0].frames.count = 2 ** 31)),
      'runs.0.frames.file',
      /bytes instead of/
    ],
    ['missing frames', edited((_d, e) => void delete e['runs/1.bin']), 'runs/1.bin', /missing/],
    ['falling steps', edited((_d, e) => void (e['runs/1.bin']![0] = 9)), 'runs.0.frames.file', /rise/],
    ['a missing table', edited((_d, e) => void delete e['files/iris.csv']), 'files/iris.csv', /missing/],
    [
      'a bad number',
      edited((d) => void (d['runs'][0].evaluations[0].metrics.loss = { $number: '1e3' })),
      'project.json',
      /no number/
    ],
    [
      'a picture that is no square',
      edited(
        (d) =>
          void (d['runs'][0].evaluations[0].plane = { reach: 1, side: 2, values: [1, 2, 3], real: [], generated: [] })
      ),
      'runs.0.evaluations.0.plane',
      /side × side/
    ],
    [
      '__proto__',
      edited((d) => JSON.stringify(d).replace('"name"', '"__proto__":{"polluted":true},"name"')),
      'project.json',
      /__proto__/
    ],
    [
      '__proto__ as a file',
      edited((d) => JSON.stringify(d).replace('"name":"iris.csv"', '"name":"__proto__"')),
      'files',
      /name/
    ],
    [
      'deep nesting',
      edited((d) => JSON.stringify(d).replace('"name"', `"deep":${'['.repeat(50_000)}${']'.repeat(50_000)},"name"`)),
      'deep',
      /nested/
    ]
  ])('%s', (_what, bytes, path, message) => {
    const [first] = problemsOf(bytes)
    expect(first!.path).toContain(path)
    expect(first!.message.en).toMatch(message)
    expect(first!.message.zh).toBeTruthy()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
  it('names every problem, not just the first', () => {
    const problems = problemsOf(
      edited((d) => {
        d['experiments'][0].training.steps = -1
        d['experiments'][1].seed = 1.5
      })
    )
    expect(problems.map((p) => p.path)).toEqual(['experiments.0.training.steps', 'experiments.1.seed'])
  })
})

describe('a hostile or damaged container', () => {
  const limits = { file: 1e9, entries: 100, entry: 1e6, total: 2e6 }
  const bytes = encodeProject(sampleProject())
  /** Overwrites the declared size of the only entry in the table of contents. */
  const declared = (zip: Uint8Array, size: number): Uint8Array => {
    const view = new DataView(zip.buffer, zip.byteOffset)
    const at = view.getUint32(zip.length - 22 + 16, true)
    view.setUint32(at + 24, size, true)
    return zip
  }

  it('cut off anywhere is refused', () => {
    for (let n = 0; n < bytes.length; n += 7) expect(problemsOf(bytes.slice(0, n)).length).toBeGreaterThan(0)
  })
  it('with one bit flipped is refused, or still reads the same', () => {
    const expected = sampleProject()
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const copy = bytes.slice()
        copy[at]! ^= 1 << bit
        let read
        try {
          read = decodeProject(copy)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          return
        }
        expect(read).toEqual(expected)
      }),
      { numRuns: 1500, seed: 7 }
    )
  })
  it('with a bit flipped in its frames says so', () => {
    const copy = bytes.slice()
    // Stored as they are: the bytes of the first step number, 1, 2, 5.
    const steps = new Uint8Array(new Int32Array([1, 2, 5]).buffer)
    const at = copy.findIndex((_, i) => steps.every((b, k) => copy[i + k] === b))
    copy[at + 20]! ^= 16
    expect(problemsOf(copy)[0]).toMatchObject({
      path: 'runs/1.bin',
      message: { en: expect.stringContaining('checksum') as string }
    })
  })
  it('of random bytes never does anything but be refused', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (b) => void expect(problemsOf(new Uint8Array([0x50, 0x4b, ...b])).length).toBeGreaterThan(0)
      ),
      { numRuns: 300 }
    )
  })
  it('that declares too much is refused before anything is unpacked', () => {
    expect(() => unzip(declared(zipSync({ a: new Uint8Array(10) }), 3e6), limits)).toThrow(/unpacks to more/)
    const many = zipSync(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`f${i}`, new Uint8Array(1)])))
    expect(() => unzip(many, limits)).toThrow(/101 entries/)
    expect(() => unzip(new Uint8Array(20), { ...limits, file: 10 })).toThrow(/larger/)
  })
  it('that unpacks to more than it declares is stopped', () => {
    const bomb = declared(zipSync({ a: new Uint8Array(500_000_00) }), 1000)
    expect(() => unzip(bomb, limits).read('a')).toThrow(/more than it declares/)
  })
  it.each(['../x', '/x', 'a/../../x', 'a\\b', 'C:x', 'a//b', 'a/', './a', 'a\0b', '', '__proto__'])(
    'with an entry named %j is refused',
    (name) => {
      expect(safeName(name)).toBe(false)
      // zipSync refuses some names itself: patch one of equal length in.
      const place = 'Z'.repeat(strToU8(name).length)
      if (!place) return
      const zip = zipSync({ [place]: strToU8('x') })
      const bytesOfName = strToU8(name)
      for (let i = 0; i < zip.length - place.length; i++)
        if (strFromU8(zip.subarray(i, i + place.length)) === place) zip.set(bytesOfName, i)
      expect(() => unzip(zip, limits)).toThrow(/name/)
    }
  )
})

it('a packed file has the bytes that the library would give it', () => {
  const entries = new Map<string, { data: Uint8Array; stored?: boolean }>([
    ['project.json', { data: strToU8('{"a": 1}'.repeat(100)) }],
    ['runs/1.bin', { data: Uint8Array.from({ length: 1001 }, (_, i) => i * i), stored: true }],
    ['files/作业.csv', { data: new Uint8Array(0) }]
  ])
  const options = ({ stored }: { stored?: boolean }) =>
    ({ level: stored ? 0 : 3, mtime: '1980-01-01T12:00:00' }) as const
  const theirs = zipSync(Object.fromEntries([...entries].map(([name, e]) => [name, [e.data, options(e)]])))
  expect(zip(entries)).toEqual(theirs)
})

describe('crc32', () => {
  it('agrees with the check value of the standard', () => expect(crc32(strToU8('123456789'))).toBe(0xcbf43926))
  it('agrees with zlib, wherever the bytes begin and however many there are', () => {
    const all = Uint8Array.from({ length: 100 }, (_, i) => (i * 197 + 13) & 255)
    for (let from = 0; from < 9; from++)
      for (let length = 0; length < 40; length++) {
        const part = all.subarray(from, from + length)
        const packed = gzipSync(part)
        expect(crc32(part), `${from} + ${length}`).toBe(packed.readUInt32LE(packed.length - 8))
      }
  })
})

describe('numbers', () => {
  it('of any kind come back through JSON', () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.constantFrom(NaN, Infinity, -Infinity, -0),
      fc.string(),
      fc.boolean(),
      fc.constant(null)
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$number', '$$number')), tie('tree'), {
          maxKeys: 4,
          noNullPrototype: true
        })
      )
    }))
    fc.assert(
      fc.property(tree, (x) => {
        fc.pre(!JSON.stringify(x).includes('__proto__'))
        expect(decodeNumbers(JSON.parse(JSON.stringify(encodeNumbers(x))))).toEqual(x)
      })
    )
  })
})

describe('versions', () => {
  it('every older one has a migration, and every one a frozen file', () => {
    for (let version = 1; version < PROJECT_VERSION; version++) expect(migrations[version]).toBeTypeOf('function')
    for (let version = 1; version <= PROJECT_VERSION; version++) {
      const frozen = (extension: string): Buffer =>
        readFileSync(join(import.meta.dirname, 'fixtures', `v${version}.${extension}`))
      const read = decodeProject(new Uint8Array(frozen('gclinic')))
      // Parameters that came later are filled in; what was there is there.
      expect(listed(read)).toMatchObject({
        ...(decodeNumbers(JSON.parse(frozen('json').toString())) as object),
        version: PROJECT_VERSION
      })
    }
  })
  it('are migrated one by one', () => {
    const steps = { 1: (d: object) => ({ ...d, one: true }), 2: (d: object) => ({ ...d, two: true }) }
    expect(migrate({ version: 1 }, steps, 3)).toEqual({ version: 3, one: true, two: true })
    expect(() => migrate({ version: 3 }, steps, 5)).toThrow(/no migration from version 3/)
  })
})
