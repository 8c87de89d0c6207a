import type { Counterpart, Mapped, Unmapped } from '../../foreign'
import { number } from '../../settings'
import { nodesIn, refuse, settingsOf, type TorchNode, type Value } from '../call'
import type { Given, Made } from '../made'

/** Whether a result has a product that is not done yet. */
export const isScaled = ({ scale, learnt }: Value): boolean => scale !== undefined || learnt !== undefined
/** @throws InputError for a product that no addition follows */
export function refuseScale(name: string): never {
  return refuse(
    `layer ${name}`,
    'is multiplied by a number, which has a counterpart in front of an addition alone',
    '乘以常数，只有在相加之前才有对应项',
    'scale the data, or let the next layer learn it',
    '请缩放数据，或由下一层学习'
  )
}
/** Results side by side along the channels or units. */
export function join(made: Made, node: TorchNode, from: Value[]): Given {
  const [first] = from as [Value]
  const rank = first.shape.length
  const dim = number(settingsOf(node).dim, 0)
  const axis = dim < 0 ? dim + rank : dim
  const isChannels = axis === (first.layout === 'first' ? 1 : rank - 1)
  const isPlain = from.every((f) => f.layout === first.layout && !f.order && !f.pooled)
  const mapped: Mapped | Unmapped =
    isChannels && isPlain
      ? { parts: [{ kind: 'concatenate', params: {} }] }
      : {
          refused: {
            en: 'joins along another axis than that of the channels or units: join along that axis',
            zh: '拼接的轴不是通道或单元：请沿该轴拼接'
          }
        }
  const layer = made.push(
    node,
    from.map((f) => f.layer),
    mapped
  )
  return { layer, layout: first.layout }
}
/** A sum of two results, one of which may be multiplied by a number. */
export function add(made: Made, node: TorchNode, from: Value[]): Given {
  const [a, b] = from as [Value, Value?]
  if (
    !b ||
    from.length > 2 ||
    a.shape.join() !== b.shape.join() ||
    a.layout !== b.layout ||
    a.order?.join() !== b.order?.join()
  ) {
    const layer = made.push(node, [a.layer], {
      refused: {
        en: 'adds something else than two results of the same shape: give both the same shape by a layer before',
        zh: '相加的不是两个相同形状的结果：请先用一层使两者形状相同'
      }
    })
    return { layer, layout: a.layout }
  }
  const alpha = number(settingsOf(node).alpha, 1)
  const factors = [a.scale ?? 1, (b.scale ?? 1) * alpha]
  const isPlain = factors.map((f, i) => f === 1 && from[i]!.learnt === undefined)
  if (!isPlain[0] && !isPlain[1]) refuseScale(node.name)
  // The first input of ours is the one that is multiplied.
  const inputs = isPlain[1] ? [a, b] : [b, a]
  const scale = factors[0]! * factors[1]!
  const { learnt } = inputs[0]!
  if (learnt !== undefined && scale !== 1) refuseScale(node.name)
  if (learnt !== undefined) made.useOnce(learnt)
  const own = learnt === undefined ? undefined : made.weight(learnt)
  const part: Counterpart = own
    ? {
        kind: 'add',
        params: { scale: own.values[0]!, learnScale: true },
        weights: ([factor]) => ({ scale: { shape: [], values: factor!.values } })
      }
    : { kind: 'add', params: scale === 1 ? {} : { scale } }
  const layer = made.push(
    node,
    inputs.map((f) => f.layer),
    { parts: [part] },
    own && [own],
    own && made.momentsOf([learnt!])
  )
  return { layer, layout: a.layout, ...(a.order && { order: a.order }), ...(a.pooled && { pooled: true }) }
}
/**
 * A product, which is left to the addition behind it.
 * @param factors tensors of one number that the model holds: names of parameters that learn, or fixed numbers
 */
export function multiply(
  made: Made,
  node: TorchNode,
  from: Value[],
  factors: ReadonlyMap<string, string | number>
): Given {
  const [a] = from as [Value]
  const isDivided = node.op.includes('div')
  // What a number is divided by is no product with it.
  const behind = isDivided ? node.args.slice(1) : node.args
  const held = behind.flatMap(nodesIn).map((n) => factors.get(n))
  const factor = [...behind, ...held].find((v) => typeof v === 'number')
  const by = isDivided && factor !== undefined ? 1 / factor : factor
  if (from.length === 1 && by !== undefined && Number.isFinite(by)) return { ...a, scale: (a.scale ?? 1) * by }
  const learnt = held.find((v) => typeof v === 'string')
  if (from.length === 1 && learnt !== undefined && !isDivided && a.learnt === undefined) return { ...a, learnt }
  const layer = made.push(node, [a.layer], {
    refused: {
      en: 'multiplies two tensors, which has no counterpart here: add them, or watch the training with gradient_clinic.watch',
      zh: '两个张量相乘，这里没有对应项：请改为相加，或用 gradient_clinic.watch 记录训练'
    }
  })
  return { layer, layout: a.layout }
}
