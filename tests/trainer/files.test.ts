import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attachments } from '@shared/catalog/datasets'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { decodeProject, encodeProject, projectOf } from '@shared/project'
import { gzipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main'
import { prepareData } from '../../src/trainer/data'
import { idxBytes } from '../idxBytes'
import { bits, runToEnd } from './support'

const dir = mkdtempSync(join(tmpdir(), 'clinic-files-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** 80 images of 6 × 5 pixels, bright in the half that their class says. */
const count = 80
const images = idxBytes(
  'ubyte',
  [count, 6, 5],
  Array.from(
    { length: count * 30 },
    (_, i) =>
      ((i % 30) / 15 >= 1 ? Number(Math.floor(i / 30) % 2 === 1) : Number(Math.floor(i / 30) % 2 === 0)) * 200 +
      ((i * 13) % 40)
  )
)
const labels = gzipSync(
  idxBytes(
    'ubyte',
    [count],
    Array.from({ length: count }, (_, i) => i % 2)
  )
)
/** 40 sequences of 5 to 8 steps: rising ones and falling ones, far from 0. */
const table =
  'id,t,level,other,kind\n' +
  Array.from({ length: 40 }, (_, s) =>
    Array.from(
      { length: 5 + (s % 4) },
      (_, t) => `${s},${t},${1000 + (s % 2 ? 1 : -1) * 20 * t + s},${(s * 7 + t * 3) % 11},${s % 2 ? 'up' : 'down'}\n`
    )
      .reverse()
      .join('')
  ).join('')
const long =
  'time,v\n' + Array.from({ length: 120 }, (_, i) => `${i},${(Math.sin(i / 5) * 50 + 300).toFixed(4)}\n`).join('')
const files: Attachments = { images, labels, 'table.csv': table, 'long.csv': long }

const net = (dataset: object, nodes: object[], loss: string, more: object = {}): Experiment =>
  parseExperiment({
    seed: 5,
    data: { dataset, validation: 0.25, ...more },
    network: { nodes },
    training: { steps: 40, batchSize: 16, loss, optimizer: { id: 'adam', learningRate: 0.02 } }
  })
const out = (units: number): object => ({ id: 'out', kind: 'dense', params: { units, activation: 'linear' } })
const lstm = { id: 'lstm', kind: 'lstm', params: { units: 8 } }
const idx = { id: 'idx', images: 'images', labels: 'labels' }
const cases: [name: string, experiment: Experiment, inputShape: number[]][] = [
  [
    'images as lists of pixels',
    net(
      idx,
      [{ id: 'hidden', kind: 'dense', params: { units: 8, activation: 'relu' } }, out(1)],
      'sigmoidCrossEntropy'
    ),
    [30]
  ],
  [
    'images with rows and columns',
    net(
      { ...idx, shape: 'image' },
      [{ id: 'conv', kind: 'conv2d', params: { filters: 4 } }, { id: 'flat', kind: 'flatten' }, out(1)],
      'sigmoidCrossEntropy'
    ),
    [6, 5, 1]
  ],
  ['images row by row', net({ ...idx, shape: 'rows' }, [lstm, out(1)], 'sigmoidCrossEntropy'), [6, 5]],
  [
    'images without labels',
    net(
      { id: 'idx', images: 'images' },
      [{ id: 'hidden', kind: 'dense', params: { units: 6, activation: 'tanh' } }, out(30)],
      'meanSquaredError'
    ),
    [30]
  ],
  [
    'lines as steps of sequences',
    net({ id: 'csv', file: 'table.csv', lines: 'steps' }, [lstm, out(1)], 'sigmoidCrossEntropy', { standardize: true }),
    [8, 2]
  ],
  [
    'windows of a long series',
    net({ id: 'csv', file: 'long.csv', lines: 'windows', length: 10 }, [lstm, out(1)], 'meanSquaredError', {
      standardize: true
    }),
    [10, 1]
  ]
]

describe.each(cases)('%s', (_name, experiment, inputShape) => {
  it('trains, the same bits each time', async () => {
    const first = await runToEnd(experiment, { files, snapshots: [40] })
    expect(first.schema!.info.inputShape).toEqual(inputShape)
    const loss = first.evaluations.map((e) => e.metrics.loss!)
    expect(loss[loss.length - 1]).toBeLessThan(0.7 * loss[0]!)
    const again = await runToEnd(experiment, { files, snapshots: [40] })
    expect(bits(again, 40)).toEqual(bits(first, 40))
  })
  it('comes back from a project file with the same data', () => {
    const back = decodeProject(encodeProject({ ...projectOf(experiment), files }))
    expect(back.files).toEqual(files)
    expect(prepareData(back.experiments[0]!, back.files)).toEqual(prepareData(experiment, files))
  })
})

describe('preparation', () => {
  it('scales a sequence by feature, by the training part alone, and leaves the filling at zero', () => {
    const { train, validation } = prepareData(cases[4]![1], files)
    const sums = [0, 0]
    const squares = [0, 0]
    let steps = 0
    for (let i = 0; i < train.count; i++)
      for (let t = 0; t < 8; t++) {
        const step = train.x.subarray((i * 8 + t) * 2, (i * 8 + t + 1) * 2)
        // Of no sequence both features are at their mean exactly.
        if (step[0] === 0 && step[1] === 0) continue
        steps++
        step.forEach((v, c) => ((sums[c]! += v), (squares[c]! += v * v)))
      }
    expect(steps).toBeGreaterThan(5 * train.count)
    expect(steps).toBeLessThan(8 * train.count)
    for (const c of [0, 1]) {
      expect(sums[c]! / steps).toBeCloseTo(0, 5)
      expect(squares[c]! / steps).toBeCloseTo(1, 4)
    }
    expect([train.count, validation.count]).toEqual([30, 10])
  })
  it('holds out the last windows of a series', () => {
    const e = { ...cases[5]![1], data: { ...cases[5]![1].data, standardize: false } }
    const { train, validation } = prepareData(e, files)
    const values = long
      .trim()
      .split('\n')
      .slice(1)
      .map((l) => Math.fround(Number(l.split(',')[1])))
    expect([...train.y, ...validation.y]).toEqual(values.slice(10))
    expect(validation.count).toBe(28)
  })
})

describe('the command line', () => {
  it('reads the files from beside the experiment', async () => {
    writeFileSync(join(dir, 'images'), images)
    writeFileSync(join(dir, 'labels'), labels)
    writeFileSync(join(dir, 'table.csv'), table)
    for (const [, experiment] of [cases[0]!, cases[4]!]) {
      writeFileSync(join(dir, 'e.json'), JSON.stringify(experiment))
      let err = ''
      const code = await main(['run', join(dir, 'e.json'), '--out', join(dir, 'out'), '--steps', '3', '--quiet'], '0', {
        out: () => undefined,
        err: (t) => (err += t)
      })
      expect(err.split('\n').filter((line) => line && !line.startsWith('clinic: remark: '))).toEqual([])
      expect(code).toBe(0)
      expect(JSON.parse(readFileSync(join(dir, 'out', 'run.json'), 'utf8'))).toMatchObject({
        state: 'finished',
        steps: { done: 3 }
      })
    }
  })
  it('says which file it lacks', async () => {
    writeFileSync(
      join(dir, 'e.json'),
      JSON.stringify({ ...cases[0]![1], data: { dataset: { ...idx, labels: 'none.gz' } } })
    )
    let err = ''
    expect(
      await main(['run', join(dir, 'e.json'), '--out', join(dir, 'out')], '0', {
        out: () => undefined,
        err: (t) => (err += t)
      })
    ).toBe(2)
    expect(err).toMatch(/data\.dataset\.labels \(none\.gz\): .*no such file/)
  })
})
