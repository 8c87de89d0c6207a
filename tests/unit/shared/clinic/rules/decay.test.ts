/** A rate that its schedule has taken away: told where that was too early, and by its name. */
import { rules, type Verdict } from '@shared/clinic/rules'
import { parseExperiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { makeView } from './view'

/** A run over 60 of its steps, whose layers change by so much of their size in each, times the schedule's share. */
function judged(id: string, schedule: object, ratio: number, training: object = {}): Verdict | undefined {
  const experiment = parseExperiment({
    data: { dataset: 'digits' },
    network: { nodes: [{ id: 'dense1', kind: 'dense', params: { units: 10, activation: 'linear' } }] },
    training: {
      steps: 400,
      loss: 'softmaxCrossEntropy',
      optimizer: { id: 'sgd', learningRate: 0.02 },
      schedule,
      ...training
    }
  })
  const m = makeView([{ kind: 'dense', paramCount: 650 }], { learningRate: 0.02, experiment })
  for (let i = 0; i < 60; i++) {
    const share = (schedule as { gamma?: number }).gamma ?? 1
    const now = share ** Math.floor(i / 4)
    m.frame(
      { loss: 2.3, accuracy: 0.1, gradientNorm: 1, learningRate: 0.02 * now },
      { updateRatio: now < 1e-6 ? 0 : ratio * now, weightGradientNorm: 0.5, activationGradientRms: 1 }
    )
  }
  return rules.get(id).judge(m.view)
}
const STEPS = { id: 'step', every: 4, gamma: 0.1 }

describe('a rate that a schedule has taken away', () => {
  it('is named with its schedule, and advised to stay', () => {
    const found = judged('rateTooSmall', STEPS, 5e-3)!
    expect(found).toMatchObject({ severity: 'bad', advice: ['learningRate'] })
    expect(found.choices).toEqual({ learningRate: { factor: 1, steady: true } })
    expect(found.text.en).toMatch(/^The schedule, Step decay, has brought the learning rate from 0\.02 down to/)
    expect(found.text.en).not.toContain('raise')
  })
  it('is no fault of layers that do not move', () => expect(judged('notUpdating', STEPS, 5e-3)).toBeUndefined())
  it('is none where the network has had the time to learn', () => {
    expect(judged('rateTooSmall', STEPS, 0.1)).toBeUndefined()
    expect(judged('notUpdating', STEPS, 0.1)).toBeUndefined()
  })
  it('is none where it stays', () => expect(judged('rateTooSmall', { id: 'constant' }, 5e-3)).toBeUndefined())
})

describe('a rate that its schedule changes', () => {
  const now = 0.004
  const view = (last: object): ReturnType<typeof makeView> => {
    const m = makeView(['dense', 'dense'], { learningRate: 0.1 })
    for (let i = 0; i < 30; i++) m.frame({ loss: 2.3, learningRate: now }, { updateRatio: 1e-12 })
    m.frame({ loss: 2.3, learningRate: now }, { updateRatio: 1e-12, ...last })
    return m
  }
  it('is told as it was at the step that a finding is about', () => {
    expect(rules.get('notUpdating').judge(view({}).view)!.text.en).toContain('at a learning rate of 0.004')
    const broken = rules.get('weightsNaN').judge(view({ weightNonFinite: 3 }).view)!
    expect(broken.text.en).toContain('Learning rate at that step: 0.004.')
  })
  it('is told as it was at the step that threw the weights off', () => {
    const m = makeView(['dense', 'dense'], { learningRate: 0.1 })
    for (let i = 0; i < 12; i++)
      m.frame({ loss: i < 6 ? 2 : 400, learningRate: i < 5 ? now : 0.1 }, { updateRatio: i === 4 ? 0.8 : 1e-3 })
    expect(rules.get('rateTooLarge').judge(m.view)!.text.en).toContain('the learning rate, 0.004, is too large')
  })
})

describe('clipping that leaves next to nothing', () => {
  it.each([
    [{ id: 'clipByGlobalNorm', maxNorm: 1e-4 }, 'a gradient of norm 1'],
    [{ id: 'clipByValue', limit: 1e-6 }, 'at most 1.0e-6 of each entry of the gradient']
  ])('is what keeps the steps small: %o', (hook, words) => {
    const found = judged('rateTooSmall', { id: 'constant' }, 1e-7, { hooks: [hook] })!
    expect(found.text.en).toContain(words)
    expect(found.text.en).not.toContain('raise')
  })
})
