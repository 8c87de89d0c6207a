import { elementwise } from '../../base/native'
import type { Activation } from './types'

const exponential: Activation = {
  id: 'exponential',
  name: { en: 'Exponential', zh: '指数' },
  doc: {
    en: 'f(z) = eᶻ: always positive, for outputs such as rates and variances. Its slope is its value, so that a stack of them explodes or dies out.',
    zh: 'f(z) = eᶻ：恒为正，用于速率、方差等输出。其斜率等于函数值，多层堆叠会爆炸或消失。'
  },
  fields: {},
  f: Math.exp,
  df: Math.exp,
  d2f: Math.exp,
  forward: (tf, z) => elementwise(tf, z, tf.exp, (dy, _x, y) => tf.mul(dy, y), tf.exp),
  // The slope has no largest value; a twentieth of that at 0 is where little is left of a unit's usual one.
  regime: () => ({ saturatedBelow: Math.log(0.05) }),
  python: { torch: (z) => `torch.exp(${z})`, keras: () => 'exponential' },
  initializer: () => ({ id: 'lecunNormal' })
}
export default exponential
