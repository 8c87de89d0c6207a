import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import type { Experiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { figuresOf, judged, play, toLines } from '../recording'
import { netOf, runToEnd } from './support'

const shortened = (experiment: Experiment, steps: number): Experiment => ({
  ...experiment,
  training: { ...experiment.training, steps }
})
const cases: [string, Experiment, Parameters<typeof runToEnd>[1]][] = [
  [
    'a run with changes, distributions and checkpoints',
    netOf('plain', { steps: 60 }, { record: { keepEvery: 20 } }),
    {
      histograms: true,
      changes: [{ step: 25, learningRate: 0.01, remedies: [{ id: 'clipByGlobalNorm', maxNorm: 0.05 }] }]
    }
  ],
  ['a run with a fault', shortened(vanishingExperiment(12), 40), {}],
  [
    'a run that ends in NaN',
    netOf('plain', { steps: 60, loss: 'sumOfSquares', optimizer: { id: 'sgd', learningRate: 10 } }),
    {}
  ]
]

describe('a recording', () => {
  it.each(cases)('of %s makes the same run, figures and findings', async (_name, experiment, options) => {
    const told = await runToEnd(experiment, options)
    const dir = mkdtempSync(join(tmpdir(), 'clinic-recording-'))
    try {
      const file = join(dir, 'run.jsonl')
      writeFileSync(file, toLines(told.log.head, told.updates))
      const log = play(readFileSync(file, 'utf8'))
      expect(log.toRecord()).toEqual(told.log.toRecord())
      const bits = (a: Float32Array): Uint32Array => new Uint32Array(a.slice().buffer)
      expect(bits(log.table!.values)).toEqual(bits(told.table!.values))
      expect(figuresOf(log)).toEqual(figuresOf(told.log))
      expect(log.findings.length).toBeGreaterThan(0)
      expect(judged(log)).toEqual(told.findings)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
