import type { Ending, ForeignLayer, ForeignTraining } from '../foreign'
import { activationOf, type Draft } from './draft'
import { outputShape } from './shapes'

/** Brings the network's end and the loss together. @returns the loss */
export function finish(draft: Draft): { id: string } {
  const {
    layers,
    ending,
    training: { loss }
  } = draft.source
  const end = layers[layers.length - 1]!
  const activation = activationOf(draft.end())
  const { squashes } = loss ?? {}
  if (ending) return finishSoftmax(draft, loss, ending, end)
  if (squashes === 'softmax') {
    if (loss!.from !== 'logits') expectsProbabilities(draft, end, 'softmax')
  } else if (squashes === 'sigmoid') {
    if (activation?.id !== 'sigmoid') {
      if (loss!.from === 'probabilities') expectsProbabilities(draft, end, 'sigmoid')
    } else {
      if (loss!.from === 'logits')
        draft.fault(
          'sigmoidTwice',
          end.name,
          'the network ends with sigmoid, and the loss, which expects logits, applies it again: it is taken away here',
          '网络以 sigmoid 结尾，而期望 logits 的损失又应用一次：这里去掉网络中的那次',
          true
        )
      endLinear(draft, end)
    }
  } else if (activation?.id === 'sigmoid') {
    // Of several columns there is no such loss here.
    if (!loss && outputShape(draft).at(-1) === 1) {
      draft.note(
        'no loss is known: as the model ends with sigmoid, sigmoid cross-entropy is taken',
        '没有已知的损失：因模型以 sigmoid 结尾，采用 sigmoid 交叉熵'
      )
      endLinear(draft, end)
      return { id: 'sigmoidCrossEntropy' }
    }
    if (loss?.spec.id === 'meanSquaredError') {
      draft.fault(
        'sigmoidWithMeanSquaredError',
        end.name,
        'sigmoid with mean squared error: where the output is wrong and certain, hardly any gradient passes. Sigmoid cross-entropy takes its place when mended',
        'sigmoid 与均方误差搭配：输出错而确信时几乎没有梯度。修复后以 sigmoid 交叉熵代替'
      )
      if (draft.mends('sigmoidWithMeanSquaredError')) {
        endLinear(draft, end)
        return { id: 'sigmoidCrossEntropy' }
      }
    }
  }
  if (squashes) lookAtEnd(draft, squashes, end)
  if (!loss) draft.note('no loss is known: mean squared error is taken', '没有已知的损失：采用均方误差')
  return loss?.spec ?? { id: 'meanSquaredError' }
}
/** An activation in front of the softmax or sigmoid of a loss. */
function lookAtEnd(draft: Draft, squashes: 'softmax' | 'sigmoid', end: ForeignLayer): void {
  const { node } = draft.end()
  const { id = 'linear' } = activationOf(draft.end()) ?? {}
  if (id === 'linear') return
  draft.fault(
    'activationAtTheEnd',
    end.name,
    `the network ends with ${id}, and the loss applies ${squashes} to it: it can’t give every probability. When mended it ends without ${id}`,
    `网络以 ${id} 结尾，而损失再对其应用 ${squashes}：无法给出所有概率。修复后去掉末尾的 ${id}`
  )
  if (draft.mends('activationAtTheEnd')) node.params = { ...node.params, activation: { id: 'linear' } }
}
/** The softmax at the end becomes part of the loss. */
function finishSoftmax(
  draft: Draft,
  loss: ForeignTraining['loss'],
  ending: 'softmax' | 'logSoftmax',
  end: ForeignLayer
): { id: string } {
  moved(draft, end, ending)
  if (outputShape(draft).at(-1) === 1) {
    draft.fault(
      'softmaxOfOne',
      end.name,
      'softmax over a single unit is always 1: nothing learns. When mended the loss is sigmoid cross-entropy',
      '单个单元的 softmax 恒为 1：什么也学不到。修复后损失为 sigmoid 交叉熵'
    )
    if (draft.mends('softmaxOfOne')) return { id: 'sigmoidCrossEntropy' }
  }
  if (!loss)
    draft.note(
      'no loss is known: as the model ends with softmax, softmax cross-entropy is taken',
      '没有已知的损失：因模型以 softmax 结尾，采用 softmax 交叉熵'
    )
  else if (loss.squashes !== 'softmax')
    draft.note(
      'the softmax at the end is part of the loss here: softmax cross-entropy takes the place of the loss',
      '末尾的 softmax 在这里属于损失：以 softmax 交叉熵代替原损失'
    )
  // The softmax of a log-softmax is that softmax.
  if (loss?.from === 'logits' && loss.squashes === 'softmax' && ending === 'softmax')
    draft.fault(
      'softmaxTwice',
      end.name,
      'the network ends with softmax, and the loss, which expects logits, applies it again: it is taken away here',
      '网络以 softmax 结尾，而期望 logits 的损失又应用一次：这里去掉网络中的那次',
      true
    )
  if (loss?.from === 'logProbabilities' && ending === 'softmax')
    draft.fault(
      'probabilitiesAsLogs',
      end.name,
      'the loss expects logarithms of probabilities, but gets probabilities: it falls without a bound below, and its gradient stays near −1. Here the loss is the cross-entropy',
      '损失期望对数概率，却得到概率：梯度几乎恒为 −1。这里损失为交叉熵',
      true
    )
  if (loss?.from === 'probabilities' && ending === 'logSoftmax') expectsProbabilities(draft, end, 'softmax')
  return { id: 'softmaxCrossEntropy' }
}
function expectsProbabilities(draft: Draft, end: ForeignLayer, what: 'softmax' | 'sigmoid'): void {
  draft.fault(
    'logitsAsProbabilities',
    end.name,
    `the loss expects probabilities, but the network ends without ${what}: here the loss applies it`,
    `损失期望概率，但网络末尾没有 ${what}：这里由损失应用它`,
    true
  )
}
/** Takes the last layer's sigmoid away: the loss applies it. */
function endLinear(draft: Draft, end: ForeignLayer): void {
  const { node } = draft.end()
  node.params = { ...node.params, activation: { id: 'linear' } }
  moved(draft, end, 'sigmoid')
}
function moved(draft: Draft, end: ForeignLayer, ending: Ending): void {
  draft.ending = ending
  draft.remark(
    (l) => l.layer === end.name,
    ending === 'sigmoid'
      ? { en: 'sigmoid moves into the loss', zh: 'sigmoid 移入损失函数' }
      : { en: 'softmax moves into the loss', zh: 'softmax 移入损失函数' }
  )
}
