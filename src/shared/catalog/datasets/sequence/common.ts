import { sizeOf } from '../../../base/sizeOf'
import type { Field, NumberField, Params } from '../../../base/params'
import { makeRng, type Rng } from '../../../base/random/rng'
import { InputError } from '../../../base/problems'
import type { Data, DataInfo } from '../types'

/** Field of a whole number, on a logarithmic slider. */
export const wholeField = (
  en: string,
  zh: string,
  value: number,
  min: number,
  max: number,
  help?: { en: string; zh: string }
): NumberField => ({
  type: 'number',
  default: value,
  integer: true,
  min,
  max,
  log: true,
  label: { en, zh },
  ...(help && { help })
})
/** Field of the number of examples. @param value default */
export const sequencesField = (value: number): NumberField => wholeField('Sequences', '序列数', value, 2, 1_000_000)
/** Field of the number of time steps of each example. @param value default */
export const lengthField = (value: number, min = 2, help?: { en: string; zh: string }): NumberField =>
  wholeField('Length T', '长度 T', value, min, 10_000, help)

/** Field of the target: one after the last time step, or one after each. */
export const answerField: Field = {
  type: 'choice',
  default: 'last',
  label: { en: 'Target', zh: '目标' },
  options: [
    { id: 'last', label: { en: 'After the last step', zh: '仅最后一步之后' } },
    { id: 'each', label: { en: 'After each step (sequence to sequence)', zh: '每一步之后（序列到序列）' } }
  ],
  help: {
    en: 'After each step: let the recurrent layer return its sequence; the dense layer behind it then reads every step.',
    zh: '每一步之后：让循环层返回整个序列，其后的全连接层便逐步读取。'
  }
}

/** Field of how symbols are coded: one-hot, or as ids, which an embedding reads. */
export const symbolField: Field = {
  type: 'choice',
  default: 'oneHot',
  label: { en: 'Coding of symbols', zh: '符号编码' },
  options: [
    { id: 'oneHot', label: { en: 'One-hot', zh: '独热' } },
    { id: 'ids', label: { en: 'Ids (for an embedding)', zh: '编号（供嵌入层使用）' } }
  ]
}
/** Shape and names of inputs that are `steps` symbols, coded as `symbolField` says. @param names of the symbols */
export const symbolInfo = (
  p: Params,
  steps: number,
  names: string[]
): Pick<DataInfo, 'inputShape' | 'featureNames' | 'timeAxis' | 'symbols'> =>
  p.coding === 'ids'
    ? { inputShape: [steps, 1], featureNames: ['symbol'], timeAxis: true, symbols: names.length }
    : { inputShape: [steps, names.length], featureNames: [...names], timeAxis: true }
/**
 * Overwrites step t of a sequence with a symbol. @param x one example, [steps × width], laid out as `info` says @param
 * symbol its id
 */
export function putSymbol(info: DataInfo, x: Float32Array, t: number, symbol: number): void {
  const width = info.inputShape[1]!
  if (info.symbols) return void (x[t] = symbol)
  x.fill(0, t * width, (t + 1) * width)
  x[t * width + symbol] = 1
}

/** `info` itself. @throws InputError when inputs and targets together are more than 2²⁸ numbers */
export function bounded(info: DataInfo): DataInfo {
  const cells = info.count * (sizeOf(info.inputShape) + sizeOf(info.targetShape))
  if (cells > 2 ** 28)
    throw new InputError([
      {
        path: 'data.dataset',
        message: {
          en: `makes ${cells.toLocaleString('en')} numbers, more than fit (268 million): fewer or shorter sequences`,
          zh: `共 ${cells.toLocaleString('en')} 个数，超出上限（2.68 亿）：请减少或缩短序列`
        }
      }
    ])
  return info
}

/**
 * A data set whose examples are drawn one after the other.
 * @param stream name of its random numbers within the seed
 * @param draw fills input and target of example i; both start at zero
 */
export function sequences(
  info: DataInfo,
  seed: number,
  stream: string,
  draw: (x: Float32Array, y: Float32Array, rng: Rng, i: number) => void
): Data {
  const rng = makeRng(seed, `data/${stream}`)
  const [w, v] = [info.inputShape, info.targetShape].map((s) => sizeOf(s)) as [number, number]
  const x = new Float32Array(info.count * w)
  const y = new Float32Array(info.count * v)
  for (let i = 0; i < info.count; i++) draw(x.subarray(i * w, (i + 1) * w), y.subarray(i * v, (i + 1) * v), rng, i)
  return { ...info, x, y }
}
/** A whole number in [from, to). */
export const between = (rng: Rng, from: number, to: number): number =>
  Math.min(to - 1, from + Math.floor(rng.uniform() * (to - from)))
