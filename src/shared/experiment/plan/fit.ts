import { problem, type Problem } from '../../base/problems'
import type { Text } from '../../base/text'
import type { DataInfo } from '../../catalog/datasets/types'
import type { Shape } from '../../catalog/layers/types'
import { INPUT, type Experiment } from '../types'
import { pathOf } from './path'
import type { Plan } from './types'

/** Warns of a layer norm over a single unit, which gives 0 for whatever it reads. */
export const loneNormProblems = (plan: Plan): Problem[] =>
  plan.layers
    .filter((l) => l.kind.id === 'layerNorm' && l.outputShape[l.outputShape.length - 1] === 1)
    .filter((l, i, all) => all.findIndex((other) => other.node === l.node) === i)
    .map((l) =>
      problem(
        pathOf(l.node),
        'normalises a single unit, so that its output is β whatever it reads: take it out',
        '只对一个单元归一化，无论输入如何，输出都等于 β：请去掉它',
        { node: l.node, severity: 'warning' }
      )
    )

/** Layers that hand on what they read one by one. */
const PASSING = ['activation', 'reshape', 'flatten']
const DROPPING = ['dropout', 'alphaDropout']
/** Warns of dropout behind the last layer with weights: nothing makes up for what it takes from the answers. */
export function droppedOutputProblems(plan: Plan): Problem[] {
  const problems: Problem[] = []
  let at = plan.layers.find((l) => l.id === plan.output)
  while (at && (PASSING.includes(at.kind.id) || DROPPING.includes(at.kind.id))) {
    const { node, params, kind, inputs } = at
    if (DROPPING.includes(kind.id) && params['rate'] !== 0)
      problems.push(
        problem(
          pathOf(node),
          'drops values of the output itself in training, and no layer behind it makes up for that: put it before the output layer, or take it out',
          '训练时随机丢弃输出值本身，其后没有任何层能弥补：请移到输出层之前，或去掉它',
          { node, severity: 'warning' }
        )
      )
    at = plan.layers.find((l) => l.id === inputs[0])
  }
  return problems
}

/**
 * Warns of a bias that a batch norm behind it takes away again: its gradient is rounding noise, which Adam scales up to
 * whole steps, and the norm's running mean follows behind.
 */
export function biasProblems(plan: Plan): Problem[] {
  const told = new Set<string>()
  return plan.layers.flatMap((l) => {
    const readers = plan.layers.filter((r) => r.inputs.includes(l.id))
    const wasted =
      l.params['bias'] === true &&
      (l.activation === undefined || l.activation.id === 'linear') &&
      readers.length > 0 &&
      readers.every((r) => r.kind.id === 'batchNorm')
    if (!wasted || told.has(l.node)) return []
    told.add(l.node)
    return [
      problem(
        `${pathOf(l.node)}.params.bias`,
        'has a bias in front of a batch norm, which subtracts it again: switch the bias off',
        '在批归一化之前带有偏置，而批归一化会把它减去：请关闭偏置',
        { node: l.node, severity: 'warning' }
      )
    ]
  })
}

/** Why a layer that reads ids of symbols gets none: they must come from the data as they are, laid out anew at most. */
export function symbolProblems(plan: Plan, experiment: Experiment, info: DataInfo): Problem[] {
  const raw = new Set<string>([INPUT])
  for (const l of plan.layers) {
    const direct = l.inputs.every((i) => raw.has(i))
    if (direct && (l.kind.id === 'reshape' || l.kind.id === 'flatten')) raw.add(l.id)
    const known = l.kind.symbols?.(l.params)
    if (known === undefined) continue
    const path = pathOf(l.node)
    if (!direct)
      return [
        problem(
          path,
          'reads ids of symbols, but the layer before it makes other numbers of them: put it right behind the input',
          '读取符号编号，但前面的层已把编号变成其他数：请把它直接放在输入之后',
          { node: l.node }
        )
      ]
    if (info.symbols === undefined)
      return [
        problem(
          path,
          'reads ids of symbols, but the data are measured numbers, not ids: take data of symbols (temporal order or copy memory with the coding “ids”, or a table of whole numbers), or a dense layer instead',
          '读取符号编号，但数据是测量值而不是编号：请使用符号数据（编码为“编号”的时间次序或复制记忆，或由整数组成的表格），或改用全连接层',
          { node: l.node }
        )
      ]
    // Ids that were standardised are no ids any more.
    if (experiment.data.standardize)
      return [
        problem(
          'data.standardize',
          'the embedding reads symbol ids, but the inputs are standardised, which makes other numbers of them: switch "standardise" off',
          '嵌入层读取符号编号，而输入经过标准化，已不再是编号：请关闭“标准化”',
          { node: l.node }
        )
      ]
    if (known < info.symbols)
      return [
        problem(
          `${path}.params.vocabulary`,
          `knows ${known} symbols, but the data have ${info.symbols}: raise it`,
          `只有 ${known} 个符号，但数据有 ${info.symbols} 个：请调高`,
          { node: l.node }
        )
      ]
  }
  return []
}

/** What makes the output as large as the target. */
export function mismatch(output: Shape, info: DataInfo): Text {
  const units = info.targetShape[info.targetShape.length - 1]!
  if (output.length > info.targetShape.length)
    return info.timeAxis
      ? {
          en: 'let the last recurrent layer return its last state only, or put a Flatten or global pooling before the output',
          zh: '让最后的循环层只返回最后的状态，或在输出层之前放展平层或全局池化层'
        }
      : { en: 'put a Flatten or global pooling before the output', zh: '请在输出层之前放展平层或全局池化层' }
  if (output.length < info.targetShape.length)
    return {
      en: 'there is a target at each time step: let every recurrent layer return its sequence, and flatten nothing',
      zh: '每个时间步都有目标：请让每个循环层返回整个序列，且不要展平'
    }
  if (output.length > 1 && output[0] !== info.targetShape[0])
    return {
      en: 'keep one row for each time step: no pooling, and padding that keeps the length',
      zh: '请为每个时间步保留一行：不要池化，并用保持长度的填充'
    }
  const { classes } = info
  if (classes && classes.length > 2 && output[0] === 1) {
    const words = classes.slice(0, 2).map((c) => JSON.stringify(c))
    return {
      en: `the target was read as ${classes.length} classes such as ${words.join(' and ')}: set the last layer's units to ${units}, or, if they are meant as numbers, choose the task regression`,
      zh: `目标被读作 ${classes.length} 个类别，如 ${words.join(' 和 ')}：请把最后一层的单元数设为 ${units}；若为数字，请将任务设为回归`
    }
  }
  return { en: `set the last layer's units to ${units}`, zh: `请把最后一层的单元数设为 ${units}` }
}
