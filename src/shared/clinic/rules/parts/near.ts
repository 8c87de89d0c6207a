import type { Text } from '../../../base/text'
import type { RunView } from '../types'
import { percent } from './shares'

/** How much noise may add to the accuracy, or r², of a forecast from the nearest examples. */
const LUCK = 0.05
/** With fewer training examples the nearest ones say nothing. */
const ENOUGH = 100

/** The score of a forecast from the nearest examples, where it is no better than a guess; undefined where it is. */
export function nothingNear({ schema: { data, trainCount } }: RunView): { told: number; text: Text } | undefined {
  const { neighbours, classes } = data ?? {}
  if (neighbours === undefined || trainCount < ENOUGH) return undefined
  const guess = classes ? Math.max(...classes) : 0
  if (neighbours > guess + LUCK) return undefined
  const text = classes
    ? {
        en: `the five nearest give an accuracy of ${percent(neighbours)}, always the same class ${percent(guess)}`,
        zh: `最近的五个样本给出的准确率为 ${percent(neighbours)}，总答同一类为 ${percent(guess)}`
      }
    : {
        en: `the five nearest explain ${percent(Math.max(0, neighbours))} of the target’s variance`,
        zh: `最近的五个样本只能解释目标方差的 ${percent(Math.max(0, neighbours))}`
      }
  return { told: neighbours, text }
}
