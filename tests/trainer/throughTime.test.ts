import { templates } from '@shared/clinic/templates'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { runToEnd, type Told } from './support'

const base = templates.find((t) => t.id === 'throughTime')!.make()
const withRemedies = (steps: number, ...remedies: object[]): Experiment =>
  parseExperiment({ ...base, remedies, training: { ...base.training, steps } })
const times = (told: Told, frame: number, node = 'rnn'): number[] => {
  const layer = told.schema!.layers.find((l) => l.node === node)!.index
  return told.table!.timeColumns(layer, 'timeGradientRms').map((c) => told.table!.value(frame, c)!)
}
const rulesOf = (told: Told): string[] => told.findings.map((f) => f.rule)

describe('the digits read pixel by pixel', () => {
  it('vanish through time for a simple RNN, and are found to', async () => {
    const told = await runToEnd(withRemedies(12))
    expect(told.schema!.compiled).toBe(true)
    const t = times(told, 0)
    expect(t).toHaveLength(64)
    // A tanh never has a slope above 1: 0.5 per step is the most there is.
    expect(t[0]!).toBeLessThan(t[63]! * 0.5 ** 63 * 1.01)
    expect(t[0]!).toBeGreaterThan(0)
    expect(rulesOf(told)).toContain('vanishingInTime')
    const finding = told.findings.find((f) => f.rule === 'vanishingInTime')!
    expect(finding.layers).toEqual(['rnn'])
    expect(finding.advice).toContain('recurrentCell')
    expect(finding.text.en).toMatch(/of 64 steps/)
  })
  it('live with an LSTM that remembers', async () => {
    const told = await runToEnd(withRemedies(12, { id: 'recurrentCell', to: 'lstm', forgetBias: 5 }))
    const t = times(told, 0)
    expect(t[0]! / t[63]!).toBeGreaterThan(1e-2)
    expect(rulesOf(told)).not.toContain('vanishingInTime')
  })
  it('get exactly nothing from beyond a cut, which is no vanishing', async () => {
    const told = await runToEnd(
      withRemedies(12, { id: 'recurrentCell', to: 'lstm', forgetBias: 5 }, { id: 'truncatedBptt', steps: 20 })
    )
    for (const frame of [0, 11]) {
      const t = times(told, frame)
      expect(t.slice(0, 44)).toEqual(new Array(44).fill(0))
      expect(t.slice(44).every((v) => v > 0)).toBe(true)
    }
    expect(rulesOf(told)).not.toContain('vanishingInTime')
  })
  it('explode through time with weights that are too large, and are found to', async () => {
    const e = withRemedies(6)
    const rnn = e.network.nodes.find((n) => n.id === 'rnn')! as { params: Record<string, unknown> }
    Object.assign(rnn.params, { activation: { id: 'linear' }, recurrentInitializer: { id: 'orthogonal', gain: 1.25 } })
    const told = await runToEnd(e)
    const t = times(told, 0)
    expect(t[0]! / t[63]! / 1.25 ** 63).toBeCloseTo(1, 2)
    const finding = told.findings.find((f) => f.rule === 'explodingInTime')!
    // Less exact: the weights have moved since the first step.
    expect(finding.measured['gainPerStep']).toBeCloseTo(1.25, 1)
    // A million times over: a clipped step is still one into a state that all but overflows.
    expect(finding.advice.slice(0, 2)).toEqual(['recurrentCell', 'recurrentStart'])
    expect(finding.advice).toContain('clipByGlobalNorm')
  })
})

describe('symbols to be repeated forty steps later, with a loss at each step', () => {
  const copy = (steps: number, ...on: object[]): Experiment =>
    parseExperiment({
      seed: 771,
      data: { dataset: { id: 'copyMemory', symbols: 4, items: 4, delay: 40 } },
      network: {
        nodes: [
          { id: 'r', kind: 'simpleRnn', params: { units: 48, returnSequences: true } },
          { id: 'out', kind: 'dense', params: { units: 5, activation: 'linear' } }
        ]
      },
      training: {
        loss: 'softmaxCrossEntropy',
        optimizer: { id: 'adam', learningRate: 0.01 },
        steps,
        batchSize: 32
      },
      remedies: on
    })
  it('vanish through time before the answer, whatever the first steps get from their own losses', async () => {
    const told = await runToEnd(copy(120))
    const finding = told.findings.find((f) => f.rule === 'vanishingInTime')!
    expect(finding).toMatchObject({ severity: 'bad', layers: ['r'], choices: { recurrentCell: { to: 'gru' } } })
    expect(finding.advice[0]).toBe('recurrentCell')
    const t = times(told, 119, 'r')
    expect(Math.min(...t)).toBeLessThan(t[0]!)
  })
  it('are learnt with the cell that is advised', async () => {
    const told = await runToEnd(copy(250, { id: 'recurrentCell', to: 'gru' }))
    expect(rulesOf(told)).not.toContain('vanishingInTime')
    expect(told.log.verdict!.state).toBe('learned')
  })
})
