import { inBoth, number } from '../../base/python'
import { warmUp } from './parts/fields'
import type { Schedule } from './types'

const exponential: Schedule = {
  id: 'exponential',
  name: { en: 'Exponential decay', zh: '指数衰减' },
  doc: {
    en: 'Falls by the same factor at every step, to the given share of the start at the last one.',
    zh: '每步按相同系数下降，最后一步降到起始值的给定比例。'
  },
  fields: {
    end: {
      type: 'number',
      default: 0.01,
      above: 0,
      max: 1,
      log: true,
      label: { en: 'Share at the end', zh: '结束时的比例' }
    },
    ...warmUp
  },
  factor: (at, steps, p) => (p.end as number) ** (at / Math.max(1, steps - 1)),
  python: inBoth((p) => `${number(p.end)} ** (step / max(1, steps - 1))`)
}
export default exponential
