import { refusal } from '../../foreign'
import { number } from '../../settings'
import { same, type Reader } from './common'

/** A sum of two results. */
export const add: Reader = (_c, { inputs }) =>
  inputs.length === 2
    ? same({ kind: 'add', params: {} })
    : inputs.length < 2
      ? refusal(
          'adds a number or a fixed tensor',
          '加上常数或固定张量',
          'let the bias of the layer before it learn that',
          '请由其前一层的偏置来学习'
        )
      : refusal('adds more than two results', '相加超过两个结果', 'write it as several additions', '请写成多次相加')
/** Results side by side along the last axis. */
export const concatenate: Reader = (c, { inputs, rank }) => {
  if (inputs.length < 2) return refusal('joins a single result', '只拼接一个结果', 'leave it out', '请去掉它')
  const axis = number(c.axis, -1)
  // A file of Keras 2 doesn't say the number of axes: pictures are taken as likely as sequences.
  return axis === -1 || axis === 3 || (axis > 0 && axis + 1 === rank)
    ? same({ kind: 'concatenate', params: {} })
    : refusal(
        'joins along another axis than the last',
        '不是沿最后一个轴拼接',
        'make it with axis=-1',
        '请使用 axis=-1'
      )
}
