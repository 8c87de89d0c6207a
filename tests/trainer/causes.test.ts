/** Faults that lie in data, output layer, start or rate: named as such, and cured by the first advice. */
import { makeRng } from '@shared/base/random/rng'
import type { Attachments } from '@shared/catalog/datasets'
import { parseExperiment, type Experiment } from '@shared/experiment'
import type { Finding } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { runToEnd, type Told } from './support'

const dense = (id: string, units: number, activation: unknown, more: object = {}): object => ({
  id,
  kind: 'dense',
  params: { units, activation, ...more }
})
/** Lines of a table of so many rows. */
function table(rows: number, header: string, row: (normal: () => number) => number[]): string {
  const rng = makeRng(11, 'test/table')
  return [header, ...Array.from({ length: rows }, () => row(() => rng.normal()).join())].join('\n')
}
const first = (found: readonly Finding[], kind: string): Finding => {
  const f = found.find((x) => x.kind === kind)
  expect(f, found.map((x) => `${x.kind} ${x.text.en}`).join('\n')).toBeDefined()
  return f!
}
/** The run with the first advice of a finding. */
const treated = (e: Experiment, { advice, choices }: Finding, files?: Attachments): Promise<Told> =>
  runToEnd(parseExperiment({ ...e, remedies: [{ id: advice[0]!, ...choices?.[advice[0]!] }] }), files && { files })
const score = (told: Told, name: string): number => told.evaluations[told.evaluations.length - 1]!.metrics[name]!

describe('data out of scale', () => {
  // Widths in millimetres and weights in grams, next to a share.
  const files = {
    'parts.csv': table(300, 'width,weight,share,price', (normal) => {
      const [a, b, c] = [normal(), normal(), normal()]
      return [120 + 60 * a, 4000 + 900 * b, 0.5 + 0.1 * c, 52_000 + 9000 * a - 4000 * b + 3000 * a * c]
    })
  }
  const raw = parseExperiment({
    seed: 3,
    data: { dataset: { id: 'csv', file: 'parts.csv' }, standardize: false },
    network: { nodes: [dense('h', 24, 'relu'), dense('out', 1, 'linear')] },
    training: { steps: 150, batchSize: 24, loss: 'meanSquaredError', optimizer: { id: 'sgd', learningRate: 0.01 } }
  })
  it('are told before anything has turned into NaN, and scaling cures', async () => {
    const told = await runToEnd(raw, { files })
    const found = first(told.findings, 'dataScale')
    expect(found).toMatchObject({ from: 0, severity: 'bad' })
    expect(found.text.en).toContain('“weight”')
    for (const f of told.findings) expect(f.advice[0]).toBe('scaleData')
    const cured = await treated(raw, found, files)
    expect(cured.findings.map((f) => f.kind)).not.toContain('dataScale')
    expect(score(cured, 'r2')).toBeGreaterThan(0.7)
    // In thousands, as the targets are.
    expect(score(cured, 'meanAbsoluteError')).toBeGreaterThan(100)
    expect(score(cured, 'meanAbsoluteError')).toBeLessThan(6000)
  })
  it('of a shipped table left as it is: targets in hundreds', async () => {
    const told = await runToEnd(
      parseExperiment({
        data: { dataset: 'diabetes', standardize: false },
        network: { nodes: [dense('h', 16, 'tanh'), dense('out', 1, 'linear')] },
        training: { steps: 40, batchSize: 32, loss: 'meanSquaredError', optimizer: { id: 'adam', learningRate: 0.001 } }
      })
    )
    expect(first(told.findings, 'dataScale').measured.target).toBeGreaterThan(150)
  })
})
