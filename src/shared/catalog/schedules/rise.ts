import { inBoth, number } from '../../base/python'
import { warmUp } from './parts/fields'
import type { Schedule } from './types'

const rise: Schedule = {
  id: 'rise',
  name: { en: 'Exponential rise', zh: '指数上升' },
  doc: {
    en: 'Grows by the same factor at every step, from the given share to the full rate at the last one: the schedule of a learning-rate range test (Smith 2017).',
    zh: '每步按相同系数增大，从给定的比例升到最后一步的完整学习率：用于学习率范围测试（Smith 2017）。'
  },
  fields: {
    start: {
      type: 'number',
      default: 0.001,
      above: 0,
      max: 1,
      log: true,
      label: { en: 'Share at the start', zh: '开始时的比例' }
    },
    ...warmUp
  },
  factor: (at, steps, p) => (p.start as number) ** (1 - at / Math.max(1, steps - 1)),
  python: inBoth((p) => `${number(p.start)} ** (1 - step / max(1, steps - 1))`)
}
export default rise
