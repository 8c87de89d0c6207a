import { kerasObject } from '../../base/keras'
import { sizeOf } from '../../base/sizeOf'
import type { LayerKind } from './types'

const flatten: LayerKind = {
  id: 'flatten',
  name: { en: 'Flatten', zh: '展平' },
  doc: {
    en: 'Lays all axes of an example out as one row, so that a dense layer can read it.',
    zh: '把一个样本的所有轴展成一行，供全连接层读取。'
  },
  group: 'wiring',
  icon: 'flat',
  stem: 'flatten',
  fields: {},
  inputs: { min: 1, max: 1 },
  infer: (_p, [s]) => [sizeOf(s!)],
  weights: () => [],
  forward: (tf, _p, [x]) => ({ h: x!.rank === 2 ? x! : tf.reshape(x!, [x!.shape[0]!, -1]) }),
  python: {
    torch: (_p, { inputs: [s] }, [x]) => ({ call: s!.length === 1 ? x! : `${x!}.flatten(1)` }),
    keras: (_p, { inputs: [s] }) => (s!.length === 1 ? [] : [{ object: kerasObject('layers', 'Flatten') }])
  },
  flops: () => 0
}
export default flatten
