import { perGate } from './parts/gates'
import { number } from '../../base/python'
import { sizeOf } from '../../base/sizeOf'
import type { Params } from '../../base/params'
import type { Initializer } from './types'

/** Inputs of a unit that are not 0. */
const links = (p: Params, inputs: number): number => Math.min(Math.ceil(p.links as number), inputs)

const SPARSE = (name: string): string => `class ${name}(initializers.Initializer):
    """Each unit reads some of its inputs, drawn at random (Martens 2010)."""

    def __init__(self, links, stddev):
        self.links, self.stddev = links, stddev

    def __call__(self, shape, dtype=None, **_):
        inputs = math.prod(shape[:-1])
        order = ops.argsort(keras.random.uniform((inputs, shape[-1])), axis=0)
        values = keras.random.normal((inputs, shape[-1]), stddev=self.stddev)
        return ops.reshape(ops.where(order < self.links, values, 0.0), shape)`

const sparse: Initializer = {
  id: 'sparse',
  name: { en: 'Sparse', zh: '稀疏' },
  doc: {
    en: 'Each unit reads k of its inputs, chosen at random, with weights N(0, std²); the others are 0 (Martens 2010). The sum that reaches a unit then doesn’t grow with the width, and units differ more.',
    zh: '每个单元只读取随机选出的 k 个输入，权重服从 N(0, 标准差²)，其余为 0（Martens 2010）。到达单元的总和不随层宽增长，单元之间差异更大。'
  },
  fields: {
    links: {
      type: 'number',
      default: 15,
      integer: true,
      min: 1,
      max: 16384,
      log: true,
      label: { en: 'Inputs per unit k', zh: '每个单元的输入数 k' }
    },
    std: {
      type: 'number',
      default: 0.25,
      min: 0,
      max: 1e6,
      label: { en: 'Standard deviation', zh: '标准差' },
      help: { en: 'Of the weights that are not 0.', zh: '非零权重的标准差。' }
    }
  },
  sample(shape, _fanIn, _fanOut, rng, p) {
    const units = shape[shape.length - 1] ?? 1
    const inputs = sizeOf(shape.slice(0, -1))
    const values = new Float32Array(sizeOf(shape))
    const order = Array.from({ length: inputs }, (_, i) => i)
    for (let unit = 0; unit < units; unit++)
      for (let k = 0; k < links(p, inputs); k++) {
        // The first k of a shuffle.
        const other = k + Math.floor(rng.uniform() * (inputs - k))
        ;[order[k], order[other]] = [order[other]!, order[k]!]
        values[order[k]! * units + unit] = (p.std as number) * rng.normal()
      }
    return values
  },
  python: {
    torch: (w, p, { fanIn, outputsFirst }) => {
      const share = 1 - links(p, fanIn) / fanIn
      return `nn.init.sparse_(${outputsFirst ? `${w}.data.flatten(1).T` : w}, ${number(share)}, ${number(p.std)})`
    },
    keras: (p, site) =>
      perGate(
        { class: site.define('Sparse', SPARSE), args: { links: links(p, site.fanIn), stddev: p.std as number } },
        site
      )
  },
  variance(_fanIn, _fanOut, p, shape) {
    const inputs = sizeOf(shape.slice(0, -1))
    return ((p.std as number) ** 2 * links(p, inputs)) / inputs
  }
}
export default sparse
