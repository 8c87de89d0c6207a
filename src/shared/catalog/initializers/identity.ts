import { perGate } from './parts/gates'
import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import { sizeOf } from '../../base/sizeOf'
import { gain, gainOf } from './parts/fields'
import type { Initializer } from './types'

/** Share of the entries that aren't 0. */
const share = (shape: number[]): number => Math.min(...shape.slice(-2)) / sizeOf(shape)

const CENTRE = (name: string): string => `class ${name}(initializers.Initializer):
    """A convolution that copies the channels at its centre."""

    def __init__(self, gain):
        self.gain = gain

    def __call__(self, shape, dtype=None, **_):
        kernel = np.zeros(shape, "float32")
        kernel[tuple((n - 1) // 2 for n in shape[:-2])] = self.gain * np.eye(*shape[-2:])
        return ops.convert_to_tensor(kernel)`

const identity: Initializer = {
  id: 'identity',
  name: { en: 'Identity', zh: '单位阵' },
  doc: {
    en: 'Gain on the diagonal, 0 elsewhere: each output copies its input (Le 2015 for recurrent ReLU nets). A convolution copies the channel at its centre.',
    zh: '对角线为增益，其余为 0：每个输出复制其输入（Le 2015，用于 ReLU 循环网络）。卷积则复制中心位置的通道。'
  },
  fields: { gain },
  sample(shape, _fanIn, _fanOut, _rng, p) {
    const out = new Float32Array(sizeOf(shape))
    const cols = shape[shape.length - 1] ?? 1
    const rows = shape[shape.length - 2] ?? 1
    // Offset of the middle of the receptive field.
    let centre = 0
    for (const s of shape.slice(0, -2)) centre = centre * s + Math.floor((s - 1) / 2)
    for (let i = 0; i < Math.min(rows, cols); i++) out[centre * rows * cols + i * cols + i] = gainOf(p)
    return out
  },
  python: {
    torch: (w, p, { isPicture }) => {
      const fill = `nn.init.${isPicture ? 'dirac_' : 'eye_'}(${w})`
      return gainOf(p) === 1 ? fill : `${fill}.data.mul_(${number(p.gain)})`
    },
    keras: (p, site) =>
      site.isPicture
        ? { class: site.define('Centre', CENTRE), args: { gain: gainOf(p) } }
        : perGate(gainOf(p) === 1 ? 'identity' : kerasObject('initializers', 'Identity', { gain: gainOf(p) }), site)
  },
  variance: (_fanIn, _fanOut, p, shape) => gainOf(p) ** 2 * share(shape) * (1 - share(shape)),
  mean: (_fanIn, _fanOut, p, shape) => gainOf(p) * share(shape)
}
export default identity
