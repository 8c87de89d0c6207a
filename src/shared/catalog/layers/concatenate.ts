import { kerasObject } from '../../base/keras'
import { ShapeError, type LayerKind } from './types'

const concatenate: LayerKind = {
  id: 'concatenate',
  name: { en: 'Concatenate', zh: '拼接' },
  doc: {
    en: 'Puts its inputs side by side along the last axis (channels or units). Each input gets its own part of the gradient, unchanged: a short way back, as in DenseNet (Huang 2017).',
    zh: '沿最后一个轴（通道或单元）把输入并排放置。每个输入原样得到梯度中属于自己的部分，是一条短的回传路径，如 DenseNet（Huang 2017）。'
  },
  group: 'wiring',
  icon: 'add',
  stem: 'concat',
  fields: {},
  inputs: { min: 2, max: Infinity },
  infer(_p, shapes) {
    const shown = (s: number[]): string => `[${s.join(' × ')}]`
    const first = shapes[0]!
    const front = (s: number[]): string => `${s.slice(0, -1).join()}/${s.length}`
    const other = shapes.find((s) => front(s) !== front(first))
    if (other)
      throw new ShapeError({
        en: `joins along the last axis, so all others must agree, but gets ${shown(first)} and ${shown(other)}: give the inputs the same size there (padding "same", or a pooling layer)`,
        zh: `沿最后一个轴拼接，其余各轴必须相同，但得到 ${shown(first)} 和 ${shown(other)}：请使输入在这些轴上同样大小（填充“相同”，或加池化层）`
      })
    return [...first.slice(0, -1), shapes.reduce((a, s) => a + s[s.length - 1]!, 0)]
  },
  weights: () => [],
  forward: (tf, _p, inputs) => ({ h: tf.concat(inputs as never[], inputs[0]!.rank - 1) }),
  python: {
    channels: 'any',
    torch: (_p, { channelsFirst }, x) => ({ call: `torch.cat((${x.join(', ')}), dim=${channelsFirst ? 1 : -1})` }),
    keras: () => [{ object: kerasObject('layers', 'Concatenate') }]
  },
  flops: () => 0
}
export default concatenate
