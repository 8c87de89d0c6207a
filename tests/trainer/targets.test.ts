/** Several targets of a table, trained: figures against our own in float64. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main'

const dir = mkdtempSync(join(tmpdir(), 'clinic-targets-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
interface Run {
  final: Record<string, number>
  verdict: { baseline: { metrics: Record<string, number> } | null }
}
/** A linear net that starts at 0, and hardly moves. */
async function train(table: string, target: string, units: number, loss: string): Promise<Run> {
  writeFileSync(join(dir, 'table.csv'), table)
  writeFileSync(
    join(dir, 'e.json'),
    JSON.stringify({
      data: { dataset: { id: 'csv', file: 'table.csv', target }, validation: 0, standardize: false },
      network: { nodes: [{ id: 'out', kind: 'dense', params: { units, activation: 'linear', initializer: 'zeros' } }] },
      training: { steps: 1, batchSize: 0, loss, optimizer: { id: 'sgd', learningRate: 1e-8 } }
    })
  )
  let err = ''
  const code = await main(['run', join(dir, 'e.json'), '--out', join(dir, 'out')], '0.0.0-test', {
    out: () => undefined,
    err: (t) => (err += t)
  })
  if (code) throw new Error(err)
  return JSON.parse(readFileSync(join(dir, 'out', 'run.json'), 'utf8')) as Run
}
const N = 12
const index = Array.from({ length: N }, (_, i) => i)
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const sum = (values: readonly number[]): number => mean(values) * values.length

describe('several targets of a table', () => {
  it('of a regression have a loss, an error and an r² each and in all', async () => {
    const [y, z] = [index.map((i) => 3 + (i % 5)), index.map((i) => 0.25 * i - 7)]
    const table = `a,y,z\n${index.map((i) => `${i},${y[i]},${z[i]}`).join('\n')}\n`
    const { final } = await train(table, 'y, z', 2, 'meanSquaredError')
    const squares = (v: readonly number[]): number => sum(v.map((x) => x * x))
    const spread = (v: readonly number[]): number => sum(v.map((x) => (x - mean(v)) ** 2))
    expect(final['r2 y']).toBeCloseTo(1 - squares(y) / spread(y), 4)
    expect(final['r2 z']).toBeCloseTo(1 - squares(z) / spread(z), 3)
    expect(final['r2']).toBeCloseTo(1 - (squares(y) + squares(z)) / (spread(y) + spread(z)), 4)
    expect(final['meanAbsoluteError']).toBeCloseTo(mean([...y, ...z].map(Math.abs)), 5)
    expect(final['loss']).toBeCloseTo((squares(y) + squares(z)) / (2 * N), 4)
  })
  it('of a cross-entropy are shares, whose loss is the entropy across', async () => {
    const p = index.map((i) => [0.1 + 0.05 * i, 0.2, 0.7 - 0.05 * i])
    const table = `a,u,v,w\n${index.map((i) => `${i},${p[i]!.map((x) => x.toFixed(2)).join()}`).join('\n')}\n`
    const { final } = await train(table, 'u,v,w', 3, 'softmaxCrossEntropy')
    expect(final['loss']).toBeCloseTo(Math.log(3), 5)
    // All logits are 0: the first class is answered.
    expect(final['accuracy']).toBeCloseTo(mean(p.map(([u, v, w]) => Number(u! >= Math.max(v!, w!)))), 1)
  })
})
