import { rounded } from '../base/rounded'
import { counted, type Text } from '../base/text'
import type { DataInfo } from '../catalog/datasets/types'
import type { Experiment } from '../experiment/types'
import type { FrameReader } from '../run/frameTable'
import type { RunSchema } from '../run/types'
import { mean } from './statistics'

/** Rates of a test: every optimizer's default, and those that people use, lie well within. */
const FROM = 1e-6
const TO = 10
const PER_DECADE = 30
const STEPS = 1 + PER_DECADE * Math.round(Math.log10(TO / FROM))
/** Width of the smoothing, standard deviation in steps: a tenth of a decade. It is centred, so that nothing shifts. */
const WIDTH = 3
/** The loss has changed where it has by so many standard errors of its noise, and by so large a share of itself. */
const CERTAIN = 4
const CHANGE = 0.02
/** How far below the rate at which it stops to help a rate is safe (Smith 2017; Bengio 2012, section 3.1.1). */
const ORDER = 10
/** Remedies that set the rate themselves. */
const OWN_RATE: readonly string[] = ['learningRate', 'warmUp']

/** Why no range test can be made; undefined where one can. */
export const rangeTestRefused = ({ task }: Pick<DataInfo, 'task'>): Text | undefined =>
  task === 'critic'
    ? {
        en: 'The loss of a critic does not say how far it has learnt: there is no range test of it.',
        zh: '评论网络的损失不能说明它学到多少：无法做范围测试。'
      }
    : undefined

/** Whether a run of an experiment is a range test. */
export const isRangeTest = ({ training }: Experiment): boolean => training.schedule.id === 'rise'

/** The experiment as a range test trains it: once, with a rate that grows by the same factor at every step. */
export function rangeTestOf(experiment: Experiment): Experiment {
  const { training, record } = experiment
  return {
    ...experiment,
    training: {
      ...training,
      steps: STEPS,
      optimizer: { ...training.optimizer, learningRate: TO },
      schedule: { id: 'rise', start: FROM / TO, warmUp: 0 },
      hooks: training.hooks.filter((h) => !OWN_RATE.includes(h.id))
    },
    record: { ...record, every: 1, evaluateEvery: STEPS, keepEvery: 0 },
    remedies: experiment.remedies.filter((r) => !OWN_RATE.includes(r.id))
  }
}
/** The experiment with this learning rate, and no remedy that would make another of it. */
export const withRate = (experiment: Experiment, rate: number): Experiment => ({
  ...experiment,
  training: { ...experiment.training, optimizer: { ...experiment.training.optimizer, learningRate: rate } },
  remedies: experiment.remedies.filter((r) => r.id !== 'learningRate')
})

/** What a range test has measured. */
export interface RangeTest {
  /** One of each step. */
  rates: number[]
  losses: number[]
  /** NaN from where the loss is no number. */
  smoothed: number[]
  /** Loss at rates too small to change anything. */
  start: number
  /** Of a forecast that learns nothing; absent where there is none. */
  baseline?: number
  /** Rate at which the smoothed loss is lowest, and what it is there; absent where no rate lowers it for certain. */
  lowest?: { rate: number; loss: number }
  /** Rate at which it falls fastest per decade. */
  steepest?: number
  /** Rate from which on it is above its start, or no number. */
  diverges?: number
  /** To two digits; absent where no rate brings the loss below the baseline. */
  suggested?: number
}

type Series = Pick<FrameReader, 'length' | 'scalar' | 'scalarColumn'>
/** A scalar of a run at each of its recorded steps; NaN where it is missing. */
export function seriesOf(table: Series, name: string): number[] {
  const column = table.scalarColumn(name)
  return Array.from({ length: table.length }, (_, i) => table.scalar(i, column) ?? NaN)
}

/** The losses, averaged over their neighbours; up to the first that is no number. */
function smooth(losses: readonly number[]): number[] {
  const bad = losses.findIndex((l) => !Number.isFinite(l))
  const end = bad < 0 ? losses.length : bad
  return losses.map((_, i) => {
    if (i >= end) return NaN
    let [sum, weight] = [0, 0]
    for (let k = Math.max(0, i - 3 * WIDTH); k < Math.min(end, i + 3 * WIDTH + 1); k++) {
      const w = Math.exp(-((k - i) ** 2) / (2 * WIDTH ** 2))
      sum += w * losses[k]!
      weight += w
    }
    return sum / weight
  })
}

