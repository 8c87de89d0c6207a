import { verdictOf } from '@shared/clinic/verdict'
import type { Baseline, Finding, RunVerdict } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { makeView, type Made } from './rules/view'

const majority = (accuracy: number, loss: number): Baseline => ({
  id: 'majority',
  name: { en: 'always the most frequent class', zh: '总答最常见的类别' },
  metrics: { loss, accuracy },
  trainingLoss: loss
})
const mean: Baseline = {
  id: 'mean',
  name: { en: 'always the mean', zh: '总答均值' },
  metrics: { loss: 1, r2: 0, meanAbsoluteError: 0.8 },
  trainingLoss: 1
}
const SPREAD = { min: 0, max: 1, rms: 0.5, largest: 0.5, feature: 0 }
const bad = (from: number, to: number): Finding => ({
  rule: 'vanishing',
  kind: 'vanishing',
  severity: 'bad',
  from,
  to,
  layers: [],
  measured: {},
  threshold: {},
  text: { en: '', zh: '' },
  advice: []
})
/** A run judged by 200 examples, that is evaluated every ten steps. */
function made(
  baseline: Baseline,
  steps: number,
  scores: (step: number) => Record<string, number>,
  train = scores
): Made {
  const m = makeView(['dense', 'dense', 'dense'])
  m.view.schema.judged = { part: 'validation', count: 200 }
  m.view.schema.baselines = [baseline]
  if (baseline.id === 'mean' || baseline.id === 'constant')
    m.view.schema.info = { ...m.view.schema.info, task: 'regression', targetShape: [1] }
  for (let step = 0; step <= steps; step++) {
    if (step % 10 === 0) m.view.evaluations.push({ step, metrics: scores(step) })
    if (step < steps) m.frame(train(step), {})
  }
  return m
}
const judge = (m: Made, findings: Finding[] = []): RunVerdict => verdictOf(m.view, findings)

