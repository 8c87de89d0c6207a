import type { DataInfo } from '../datasets/types'
import { optimizers } from '../optimizers'
import type { Problem } from '../text'
import type { Plan } from './plan'
import type { Experiment } from './types'

/** Where the machine's memory isn't known. */
export const USUAL_MEMORY = 8e9
/** What the trainer takes before it knows of a network, and the shares of it below, as measured with nets of 0.3 to 4 GB. */
const BASE = 0.4e9
const PER_VARIABLE = 7
const PER_OUTPUT = 6
/** As loaded, and once more as prepared. */
const PER_VALUE = 2
/** The system and the window need some too. */
const SHARE = 0.9

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/**
 * Bytes that training takes at its peak, roughly: weights and the optimizer's state with their gradients and copies; outputs of all layers for one
 * batch with their gradients.
 * @param examples per step
 */
export function memoryNeeded(plan: Plan, experiment: Experiment, examples: number): number {
  const slots = optimizers.find(experiment.training.optimizer.id)?.slots.length ?? 0
  const outputs = plan.layers.reduce((sum, l) => sum + size(l.outputShape), 0)
  return BASE + 4 * (PER_VARIABLE * plan.paramCount * (1 + slots) + PER_OUTPUT * examples * outputs)
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(bytes < 1e10 ? 1 : 0)

/** Bytes that the examples take in the trainer. */
export const dataMemory = (info: DataInfo): number => 4 * PER_VALUE * info.count * (size(info.inputShape) + size(info.targetShape))

/** What is wrong when training takes more memory than there is. @param memory bytes of the machine */
export function memoryProblem(plan: Plan, experiment: Experiment, trainCount: number, memory: number, info?: DataInfo): Problem | undefined {
  const examples = experiment.training.batchSize || trainCount
  const data = info ? dataMemory(info) : 0
  const needed = memoryNeeded(plan, experiment, examples) + data
  if (needed <= SHARE * memory) return undefined
  const [n, m] = [gigabytes(needed), gigabytes(memory)]
  if (data > needed / 2)
    return {
      path: 'data.dataset',
      message: {
        en: `has ${info!.count.toLocaleString('en')} examples of ${info!.inputShape.join(' × ')} values; training on them takes about ${n} GB, and this machine has ${m} GB: take fewer examples or inputs`,
        zh: `有 ${info!.count.toLocaleString('en')} 个 ${info!.inputShape.join(' × ')} 的样本，训练约需 ${n} GB 内存，而本机只有 ${m} GB：请减少样本或输入`
      }
    }
  const weights = memoryNeeded(plan, experiment, 0)
  if (weights > needed / 2)
    return {
      path: 'network.nodes',
      message: {
        en: `has ${plan.paramCount.toLocaleString('en')} parameters; training it takes about ${n} GB, and this machine has ${m} GB: make layers narrower or fewer`,
        zh: `有 ${plan.paramCount.toLocaleString('en')} 个参数，训练约需 ${n} GB 内存，而本机只有 ${m} GB：请减小层宽或层数`
      }
    }
  return {
    path: 'training.batchSize',
    message: {
      en: `is ${examples.toLocaleString('en')}; with the outputs of all layers for so many examples training takes about ${n} GB, and this machine has ${m} GB: make batches smaller`,
      zh: `为 ${examples.toLocaleString('en')}；保存所有层对这些样本的输出，训练约需 ${n} GB 内存，而本机只有 ${m} GB：请减小批大小`
    }
  }
}
