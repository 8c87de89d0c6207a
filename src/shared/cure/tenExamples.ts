import { median } from '../clinic/rules/parts/view'
import { rounded } from '../base/rounded'
import type { Text } from '../base/text'
import type { DataInfo } from '../catalog/datasets/types'
import { isBlock, type Experiment, type NetworkNode } from '../experiment/types'
import type { RunSchema, RunState } from '../run/types'
import { rangeTestRefused } from './rangeTest'

const EXAMPLES = 10
const STEPS = 600
/** Share of the baseline's loss that counts as none. */
const NOTHING = 0.05
/** Share of the run, at its end, whose median loss is judged. */
const SETTLED = 0.1
/** What is switched off: layers that draw noise, and what keeps weights small. */
const NOISY: readonly string[] = ['dropout', 'alphaDropout']
const REGULARISES: readonly string[] = ['l1', 'l2', 'weightDecay', 'weightClip', 'spectralNorm', 'gradientPenalty']

/** Why it can't be asked; undefined where it can. */
export const tenExamplesRefused = ({ task }: Pick<DataInfo, 'task'>): Text | undefined =>
  rangeTestRefused({ task }) && {
    en: 'The loss of a critic does not say how far it has learnt: ten examples of it tell nothing.',
    zh: '评论网络的损失不能说明它学到多少：十个样本说明不了什么。'
  }

const quiet = (nodes: readonly NetworkNode[]): NetworkNode[] =>
  nodes.map((n) =>
    isBlock(n) ? { ...n, body: quiet(n.body) } : NOISY.includes(n.kind) ? { ...n, params: { ...n.params, rate: 0 } } : n
  )

/**
 * The experiment on ten of its examples, all of them at every step, with its own learning rate, and without
 * regularisation or noise. Source: Goodfellow et al. (2016), Deep Learning, section 11.5, "fit a tiny data set".
 */
export function tenExamplesOf(experiment: Experiment): Experiment {
  const { data, network, training, record, remedies } = experiment
  const { classWeights: _, optimizer, ...rest } = training
  const allowed = ({ id }: { id: string }): boolean => !REGULARISES.includes(id) && id !== 'smallerBatch'
  return {
    ...experiment,
    data: { ...data, examples: EXAMPLES },
    network: { ...network, nodes: quiet(network.nodes) },
    training: {
      ...rest,
      steps: STEPS,
      batchSize: 0,
      optimizer: { ...optimizer, ...('weightDecay' in optimizer && { weightDecay: 0 }) },
      schedule: { id: 'constant', warmUp: 0 },
      hooks: training.hooks.filter(allowed)
    },
    record: { ...record, every: 10, evaluateEvery: STEPS, keepEvery: 0 },
    remedies: remedies.filter((r) => allowed(r) && r.id !== 'classWeights')
  }
}

/** What came of ten examples. */
export interface TenExamples {
  /** Whether the training loss came near 0. */
  learns: boolean
  /** Of the ten examples: at the start, over the last steps, and of a forecast that learns nothing. */
  start: number
  loss: number
  baseline: number
  state: RunState
}

/**
 * Reads a run of `tenExamplesOf` that has ended.
 * @param losses of its recorded steps
 * @returns undefined while there is nothing to go by
 */
export function readTenExamples(
  losses: readonly number[],
  { schema, state }: { schema: RunSchema | undefined; state: RunState }
): TenExamples | undefined {
  if (!losses.length || !schema) return undefined
  const loss = median(losses.slice(Math.floor((1 - SETTLED) * losses.length)))
  const baseline = schema.baselines?.[0]?.trainingLoss ?? losses[0]!
  return { learns: loss <= NOTHING * Math.abs(baseline), start: losses[0]!, loss, baseline, state }
}

const told = (v: number): string => (Number.isFinite(v) ? String(rounded(v, 2)) : 'NaN')

/** What it means, in a few sentences. */
export function tenExamplesText({ learns, start, loss, state }: TenExamples): Text {
  const fell: Text = { en: `${told(start)} → ${told(loss)}`, zh: `${told(start)} → ${told(loss)}` }
  if (learns)
    return {
      en: `It can: trained on ten examples alone, the loss falls to almost nothing (${fell.en}). Network, loss and labels work together. What is missing on all examples is more steps, another learning rate, or something that carries over from one example to the next.`,
      zh: `可以：只用十个样本训练时，损失几乎降到零（${fell.zh}）。网络、损失与标签配合正常。在全部样本上缺少的是更多步数、合适的学习率，或可以从一个样本推广到另一个的规律。`
    }
  if (state === 'diverged' || !Number.isFinite(loss))
    return {
      en: `It can't: even on ten examples the loss becomes no number. The learning rate is too large, or the network or its loss overflows. More data would change nothing.`,
      zh: `不能：即使只用十个样本，损失也变成非数。学习率过大，或者网络或损失溢出。增加数据无济于事。`
    }
  return {
    en: `It can't: even ten examples are not learnt by heart (loss ${fell.en}). The fault is in the network, its loss, its learning rate or the labels, not in the amount of data: more data would change nothing. Test the range of the learning rate, and look for the cure.`,
    zh: `不能：连十个样本都背不下来（损失 ${fell.zh}）。问题在于网络、损失、学习率或标签，而不在数据量：增加数据无济于事。请测试学习率范围，并寻找对策。`
  }
}
