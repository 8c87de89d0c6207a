import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import type { LayerKind } from './types'

const dropout: LayerKind = {
  id: 'dropout',
  name: { en: 'Dropout', zh: '随机失活' },
  doc: {
    en: 'Sets each value to 0 with probability p while training and divides the others by 1 − p (Srivastava 2014); does nothing when validating. It makes gradients noisier, not larger.',
    zh: '训练时以概率 p 把每个值置 0，其余除以 1 − p（Srivastava 2014）；验证时不起作用。它使梯度更嘈杂，而不是更大。'
  },
  group: 'regularise',
  icon: 'drop',
  stem: 'dropout',
  fields: {
    rate: { type: 'number', default: 0.1, min: 0, max: 0.95, label: { en: 'Drop probability p', zh: '失活概率 p' } }
  },
  inputs: { min: 1, max: 1 },
  infer: (_p, [s]) => [...s!],
  weights: () => [],
  forward(tf, p, [x], _w, ctx) {
    const rate = p.rate as number
    if (!ctx.training || rate === 0) return { h: x! }
    // floor(u + keep) is 1 with probability keep.
    const keep = 1 - rate
    const mask = tf.div(tf.floor(tf.add(ctx.noise('mask', x!.shape, 'uniform'), keep)), keep)
    return { h: tf.mul(x!, mask) }
  },
  python: {
    channels: 'any',
    torch(p, { self }, [x]) {
      const rate = p.rate as number
      const keep = number(1 - rate)
      return {
        make: `nn.Dropout(${number(rate)})`,
        call: `${self}(${x!})`,
        ...(rate && { recorded: [`return x * torch.floor(noise + ${keep}) / ${keep}`] })
      }
    },
    keras(p) {
      const rate = p.rate as number
      const keep = number(1 - rate)
      return [
        {
          object: kerasObject('layers', 'Dropout', { rate }),
          ...(rate && { recorded: [`return x * ops.floor(noise + ${keep}) / ${keep}`] })
        }
      ]
    }
  },
  flops: () => 0
}
export default dropout
