import { perGate } from './parts/gates'
import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import { orthonormal } from '../../base/random/fill'
import { sizeOf } from '../../base/sizeOf'
import { gain, gainOf } from './parts/fields'
import type { Initializer } from './types'

/** Rows and columns of a kernel read as one matrix [everything else, outputs]. */
const matrix = (shape: number[]): [number, number] => [sizeOf(shape.slice(0, -1)), shape[shape.length - 1] ?? 1]

const orthogonal: Initializer = {
  id: 'orthogonal',
  name: { en: 'Orthogonal', zh: '正交' },
  doc: {
    en: 'A random matrix with orthonormal rows or columns, times a gain (Saxe 2014): a linear layer then keeps the length of every vector, both ways. Slow to draw beyond some thousand units.',
    zh: '行或列正交归一的随机矩阵乘以增益（Saxe 2014）：线性层在前向和反向都保持向量长度。数千单元以上抽取较慢。'
  },
  fields: { gain },
  sample(shape, _fanIn, _fanOut, rng, p) {
    const [rows, cols] = matrix(shape)
    const g = gainOf(p)
    return Float32Array.from(orthonormal(rows, cols, rng), (v) => g * v)
  },
  python: {
    torch: (w, p) => `nn.init.orthogonal_(${w}${gainOf(p) === 1 ? '' : `, ${number(p.gain)}`})`,
    keras: (p, site) =>
      perGate(gainOf(p) === 1 ? 'orthogonal' : kerasObject('initializers', 'Orthogonal', { gain: gainOf(p) }), site)
  },
  variance: (_fanIn, _fanOut, p, shape) => gainOf(p) ** 2 / Math.max(...matrix(shape))
}
export default orthogonal
