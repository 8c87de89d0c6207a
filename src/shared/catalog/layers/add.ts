import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import { ShapeError, type LayerKind } from './types'

const SCALED_ADD = (name: string): string => `class ${name}(layers.Layer):
    """Adds its inputs, the first one times a number, which may be learnt."""

    def __init__(self, scale, learns=False, **more):
        super().__init__(**more)
        self.start, self.learns = scale, learns

    def build(self, shapes):
        start = initializers.Constant(self.start)
        self.scale = (
            self.add_weight((1,), start, name="scale") if self.learns else self.start
        )

    def call(self, inputs):
        first, *rest = inputs
        return self.scale * first + sum(rest)`

const add: LayerKind = {
  id: 'add',
  name: { en: 'Add (residual)', zh: '相加（残差）' },
  doc: {
    en: 'Adds its inputs: s·branch + shortcut. The shortcut carries the gradient past the branch unchanged (He 2016); with s = 0 at start the block begins as the identity (SkipInit, ReZero).',
    zh: '把输入相加：s·分支 + 捷径。捷径让梯度原样绕过分支（He 2016）；s 从 0 开始时，残差块起初是恒等映射（SkipInit、ReZero）。'
  },
  group: 'wiring',
  icon: 'add',
  stem: 'add',
  fields: {
    scale: {
      type: 'number',
      default: 1,
      min: -1000,
      max: 1000,
      label: { en: 'Branch scale s', zh: '分支系数 s' },
      help: { en: 'Multiplies the first input.', zh: '乘在第一个输入上。' }
    },
    learnScale: {
      type: 'bool',
      default: false,
      label: { en: 'Learn s', zh: '学习 s' },
      help: { en: 's becomes a parameter that starts at this value.', zh: 's 成为以该值为初值的可训练参数。' },
      advanced: true
    }
  },
  inputs: { min: 2, max: Infinity },
  infer(_p, shapes) {
    const shown = (s: number[]): string => `[${s.join(' × ')}]`
    const first = shapes[0]!
    const other = shapes.find((s) => s.join() !== first.join())
    if (other)
      throw new ShapeError({
        en: `adds equal shapes, but gets ${shown(first)} and ${shown(other)}: give the layers before it the same width, or put a Dense layer of ${first[first.length - 1]} units into the shortcut`,
        zh: `只能相加相同的形状，但得到 ${shown(first)} 和 ${shown(other)}：请使前面各层同宽，或在捷径中放一个 ${first[first.length - 1]} 单元的全连接层`
      })
    return [...first]
  },
  weights: (p) =>
    p.learnScale
      ? [{ name: 'scale', shape: [], init: { id: 'constant', value: p.scale }, fanIn: 1, fanOut: 1, role: 'scale' }]
      : [],
  forward(tf, p, [branch, ...rest], w) {
    let h = branch!
    if (w.scale) h = tf.mul(h, w.scale)
    else if (p.scale !== 1) h = tf.mul(h, p.scale as number)
    for (const x of rest) h = tf.add(h, x)
    return { h }
  },
  python: {
    channels: 'any',
    torch(p, { weight }, [branch, ...rest]) {
      const scaled = p.learnScale
        ? `${weight('scale')} * ${branch!}`
        : p.scale === 1
          ? branch!
          : `${number(p.scale)} * ${branch!}`
      return { call: [scaled, ...rest].join(' + ') }
    },
    keras: (p, { define }) =>
      p.scale === 1 && !p.learnScale
        ? [{ object: kerasObject('layers', 'Add') }]
        : [
            {
              object: {
                class: define('ScaledAdd', SCALED_ADD),
                args: { scale: p.scale as number, ...(p.learnScale ? { learns: true } : {}) }
              },
              weights: [{ name: 'scale', as: 'scale', rank: 1 }]
            }
          ]
  },
  flops: () => 0
}
export default add
