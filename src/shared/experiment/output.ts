import { activations } from '../catalog/activations'
import type { DataInfo } from '../catalog/datasets/types'
import type { Loss } from '../catalog/losses/types'
import type { Spec } from '../base/params'
import { problem, type Problem } from '../base/problems'
import { rounded } from '../base/rounded'
import type { Experiment } from './types'

/** Larger values than these are no bound. */
const FAR = 1e3
const reaches = new Map<string, [number, number]>()
const POINTS = [-1e6, ...Array.from({ length: 401 }, (_, i) => (i - 200) / 10), 1e6]

/**
 * Smallest and largest value that an activation can give; ±∞ where there is none.
 * @param spec the activation with its parameters
 */
export function reachOf(spec: Spec): [low: number, high: number] {
  const key = JSON.stringify(spec)
  const before = reaches.get(key)
  if (before) return before
  const { id, ...params } = spec
  const values = POINTS.map((z) => activations.get(id).f(z, params))
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const reach: [number, number] = [low < -FAR ? -Infinity : low, high > FAR ? Infinity : high]
  reaches.set(key, reach)
  return reach
}

const shown = (x: number): string => (Math.abs(x) === Infinity ? '∞' : String(rounded(x, 3)))
/** The values from `low` to `high` in words. */
export const rangeText = ([low, high]: [number, number]): { en: string; zh: string } =>
  low === -Infinity
    ? { en: `at most ${shown(high)}`, zh: `不大于 ${shown(high)}` }
    : high === Infinity
      ? { en: `at least ${shown(low)}`, zh: `不小于 ${shown(low)}` }
      : { en: `${shown(low)} … ${shown(high)}`, zh: `${shown(low)} … ${shown(high)}` }

/**
 * Warns of an output activation that the loss applies itself, or that can't give what the targets are.
 * @param at dotted path of the layer that the activation belongs to, and its node
 * @param activation what the network ends with
 */
export function outputProblems(
  { data }: Experiment,
  info: DataInfo,
  loss: Loss,
  at: { path: string; node: string },
  activation: Spec
): Problem[] {
  const { name } = activations.get(activation.id)
  const warn = (en: string, zh: string): Problem[] => [
    problem(`${at.path}.params.activation`, en, zh, { node: at.node, severity: 'warning' })
  ]
  if (activation.id === 'linear') return []
  if (loss.squashes)
    return warn(
      `ends with ${name.en}, but the loss applies ${loss.squashes} itself: the last layer should be linear`,
      `以 ${name.zh} 结尾，而损失函数本身已包含 ${loss.squashes}：最后一层应为线性`
    )
  const [low, high] = reachOf(activation)
  // Of standardised targets about a third lie beyond ±1, on both sides of 0.
  if (info.task !== 'regression' || !data.standardize || (low <= -1 && high > 1)) return []
  const range = rangeText([low, high])
  return warn(
    `ends with ${name.en}, which gives values of ${range.en}, but the targets are standardised to mean 0 and deviation 1: the last layer should be linear`,
    `以 ${name.zh} 结尾，其取值${range.zh}，而目标已标准化为均值 0、标准差 1：最后一层应为线性`
  )
}
