import { sizeOf } from '../../../base/sizeOf'
import { number } from '../../settings'
import { channelsLast, refuse, settingsOf, type TorchNode, type Value } from '../call'
import type { Given, Made } from '../made'

/** Another shape of the same values. */
export function reshape(made: Made, node: TorchNode, input: Value, shape: number[]): Given {
  const [batch, ...to] = shape
  const from = input.shape.slice(1)
  const refused = (en: string, zh: string): Given => {
    const layer = made.push(node, [input.layer], { refused: { en, zh } })
    return { layer, layout: to.length > 2 ? 'first' : 'same' }
  }
  if (batch !== input.shape[0])
    return refused(
      'moves values between the examples of a batch: keep the batch as the first axis',
      '在批次的样本之间移动数值：请保持批次为第一个轴'
    )
  const { layer, layout } = input
  if (to.join() === from.join()) return { ...input }
  // One number: its row of one stays as it is here.
  if (!to.length && from.length === 1) return { layer, layout: 'same' }
  // Of a picture that was pooled to one place, ours has its channels alone.
  if (input.pooled && to.length > 1 && to[0] === from[0] && sizeOf(to) === to[0]) return { ...input }
  if (to.length <= 1) {
    if (input.pooled || from.length <= 1) return { layer, layout: 'same' }
    const flat = made.push(node, [layer], { parts: [{ kind: 'flatten', params: {} }] })
    const turns = layout === 'first' && sizeOf(from.slice(1)) > 1 && from[0]! > 1
    return { layer: flat, layout: 'same', ...(turns && { order: from }) }
  }
  // Of one channel the values stand alike in both orders.
  const isPicture = layout === 'first' && from[0] !== 1
  if (input.order || isPicture || input.pooled)
    return refused(
      'gives a picture another shape: flatten it to [batch, features]',
      '改变图像的形状：请展平为 [批次, 特征]'
    )
  // One channel: behind the batch or at the end, the values stand alike.
  const first = to[0] === 1 && to.length > 1
  const ours = first ? [...to.slice(1), 1] : to
  if (to.length === 3 && !first)
    return refused(
      'makes several channels out of a row of numbers: give the data in the shape of pictures',
      '由一行数生成多个通道：请以图像的形状提供数据'
    )
  const shaped = made.push(node, [layer], { parts: [{ kind: 'reshape', params: { shape: ours.join(', ') } }] })
  return { layer: shaped, layout: first ? 'first' : 'same' }
}
/** Axes in another order: ours stay where they are. */
export function turn(node: TorchNode, input: Value, shape: number[]): Given {
  const rank = shape.length
  const positive = (n: number): number => (n < 0 ? n + rank : n)
  const args = node.args
    .slice(1)
    .flat()
    .filter((n): n is number => typeof n === 'number')
  const axes = shape.map((_, i) => i)
  if (node.op === 'permute') args.forEach((n, i) => (axes[i] = positive(n)))
  else {
    const { dim0, dim1 } = settingsOf(node)
    const [a, b] = [positive(number(dim0, 0)), positive(number(dim1, 1))]
    axes[a] = b
    axes[b] = a
  }
  const toEnd = channelsLast(rank)
  const toFront = [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)]
  if (axes.every((a, i) => a === i)) return { ...input }
  if (axes.join() === toEnd.join() && input.layout === 'first' && !input.pooled) return { ...input, layout: 'same' }
  if (axes.join() === toFront.join() && input.layout === 'same' && !input.order) return { ...input, layout: 'first' }
  return refuse(
    `layer ${node.name}`,
    'puts the axes in an order that has no counterpart',
    '轴的顺序没有对应项',
    'give the data as [batch, …, features], and recurrent layers batch_first=True',
    '请以 [批次, …, 特征] 提供数据，循环层用 batch_first=True'
  )
}
