import type { Spec } from '../../base/params'
import { activations } from '../../catalog/activations'
import { activationOf, type Built, type Draft } from './draft'

/** Looks for settings that keep a network from learning, and mends those that are to be. */
export function lookForFaults(draft: Draft): void {
  const byId = new Map(draft.built.map((b) => [b.node.id, b]))
  for (const b of draft.built) {
    lookAtStart(draft, b)
    if (b.node.kind === 'batchNorm') lookBefore(draft, b, byId)
  }
}
/** Weights of a layer that all begin as the same number. */
function lookAtStart(draft: Draft, b: Built): void {
  const { node } = b
  const start = (node.params.initializer as Spec | undefined)?.id
  if (start !== 'zeros' && start !== 'constant' && start !== 'ones') return
  draft.fault(
    'zeroInitializer',
    node.id,
    `all weights of ${node.id} start alike (${start}): its units stay copies of each other. When mended they are drawn as its activation wants`,
    `${node.id} 的全部权重初值相同（${start}）：其单元始终彼此相同。修复后按激活函数重新初始化`
  )
  if (draft.mends('zeroInitializer')) {
    const { id = 'linear', ...params } = activationOf(b) ?? {}
    node.params = {
      ...node.params,
      initializer: activations.get(id).initializer?.(params) ?? { id: 'glorotUniform' }
    }
    delete b.weights.kernel
  }
}
/** What feeds a batch norm: dropout, or a bias that it takes out again. */
function lookBefore(draft: Draft, norm: Built, byId: ReadonlyMap<string, Built>): void {
  const { node } = norm
  const before = byId.get(node.inputs[0]!)
  if (before?.node.kind === 'dropout') {
    draft.fault(
      'normAfterDropout',
      node.id,
      `${node.id} stands behind ${before.node.id}: its running variance is that of values with dropout, which are other ones when it predicts (Li 2019). When mended they change places`,
      `${node.id} 位于 ${before.node.id} 之后：其滑动方差来自带随机失活的数值，与预测时不同（Li 2019）。修复后两者互换`
    )
    if (draft.mends('normAfterDropout')) exchange(draft, before, norm)
  }
  const fed = byId.get(node.inputs[0]!)
  if (fed?.node.params.bias === false) return
  if (fed && ['dense', 'conv1d', 'conv2d'].includes(fed.node.kind) && activationOf(fed)?.id === 'linear') {
    draft.fault(
      'biasBeforeNorm',
      fed.node.id,
      `the bias of ${fed.node.id} is taken out again by ${node.id} behind it. When mended it is left out`,
      `${fed.node.id} 的偏置会被其后的 ${node.id} 消去。修复后略去`
    )
    if (draft.mends('biasBeforeNorm')) dropBias(fed, norm)
  }
}
/** A dropout and the batch norm behind it change places. */
function exchange(draft: Draft, dropout: Built, norm: Built): void {
  const reads = (from: string, to: string): void => {
    for (const b of draft.built)
      if (b !== dropout && b !== norm) b.node.inputs = b.node.inputs.map((i) => (i === from ? to : i))
  }
  norm.node.inputs = dropout.node.inputs
  dropout.node.inputs = [norm.node.id]
  reads(norm.node.id, dropout.node.id)
  draft.built.splice(draft.built.indexOf(norm), 1)
  draft.built.splice(draft.built.indexOf(dropout), 0, norm)
}
/** Leaves a bias out, and moves the running mean that held it. */
function dropBias(fed: Built, norm: Built): void {
  const { bias, ...others } = fed.weights
  fed.node.params = { ...fed.node.params, bias: false }
  fed.weights = others
  const { mean } = norm.weights
  if (bias && mean) norm.weights.mean = { shape: mean.shape, values: mean.values.map((m, i) => m - bias.values[i]!) }
}
