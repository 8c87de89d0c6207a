import { inBoth, number } from '../../base/python'
import { warmUp } from './parts/fields'
import type { Schedule } from './types'

const step: Schedule = {
  id: 'step',
  name: { en: 'Step decay', zh: '阶梯衰减' },
  doc: { en: 'Multiplied by γ after every n steps.', zh: '每 n 步乘以 γ。' },
  fields: {
    every: {
      type: 'number',
      default: 100,
      integer: true,
      min: 1,
      max: 1000000,
      unit: 'steps',
      label: { en: 'Every', zh: '间隔' }
    },
    gamma: { type: 'number', default: 0.5, above: 0, max: 1, label: { en: 'Factor γ', zh: '系数 γ' } },
    ...warmUp
  },
  factor: (at, _steps, p) => (p.gamma as number) ** Math.floor(at / (p.every as number)),
  python: inBoth((p) => `${number(p.gamma)} ** (step // ${number(p.every)})`)
}
export default step
