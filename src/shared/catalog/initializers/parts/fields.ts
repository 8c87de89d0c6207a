import type { NumberField, Params } from '../../../base/params'
import type { Rng } from '../../../base/random/rng'
import { fillNormal, fillUniform } from '../../../base/random/fill'
import type { Text } from '../../../base/text'
import { kerasObject } from '../../../base/keras'
import { number, options } from '../../../base/python'
import { rounded } from '../../../base/rounded'
import type { Initializer } from '../types'

/** Factor on every weight, hence its square on the variance. */
export const gain: NumberField = {
  type: 'number',
  default: 1,
  min: 0,
  max: 1000,
  advanced: true,
  label: { en: 'Gain', zh: '增益' },
  help: { en: 'Multiplies every weight.', zh: '乘在每个权重上。' }
}
/** The value of the field `gain`. */
export const gainOf = (p: Params): number => p.gain as number

/** Slope of the negative side that a He initializer allows for (He 2015, eq. 15). */
export const negativeSlope: NumberField = {
  type: 'number',
  default: 0,
  min: 0,
  max: 1,
  advanced: true,
  label: { en: 'Negative slope a', zh: '负半轴斜率 a' },
  help: {
    en: 'Of the leaky ReLU behind it: Var = 2/((1 + a²)·n).',
    zh: '其后 Leaky ReLU 的斜率：Var = 2/((1 + a²)·n)。'
  }
}

/** Keras's names of uniform laws. */
const KERAS_UNIFORM: Record<string, string> = {
  'fan_avg 1': 'glorot_uniform',
  'fan_in 2': 'he_uniform',
  'fan_in 1': 'lecun_uniform'
}

/**
 * An initializer of independent entries with mean 0.
 * @param entry its id, texts and fields
 * @param variance of one entry, by fan-in and fan-out
 * @param standard PyTorch's own function for it, where fans are as in a linear layer or a convolution
 */
export function scaled(
  entry: { id: string; name: Text; doc: Text; fields: Initializer['fields'] },
  law: 'normal' | 'uniform',
  variance: Initializer['variance'],
  standard?: (w: string, p: Params) => string | undefined
): Initializer {
  return {
    ...entry,
    variance,
    python: {
      torch(w, p, { fanIn, fanOut, isStandard }) {
        const own = isStandard && standard?.(w, p)
        if (own) return own
        const v = variance(fanIn, fanOut, p, [])
        const limit = number(Math.sqrt(3 * v))
        return law === 'normal'
          ? `nn.init.normal_(${w}, std=${number(Math.sqrt(v))})`
          : `nn.init.uniform_(${w}, -${limit}, ${limit})`
      },
      keras(p, { fanIn, fanOut, isStandard }) {
        if (isStandard) {
          const mode = variance(1, 1, p, []) === variance(1, 3, p, []) ? 'fan_in' : 'fan_avg'
          const scale = rounded(variance(1, 1, p, []), 12)
          const name = KERAS_UNIFORM[`${mode} ${scale}`]
          // Keras's own normal laws are cut off at two deviations; these are not.
          const distribution = law === 'normal' ? 'untruncated_normal' : 'uniform'
          return (
            (law === 'uniform' && name) || kerasObject('initializers', 'VarianceScaling', { scale, mode, distribution })
          )
        }
        const v = variance(fanIn, fanOut, p, [])
        return law === 'normal'
          ? kerasObject('initializers', 'RandomNormal', { stddev: Math.sqrt(v) })
          : kerasObject('initializers', 'RandomUniform', { minval: -Math.sqrt(3 * v), maxval: Math.sqrt(3 * v) })
      }
    },
    sample(shape: number[], fanIn: number, fanOut: number, rng: Rng, p: Params) {
      const v = variance(fanIn, fanOut, p, shape)
      // U(±l) has variance l²/3.
      const limit = Math.sqrt(3 * v)
      return law === 'normal' ? fillNormal(shape, rng, Math.sqrt(v)) : fillUniform(shape, rng, -limit, limit)
    }
  }
}
/** 2·gain²/(fan-in + fan-out) (Glorot & Bengio 2010, equation 12). */
export const glorotVariance: Initializer['variance'] = (fanIn, fanOut, p) => (2 * gainOf(p) ** 2) / (fanIn + fanOut)
/** 2·gain²/((1 + a²)·fan-in), a being the negative slope (He 2015, equations 10 and 15). */
export const heVariance: Initializer['variance'] = (fanIn, _fanOut, p) =>
  (2 * gainOf(p) ** 2) / ((1 + (p.a as number) ** 2) * fanIn)
/** gain²/fan-in (LeCun 1998, section 4.6). */
export const lecunVariance: Initializer['variance'] = (fanIn, _fanOut, p) => gainOf(p) ** 2 / fanIn

const call = (name: string, w: string, more: string): string => `nn.init.${name}(${w}${more && `, ${more}`})`
/** PyTorch's "Xavier". */
export const xavier =
  (name: string) =>
  (w: string, p: Params): string =>
    call(name, w, options({ gain: [number(p.gain), '1'] }))
/** PyTorch's "Kaiming", which has no gain besides the activation's. */
export const kaiming =
  (name: string) =>
  (w: string, p: Params): string | undefined =>
    gainOf(p) === 1 ? call(name, w, options({ a: [number(p.a), '0'] })) : undefined
