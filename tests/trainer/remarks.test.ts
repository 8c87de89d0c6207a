import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, strToU8 } from 'fflate'
import { REMARK_CODES, type RecordedRemark } from '@shared/catalog/datasets/parts/remark'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main'
import { remarkSample } from '../fixtures/remarks'

const root = mkdtempSync(join(tmpdir(), 'clinic-remarks-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let dir = ''
let count = 0
beforeEach(() => {
  dir = join(root, String(count++))
  mkdirSync(dir)
})
interface Trained {
  code: number
  err: string
  remarks: RecordedRemark[]
}
/** Trains one step on a table. */
async function train(
  table: string | Uint8Array,
  dataset: object,
  { units = 1, loss = 'meanSquaredError' } = {}
): Promise<Trained> {
  writeFileSync(join(dir, 'table.csv'), table)
  return trainFile({
    data: { dataset: { id: 'csv', file: 'table.csv', ...dataset }, validation: 0 },
    network: { nodes: [{ id: 'out', kind: 'dense', params: { units, activation: 'linear' } }] },
    training: { steps: 1, batchSize: 0, loss }
  })
}
/** Trains an experiment beside its files. */
async function trainFile(experiment: object): Promise<Trained> {
  writeFileSync(join(dir, 'e.json'), JSON.stringify(experiment))
  let err = ''
  const code = await main(['run', join(dir, 'e.json'), '--out', join(dir, 'out')], '0.0.0-test', {
    out: () => undefined,
    err: (t) => (err += t)
  })
  if (code) throw new Error(err)
  const { data } = JSON.parse(readFileSync(join(dir, 'out', 'run.json'), 'utf8')) as {
    data: { remarks: RecordedRemark[] }
  }
  return { code, err, remarks: data.remarks }
}
const rows = (n: number, row: (i: number) => string): string => Array.from({ length: n }, (_, i) => row(i)).join('\n')

describe('remarks on the data of clinic run', () => {
  it('counts rows left out for a missing input on standard error and in run.json', async () => {
    const { code, err, remarks } = await train(`a,b,y\n${rows(40, (i) => `${i},${i < 30 ? '' : i},${i * 1.5}`)}\n`, {
      target: 'y',
      missing: 'drop'
    })
    expect(code).toBe(0)
    expect(remarks).toEqual([
      {
        code: 'rowsDropped',
        column: 'b',
        line: 2,
        count: 30,
        text: {
          en: '30 rows were left out: an input is missing in "b" (lines 2, 3, 4, 5, 6, 7, 8, 9 …)',
          zh: '忽略了 30 行：缺少输入值（列 "b"，第 2, 3, 4, 5, 6, 7, 8, 9 … 行）'
        }
      }
    ])
    expect(err).toBe(`clinic: remark: data.dataset.missing: ${remarks[0]!.text.en}\n`)
  })
  it('counts rows left out for a cell that is no number, and malformed ones', async () => {
    const { err, remarks } = await train(`a,b,y\n${rows(40, (i) => `${i},${i < 30 ? '?x' : i},${i * 1.5}`)}\n1,2\n`, {
      target: 'y',
      badRows: 'drop'
    })
    expect(remarks).toMatchObject([
      { code: 'malformedRows', line: 42, count: 1 },
      { code: 'rowsDropped', column: 'b', line: 2, count: 30 }
    ])
    for (const r of remarks) expect(err).toContain(r.text.en)
  })
  it('tells guesses, filled cells and constant columns', async () => {
    const { err, remarks } = await train(`a;b;c;y\n${rows(9, (i) => `${i},5;${i ? i : 'NA'};7;${i * 3}`)}\n`, {
      missing: 'mean',
      task: 'regression'
    })
    expect(remarks.map((r) => [r.code, r.column, r.count])).toEqual([
      ['separator', undefined, undefined],
      ['valuesFilled', 'b', 1],
      ['decimal', 'a', 9],
      ['missingMarks', 'b', 1],
      ['columnConstant', 'c', undefined]
    ])
    expect(err.trim().split('\n')).toHaveLength(remarks.length)
  })
  it.each(REMARK_CODES)('of each kind are on standard error and in run.json: %s', async (code) => {
    const { experiment, files } = remarkSample(code)
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(dir, name), bytes)
    const { remarks, err } = await trainFile(experiment)
    const said = remarks.filter((r) => r.code === code)
    expect(said).not.toEqual([])
    for (const { text } of said) {
      expect(err).toMatch(/^clinic: remark: data\./m)
      expect(err).toContain(`: ${text.en}\n`)
      expect(text.zh).toMatch(/[\u4e00-\u9fff]/)
    }
  })
  it('stand before the problems of data that is refused', async () => {
    await expect(train('a;t\n1,5;2\n2,5;x\n3,5;4\n4,5;7\n', { task: 'regression' })).rejects.toThrow(
      /^clinic: remark: data\.dataset\.delimiter: the columns are separated by semicolons\nclinic: remark: .*decimal comma.*\n(?:clinic: data.*\n)*clinic: data\.dataset\.file: line 3, column "t": "x" is not a number/
    )
  })
  it('are none on a data set of the app', async () => {
    expect((await train('', { id: 'circles', file: undefined })).remarks).toEqual([])
  })
})

describe('the file of a table on the command line', () => {
  it('is decoded as its bytes tell, with a remark', async () => {
    const latin1 = Buffer.from(`a,c\n${rows(12, (i) => `${i},${['Bär', 'Bür', 'Bör'][i % 3]!}`)}\n`, 'latin1')
    const { remarks, err } = await train(latin1, { target: 'c' }, { units: 3, loss: 'softmaxCrossEntropy' })
    expect(remarks.map((r) => r.code)).toEqual(['encoding'])
    expect(err).toMatch(/^clinic: remark: data\.dataset\.encoding: is not UTF-8 and was read as Windows-1252/)
  })
  it('is unpacked', async () => {
    const table = `a,y\n${rows(12, (i) => `${i},${i / 2}`)}\n`
    expect((await train(gzipSync(strToU8(table)), { target: 'y' })).remarks.map((r) => r.code)).toEqual(['unpacked'])
    await expect(train(gzipSync(strToU8(table)).subarray(0, 30), { target: 'y' })).rejects.toThrow(
      /^clinic: data\.dataset\.file: the gzip file is cut off/
    )
  })
})
