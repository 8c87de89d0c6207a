import { inBoth, number } from '../../base/python'
import { warmUp } from './parts/fields'
import type { Schedule } from './types'

const cosine: Schedule = {
  id: 'cosine',
  name: { en: 'Cosine', zh: '余弦' },
  doc: {
    en: 'Falls along half a cosine from the full rate to the given share at the last step (Loshchilov & Hutter 2017, without restarts).',
    zh: '沿半个余弦从完整的学习率降到最后一步的给定比例（Loshchilov & Hutter 2017，无重启）。'
  },
  fields: {
    end: { type: 'number', default: 0, min: 0, max: 1, label: { en: 'Share at the end', zh: '结束时的比例' } },
    ...warmUp
  },
  factor(at, steps, p) {
    const end = p.end as number
    return end + ((1 - end) * (1 + Math.cos((Math.PI * at) / Math.max(1, steps - 1)))) / 2
  },
  python: inBoth((p) => {
    const half = '(1 + math.cos(math.pi * step / max(1, steps - 1))) / 2'
    return p.end ? `${number(p.end)} + ${number(1 - (p.end as number))} * ${half}` : half
  })
}
export default cosine