describe('the verdict of a run', () => {
  it('is learned when the metric is above the baseline by more than noise, and says by how much', () => {
    const v = judge(
      made(majority(0.3, 1.2), 200, (s) => ({ loss: 1.4 * Math.exp(-s / 50), accuracy: s < 100 ? 0.3 : 0.8 }))
    )
    expect(v).toMatchObject({ state: 'learned', since: 100, baseline: { id: 'majority' } })
    expect(v.measured).toMatchObject({ accuracy: 0.8, accuracyAtStart: 0.3, step: 200 })
    expect(v.text.en).toMatch(/^50 points above the baseline\. On 200 held-out examples: accuracy 30 % → 80 %/)
    expect(v.text.zh).toContain('高出基线 50 个百分点')
  })
  it.each([
    ['of the one that is answered always', 1],
    ['of another', 0]
  ])('is unclear where the held-out examples are all of one class: %s', (_what, accuracy) => {
    const m = made(majority(accuracy, 0.3), 200, (s) => ({ loss: Math.exp(-s / 50), accuracy: s < 100 ? 0.5 : 0.95 }))
    m.view.schema.judged!.classes = 1
    m.view.schema.data = { input: SPREAD, target: SPREAD, classes: [0.9, 0.1] }
    expect(judge(m)).toMatchObject({
      state: 'unclear',
      text: { en: expect.stringContaining('all of one class') as string }
    })
    // With a fault it does not hang on them.
    expect(judge(m, [bad(0, 200)]).state).not.toBe('unclear')
  })
  it('is not learned within two standard deviations of the baseline', () => {
    // √(0.5 · 0.5 / 200) = 0.035.
    const at = (accuracy: number): string =>
      judge(made(majority(0.5, 0.7), 200, () => ({ loss: 0.69, accuracy }))).state
    expect(at(0.56)).toBe('notLearning')
    expect(at(0.58)).toBe('learned')
  })
  it('is not learned while a bad finding is open, whatever the score', () => {
    const m = made(majority(0.3, 1.2), 200, (s) => ({ loss: 1 / (1 + s), accuracy: s ? 0.9 : 0.3 }))
    expect(judge(m, [bad(0, 199)])).toMatchObject({ state: 'learning' })
    expect(judge(m, [bad(0, 199)]).text.en).toContain('A fault is open, though: Vanishing.')
    expect(judge(m, [bad(0, 90)]).state).toBe('learned')
  })
  it('is not learned by some more right answers at the loss of the baseline: a line through XOR', () => {
    const line = (loss: number, accuracy: number): Made =>
      made(majority(0.5, 0.693), 200, (s) => ({ loss: s ? loss : 0.86, accuracy: s ? accuracy : 0.5 }))
    expect(judge(line(0.692, 0.65)).state).toBe('notLearning')
    expect(judge(line(0.62, 0.65)).state).toBe('learned')
    // Sure of most, and far off in a few.
    expect(judge(line(0.8, 0.9)).state).toBe('learned')
  })
  it('is not learned where wrong answers are given with certainty, though the training examples are known', () => {
    const sure = (loss: number): RunVerdict =>
      judge(
        made(
          majority(0.5, 0.693),
          200,
          (s) => ({ loss: s ? loss : 0.8, accuracy: s ? 0.8 : 0.5 }),
          (s) => ({ loss: Math.exp(-s / 20) })
        )
      )
    expect(sure(26)).toMatchObject({ state: 'learning' })
    expect(sure(26).text.en).toContain('wrong answers are given with certainty')
    expect(sure(0.9).state).toBe('learned')
  })
  it('does not say of many right answers that they are no better than the baseline, whatever their loss', () => {
    const known = (accuracy: number): RunVerdict =>
      judge(
        made(
          majority(0.53, 0.69),
          200,
          (s) => ({ loss: s ? 1.5 : 0.9, accuracy: s ? accuracy : 0.5 }),
          (s) => ({ loss: Math.exp(-s / 20) })
        )
      )
    expect(known(0.7)).toMatchObject({ state: 'learning' })
    expect(known(0.7).text.en).toMatch(
      /^17 points above the baseline\. The training examples are known by heart, though/
    )
    expect(known(0.58)).toMatchObject({ state: 'notLearning' })
  })
  it('is unclear where the held-out examples are too few for any number of right answers', () => {
    const few = (accuracy: number, loss: number): RunVerdict => {
      const m = made(majority(4 / 6, 0.693), 200, (s) => ({ loss: s ? loss : 0.7, accuracy: s ? accuracy : 0.5 }))
      m.view.schema.judged!.count = 6
      return judge(m)
    }
    expect(few(5 / 6, 0.54)).toMatchObject({
      state: 'unclear',
      text: { en: expect.stringContaining('too few') as string }
    })
    expect(few(1, 0.1).state).toBe('learned')
    expect(few(0.5, 0.9).state).toBe('notLearning')
  })
  it('does not hang on one evaluation that is off', () => {
    const swings = (from: number): RunVerdict =>
      judge(
        made(
          majority(0.5, 0.693),
          200,
          (s) => ({ loss: s < from ? 0.3 : 0.71, accuracy: s < from ? 0.9 : 0.5 }),
          () => ({ loss: 0.3 })
        )
      )
    expect(swings(200)).toMatchObject({ state: 'learning' })
    expect(swings(200).text.en).not.toContain('by heart')
    expect(swings(160).state).toBe('notLearning')
  })
  it('is learning while the loss falls towards the baseline', () => {
    expect(judge(made(mean, 100, (s) => ({ loss: 9 * Math.exp(-s / 60), r2: -1 }))).state).toBe('learning')
  })
  it('is not learning at the share of the largest class, at an r² of 0 or less, and where the loss stays', () => {
    for (const b of [0.2, 0.7, 0.93]) {
      const v = judge(made(majority(b, 0.4), 300, () => ({ loss: 0.4, accuracy: b })))
      expect(v.state).toBe('notLearning')
    }
    for (const r2 of [0, -0.4, -34, -721])
      expect(
        judge(
          made(
            mean,
            300,
            () => ({ loss: 1 - r2, r2 }),
            () => ({ loss: 1.1 })
          )
        ).state
      ).toBe('notLearning')
  })
  it('tells an r² that is rounding alone as 0', () => {
    const rounded = { ...mean, metrics: { ...mean.metrics, r2: -6.7e-16 } }
    const v = judge(made(rounded, 300, () => ({ loss: 1.4, r2: -0.4 })))
    expect(v.text.en).toContain('(baseline, always the mean: 0)')
  })
  it('names the fault that is open while the loss only falls', () => {
    const m = made(majority(0.1, 2.3), 200, (s) => ({ loss: 9 - s / 30, accuracy: 0.1 }))
    expect(judge(m)).toMatchObject({ state: 'learning' })
    expect(judge(m).text.en).not.toContain('A fault')
    expect(judge(m, [bad(0, 199)]).text.en).toContain('noise yet. A fault is open, though: Vanishing.')
  })
  it('is not learning where the loss falls so slowly that the baseline is out of reach', () => {
    for (const rate of [1e-6, 1e-5])
      expect(judge(made(majority(0.1, 2.3), 400, (s) => ({ loss: 2.9 - rate * s, accuracy: 0.1 }))).state).toBe(
        'notLearning'
      )
    // Held far above chance, and sinking a little.
    expect(judge(made(majority(0.1, 2.3), 400, (s) => ({ loss: 45 - s / 40, accuracy: 0.1 }))).state).toBe(
      'notLearning'
    )
  })
  it('says that targets which are all the same leave nothing to learn', () => {
    const same = { ...mean, metrics: { loss: 0, r2: NaN } }
    const v = judge(made(same, 300, (s) => ({ loss: 0.03 / (1 + s), r2: NaN })))
    expect(v).toMatchObject({ state: 'notLearning' })
    expect(v.text.en).toMatch(/^There is nothing to learn: the target is the same/)
    expect(v.text.en + v.text.zh).not.toMatch(/NaN|r²/)
  })
  it('has no r² of held-out targets that are all the same', () => {
    const same = { ...mean, metrics: { loss: 0.2, r2: NaN } }
    const v = judge(made(same, 300, (s) => ({ loss: 0.9 / (1 + s), r2: NaN })))
    expect(v.state).toBe('learned')
    expect(v.text.en).toContain('The loss is 98.5 % below the baseline’s.')
    expect(v.text.en + v.text.zh).not.toMatch(/NaN|r²/)
  })
  it('does not say of a loss that fell and stands that it does not fall', () => {
    const v = judge(made(mean, 300, (s) => ({ loss: s < 20 ? 9 - s / 3 : 2.4, r2: -1 })))
    expect(v.text.en).toContain('the loss falls no further')
    expect(judge(made(mean, 300, () => ({ loss: 2.4, r2: -1 }))).text.en).toContain('the loss does not fall')
  })
  it('says that examples are known by heart', () => {
    const v = judge(
      made(
        mean,
        300,
        () => ({ loss: 1.3, r2: -0.3 }),
        (s) => ({ loss: Math.exp(-s / 20) })
      )
    )
    expect(v).toMatchObject({ state: 'notLearning' })
    expect(v.text.en).toContain('known by heart')
  })
  it('is diverged when the loss is no number, or three times start and baseline', () => {
    for (const x of [NaN, Infinity])
      expect(
        judge(
          made(
            mean,
            60,
            () => ({ loss: 1, r2: 0 }),
            (s) => ({ loss: s < 41 ? 1 : x })
          )
        )
      ).toMatchObject({
        state: 'diverged',
        since: 41
      })
    const high = (s: number): Record<string, number> => ({ loss: s < 20 ? 1.5 : 5 })
    expect(judge(made(mean, 60, () => ({ loss: 5, r2: -4 }), high))).toMatchObject({ state: 'diverged', since: 20 })
    // A start that was as high is none.
    expect(
      judge(
        made(
          mean,
          300,
          () => ({ loss: 5, r2: -4 }),
          () => ({ loss: 5 })
        )
      ).state
    ).toBe('notLearning')
  })
  it('knows of a recording without evaluations only how the loss of changing batches goes', () => {
    const noise = (s: number): number => 0.02 * Math.sin(17 * s)
    const recording = (loss: (s: number) => number): Made => {
      const m = makeView(['dense', 'dense', 'dense'])
      for (let s = 0; s < 120; s++) m.frame({ loss: loss(s) + noise(s) }, {})
      return m
    }
    // The start is above guessing, which the first steps reach; nothing is learnt after that.
    const plateau = recording((s) => 1.1 + 0.3 * Math.exp(-s / 3))
    expect(judge(plateau, [bad(0, 119)])).toMatchObject({ state: 'notLearning' })
    expect(judge(plateau, [bad(0, 119)]).text.en).toMatch(/^The loss fell from 1\.\d+ to 1\.\d+ in the first steps/)
    // Nobody says that it is a fault to have come to rest.
    expect(judge(plateau).state).toBe('learning')
    expect(
      judge(
        recording((s) => 2.3 - 0.01 * s),
        [bad(0, 119)]
      ).state
    ).toBe('learning')
    expect(
      judge(
        recording((s) => 0.3 + 2 * Math.exp(-s / 3)),
        [bad(0, 119)]
      ).state
    ).toBe('learning')
    expect(
      judge(
        recording(() => 1.1),
        [bad(0, 119)]
      ).state
    ).toBe('unclear')
  })
  it('looks at every step, also between those that are recorded', () => {
    const m = makeView(['dense', 'dense', 'dense'])
    m.view.schema.baselines = [mean]
    for (let step = 0; step < 40; step++) m.view.observe(step, step < 33 ? 1 : NaN)
    m.frame({ loss: 1 }, {})
    expect(judge(m)).toMatchObject({ state: 'diverged', since: 33 })
  })
  it('of weighted classes rests on balanced accuracy, beside a baseline that has it', () => {
    const chance: Baseline = {
      id: 'chance',
      name: { en: 'chance', zh: '随机水平' },
      metrics: { loss: 0.693, accuracy: 0.5, balancedAccuracy: 0.5 },
      trainingLoss: 0.693
    }
    const weighted = (balancedAccuracy: number, accuracy: number): RunVerdict => {
      const m = made(chance, 200, (s) => ({
        loss: s ? 0.4 : 0.7,
        accuracy: s ? accuracy : 0.5,
        balancedAccuracy: s ? balancedAccuracy : 0.5
      }))
      // The plain share of right answers is the majority's to win.
      m.view.schema.baselines!.push({
        ...majority(0.95, 0.2),
        metrics: { loss: 0.2, accuracy: 0.95, balancedAccuracy: 0.5 }
      })
      m.view.schema.data = { ...m.view.schema.data!, classes: [0.95, 0.05] }
      return judge(m)
    }
    const found = weighted(0.9, 0.88)
    expect(found).toMatchObject({ state: 'learned', baseline: { id: 'chance' } })
    expect(found.measured['balancedAccuracy']).toBe(0.9)
    expect(found.text.en).toMatch(
      /^Balanced accuracy is 40 points above the baseline\. On 200 .* balanced accuracy 50 % → 90 % \(baseline, chance: 50 %\)/
    )
    expect(found.text.zh).toContain('平衡准确率')
    // Always the majority; and one of the ten rare examples by luck.
    expect(weighted(0.5, 0.95).state).toBe('notLearning')
    expect(weighted(0.55, 0.95).state).toBe('notLearning')
  })
  it('of errors that are not squared rests on their own loss', () => {
    const constant: Baseline = { ...mean, id: 'constant', metrics: { loss: 0.8, r2: -0.3 }, trainingLoss: 0.8 }
    const found = judge(made(constant, 200, (s) => ({ loss: s ? 0.4 : 1, r2: -0.5 })))
    expect(found).toMatchObject({ state: 'learned', baseline: { id: 'constant' }, measured: { loss: 0.4 } })
    expect(found.text.en).toBe(
      'The loss is 50 % below the baseline’s. On 200 held-out examples: loss 1 → 0.4 (baseline, always the mean: 0.8).'
    )
    // An r² above that of the median proves nothing; neither does a loss within noise.
    for (const loss of [0.79, 0.81])
      expect(judge(made(constant, 200, () => ({ loss, r2: 0.2 }))).state).toBe('notLearning')
  })
  it('is unclear for a few steps, and without examples that were seen at both ends', () => {
    expect(judge(made(majority(0.3, 1.2), 20, () => ({ loss: 1.2, accuracy: 0.3 }))).state).toBe('unclear')
    const m = makeView(['dense', 'dense', 'dense'])
    for (let i = 0; i < 60; i++) m.frame({ loss: 1 }, {})
    expect(judge(m).state).toBe('unclear')
  })
  it.each([
    ['below 0', -4, 'notLearning'],
    ['exactly 0', 0, 'notLearning'],
    ['above 0', 4, 'learning']
  ])('of a critic whose estimate stays %s', (_name, estimate, state) => {
    const m = made(mean, 60, (s) => ({ loss: -estimate, wasserstein: s < 30 ? 1 : estimate }))
    m.view.schema.info = { ...m.view.schema.info, task: 'critic' }
    m.view.schema.baselines = []
    expect(judge(m)).toMatchObject({ state })
  })
  it('has no baseline for a critic, and says why', () => {
    const m = made(mean, 100, () => ({ loss: -1, wasserstein: 1 }))
    m.view.schema.info = { ...m.view.schema.info, task: 'critic' }
    m.view.schema.baselines = []
    const v = judge(m)
    expect(v.state).toBe('learning')
    expect(v.baseline).toBeUndefined()
    expect(v.text.en).toContain('A critic has no baseline')
  })
})