/**
 * Reads a range test. The suggested rate is the one at which the loss falls fastest, or a tenth of the one at which it
 * is lowest, whichever is smaller: a whole training stays at it, the test only passes. Source: Smith (2017), Cyclical
 * learning rates for training neural networks, section 3.3.
 * @param rates of each step, growing
 * @param losses of the training batches, before the update with that rate
 * @param baseline loss of a training batch that a forecast has which learns nothing
 */
export function readRangeTest(rates: readonly number[], losses: readonly number[], baseline?: number): RangeTest {
  const smoothed = smooth(losses)
  const first = losses.slice(0, PER_DECADE).filter(Number.isFinite)
  const start = mean(first)
  const deviation = Math.sqrt(mean(first.map((l) => (l - start) ** 2)))
  // Independent losses that a Gaussian of this width averages.
  const error = deviation / Math.sqrt(2 * Math.sqrt(Math.PI) * WIDTH)
  const least = Math.max(CERTAIN * error, CHANGE * Math.abs(start))
  const above = smoothed.findIndex((l) => !(l <= start + least))
  const end = above < 0 ? smoothed.length : above
  let at = -1
  for (let i = 0; i < end; i++) if (at < 0 || smoothed[i]! < smoothed[at]!) at = i
  const result: RangeTest = {
    rates: [...rates],
    losses: [...losses],
    smoothed,
    start,
    ...(baseline !== undefined && { baseline }),
    ...(above >= 0 && { diverges: rates[above]! })
  }
  if (at < 0 || !(start - smoothed[at]! > least)) return result
  const lowest = { rate: rates[at]!, loss: smoothed[at]! }
  // Over the reach of the smoothing: neighbours differ by noise.
  const fall = (i: number): number => smoothed[Math.max(0, i - 2 * WIDTH)]! - smoothed[Math.min(at, i + 2 * WIDTH)]!
  let steep = 0
  for (let i = 1; i <= at; i++) if (fall(i) > fall(steep)) steep = i
  const learns = baseline === undefined || lowest.loss < baseline - CHANGE * Math.abs(baseline)
  return {
    ...result,
    lowest,
    steepest: rates[steep]!,
    ...(learns && { suggested: rounded(Math.min(rates[steep]!, lowest.rate / ORDER), 2) })
  }
}
/** Reads a run of `rangeTestOf`, as far as it is recorded. */
export const rangeTestIn = (table: Series, schema: RunSchema | undefined): RangeTest =>
  readRangeTest(seriesOf(table, 'learningRate'), seriesOf(table, 'loss'), schema?.baselines?.[0]?.trainingLoss)

const told = (v: number): string => String(rounded(v, 3))
/** `0.074`, `1.1e-5`. */
const rate = (v: number): string => {
  const short = rounded(v, 2)
  return short < 1e-3 ? short.toExponential() : String(short)
}

/** What a range test says, in a few sentences. */
export function rangeTestText({ rates, start, baseline, lowest, steepest, diverges, suggested }: RangeTest): Text {
  const [from, to] = [rate(rates[0]!), rate(rates[rates.length - 1]!)]
  const end: Text =
    diverges === undefined
      ? { en: `It does not diverge up to ${to}.`, zh: `直到 ${to} 都没有发散。` }
      : {
          en: `From ${rate(diverges)} it is above where it began.`,
          zh: `从 ${rate(diverges)} 起高于起始值。`
        }
  if (lowest && suggested === undefined)
    return {
      en: `No rate from ${from} to ${to} brings the loss below what guessing has, ${told(baseline!)}, within ${counted(rates.length, 'step')}: ${told(start)} → ${told(lowest.loss)}. It is not the learning rate alone that keeps the network from learning. ${end.en}`,
      zh: `${rates.length} 步内，从 ${from} 到 ${to} 没有学习率能使损失低于猜测的 ${told(baseline!)}：${told(start)} → ${told(lowest.loss)}。妨碍学习的不只是学习率。${end.zh}`
    }
  if (suggested === undefined || !lowest || steepest === undefined)
    return {
      en: `No rate from ${from} to ${to} lowers the loss from ${told(start)}: it is not the learning rate that keeps the network from learning. ${end.en}`,
      zh: `从 ${from} 到 ${to} 没有学习率能使损失低于 ${told(start)}：妨碍学习的不是学习率。${end.zh}`
    }
  return {
    en: `The loss falls fastest at a rate of ${rate(steepest)}, and is lowest at ${rate(lowest.rate)}: ${told(start)} → ${told(lowest.loss)}. ${end.en} A whole training does well with ${rate(suggested)}.`,
    zh: `学习率为 ${rate(steepest)} 时损失下降最快，为 ${rate(lowest.rate)} 时最低：${told(start)} → ${told(lowest.loss)}。${end.zh}整个训练宜用 ${rate(suggested)}。`
  }
}
