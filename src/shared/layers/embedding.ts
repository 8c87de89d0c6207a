import { native, withGradient } from '../native'
import type { Spec } from '../params'
import type { Tensor } from '../tf'
import { ShapeError, type LayerKind } from './types'

const embedding: LayerKind = {
  id: 'embedding',
  name: { en: 'Embedding', zh: '嵌入' },
  doc: {
    en: 'A learnt vector for each symbol: the ids of a sequence, 0 … n − 1, become rows of a table. Ids are rounded, and those outside are read as the nearest. Leave such inputs unstandardised.',
    zh: '为每个符号学习一个向量：序列中的编号 0 … n − 1 取表中对应的行。编号会取整，越界者取最近的编号。此类输入不要标准化。'
  },
  group: 'recurrent',
  icon: 'data',
  stem: 'embedding',
  fields: {
    vocabulary: {
      type: 'number', default: 10, integer: true, min: 2, max: 1000000, log: true,
      label: { en: 'Symbols n', zh: '符号数 n' },
      help: { en: 'How many different ids there are.', zh: '不同编号的个数。' }
    },
    units: { type: 'number', default: 16, integer: true, min: 1, max: 16384, log: true, label: { en: 'Width', zh: '向量宽度' } },
    initializer: { type: 'ref', registry: 'initializers', default: { id: 'lecunNormal' }, label: { en: 'Initializer', zh: '初始化' } }
  },
  inputs: { min: 1, max: 1 },
  infer(p, [s]) {
    if (!(s!.length === 1 || (s!.length === 2 && s![1] === 1)))
      throw new ShapeError({
        en: `reads one symbol per time step, [T] or [T × 1], but gets [${s!.join(' × ')}]: use data of symbol ids`,
        zh: `每个时间步读取一个符号，即 [T] 或 [T × 1]，但得到 [${s!.join(' × ')}]：请使用符号编号数据`
      })
    return [s![0]!, p.units as number]
  },
  weights(p) {
    const [n, units] = [p.vocabulary as number, p.units as number]
    // As a product with a one-hot row it has one input that counts; the fan of its readers is the vector's width.
    return [{ name: 'kernel', shape: [n, units], init: p.initializer as Spec, fanIn: units, fanOut: units, role: 'kernel' }]
  },
  forward(tf, p, [x], w) {
    const [n, units] = [p.vocabulary as number, p.units as number]
    const flat = tf.reshape(x!, [-1])
    const ids = tf.cast(tf.maximum(tf.minimum(tf.floor(tf.add(flat, 0.5)), n - 1), 0), 'int32') as never
    const library = native(tf)
    const int32 = { type: 'int32' as const }
    // tfjs reads the ids back to check them; these are checked.
    const look = (at: Tensor): Tensor =>
      library
        ? library.op('GatherV2', [w.kernel!, at, tf.scalar(0, 'int32')], { Tparams: { type: 'float32' }, Tindices: int32, Taxis: int32, batch_dims: { int: 0 } })
        : tf.gather(w.kernel!, at as never)
    const h = withGradient(
      tf,
      [x!, w.kernel!],
      (keep) => {
        keep(x!, ids)
        return look(ids)
      },
      (dy, [input, at]) => [tf.zerosLike(input!), tf.unsortedSegmentSum(dy, at as never, n)] as Tensor[]
    )
    return { h: tf.reshape(h, [x!.shape[0]!, -1, units]) }
  },
  flops: () => 0
}
export default embedding
