import { kerasObject } from '../../base/keras'
import { native, withGradient } from '../../base/native'
import type { Spec } from '../../base/params'
import type { Tensor } from '../../base/tf'
import { KERNEL } from './parts/kernel'
import { ShapeError, type LayerKind } from './types'

const embedding: LayerKind = {
  id: 'embedding',
  name: { en: 'Embedding', zh: '嵌入' },
  doc: {
    en: 'A learnt vector for each symbol: the ids of a sequence, 0 … n − 1, become rows of a table. It stands right behind data of ids, unstandardised: temporal order or copy memory with the coding “ids”, or a table of whole numbers.',
    zh: '为每个符号学习一个向量：序列中的编号 0 … n − 1 取表中对应的行。须直接放在编号数据之后，且不做标准化：编码为“编号”的时间次序或复制记忆数据，或由整数组成的表格。'
  },
  group: 'recurrent',
  icon: 'data',
  stem: 'embedding',
  fields: {
    vocabulary: {
      type: 'number',
      default: 10,
      integer: true,
      min: 2,
      max: 1000000,
      log: true,
      label: { en: 'Symbols n', zh: '符号数 n' },
      help: { en: 'How many different ids there are.', zh: '不同编号的个数。' }
    },
    units: {
      type: 'number',
      default: 16,
      integer: true,
      min: 1,
      max: 16384,
      log: true,
      label: { en: 'Width', zh: '向量宽度' }
    },
    initializer: { ...KERNEL.initializer, default: { id: 'lecunNormal' } },
    l2: KERNEL.l2
  },
  inputs: { min: 1, max: 1 },
  infer(p, [s]) {
    if (!(s!.length === 1 || (s!.length === 2 && s![1] === 1)))
      throw new ShapeError({
        en: `reads one symbol per time step, [T] or [T × 1], but gets [${s!.join(' × ')}]: use data of symbol ids (choose the coding “ids”)`,
        zh: `每个时间步读取一个符号，即 [T] 或 [T × 1]，但得到 [${s!.join(' × ')}]：请使用符号编号数据（编码选“编号”）`
      })
    return [s![0]!, p.units as number]
  },
  weights(p) {
    const [n, units] = [p.vocabulary as number, p.units as number]
    // A one-hot row has one active input whatever the vocabulary, so both fans are what its readers see: the vector's
    // width.
    return [
      {
        name: 'kernel',
        shape: [n, units],
        init: p.initializer as Spec,
        fanIn: units,
        fanOut: units,
        l2: p.l2 as number,
        role: 'kernel'
      }
    ]
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
        ? library.op('GatherV2', [w.kernel!, at, tf.scalar(0, 'int32')], {
            Tparams: { type: 'float32' },
            Tindices: int32,
            Taxis: int32,
            batch_dims: { int: 0 }
          })
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
  python: {
    torch(p, { self }, [x]) {
      const n = p.vocabulary as number
      return {
        make: `nn.Embedding(${n}, ${p.units as number})`,
        call: `${self}(${x!}.flatten(1).round().long().clamp(0, ${n - 1}))`,
        weights: { kernel: { at: 'weight' } }
      }
    },
    keras: (p, { inputs: [s], start }) => [
      ...(s!.length > 1 ? [{ object: kerasObject('layers', 'Reshape', { target_shape: [s![0]!] }) }] : []),
      {
        object: kerasObject('layers', 'Embedding', {
          input_dim: p.vocabulary as number,
          output_dim: p.units as number,
          ...start('kernel', 'embeddings')
        }),
        weights: [{ name: 'kernel', as: 'embeddings' }]
      }
    ]
  },
  symbols: (p) => p.vocabulary as number,
  flops: () => 0
}
export default embedding
