import { settingsOf, type TorchNode, type Value } from '../call'
import type { Given, Made } from '../made'

/** A mean or a maximum over all positions. */
export function reduce(made: Made, node: TorchNode, input: Value): Given {
  const { dim, keepdim } = settingsOf(node)
  const rank = input.shape.length
  const over = (Array.isArray(dim) ? dim : [dim]).map((d) => (typeof d === 'number' ? (d < 0 ? d + rank : d) : -1))
  const channel = input.layout === 'first' ? 1 : rank - 1
  const wanted = input.shape.map((_, i) => i).filter((i) => i > 0 && i !== channel)
  const isAll = wanted.length > 0 && [...over].sort().join() === wanted.join() && !input.pooled && !input.order
  const kind = node.op === 'mean' ? 'globalAveragePool' : 'globalMaxPool'
  const layer = made.push(
    node,
    [input.layer],
    isAll
      ? { parts: [{ kind, params: {} }] }
      : {
          refused: {
            en: 'reduces other axes than all positions: pool over all positions: mean((2, 3)) of a picture, mean(1) of a sequence',
            zh: '归约的轴不是所有位置：请在所有位置上池化：图像用 mean((2, 3))，序列用 mean(1)'
          }
        }
  )
  return {
    layer,
    layout: keepdim === true ? 'first' : 'same',
    ...(keepdim === true && { pooled: true }),
    ...(node.op === 'max' && { pair: true })
  }
}
/** A softmax: left to the loss where it ends the model, and refused inside of it. @param isEnd it gives the output */
export function softmax(made: Made, node: TorchNode, input: Value, isEnd: boolean): Given {
  const rank = input.shape.length
  const { dim } = settingsOf(node)
  const axis = typeof dim === 'number' ? (dim < 0 ? dim + rank : dim) : rank - 1
  const isOver = axis === rank - 1 && input.layout === 'same'
  if (isEnd && isOver) made.ending = /log/i.test(node.op) ? 'logSoftmax' : 'softmax'
  const layer = made.push(
    node,
    [input.layer],
    isEnd && isOver
      ? { parts: [] }
      : {
          refused: {
            en: 'applies softmax inside the network, which has no counterpart here: put a sigmoid in its place, or watch the training with gradient_clinic.watch',
            zh: '在网络内部使用 softmax，这里没有对应项：请用 sigmoid 代替，或用 gradient_clinic.watch 记录训练'
          }
        }
  )
  return { layer, layout: input.layout }
}
