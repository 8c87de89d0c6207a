import { parseExperiment } from '../../experiment/parse'
import { throughTimeExperiment } from './throughTime'
import type { Template } from './types'

const template: Template = {
  id: 'truncated',
  group: 'recurrent',
  name: { en: 'Truncated BPTT: cut after 16 steps', zh: '截断 BPTT：16 步处截断' },
  doc: {
    en: 'The digits pixel by pixel once more, but the gradient goes back 16 of the 64 steps at most: before that it is exactly zero, not merely small, and shown as such. What it learns, 65 % in 400 steps, it learns from the last two rows of pixels; what stands further up it could never learn. A cut bounds an explosion through time, and hides that the gradient vanishes.',
    zh: '仍是逐像素的数字，但梯度至多回溯 64 步中的 16 步：更早处恰为零，而不只是很小，图中也如实显示。400 步学到的 65 %，来自最后两行像素；更上面的内容它永远学不到。截断能限制沿时间的爆炸，也掩盖了梯度的消失。'
  },
  finds: 'vanishing',
  shows: 'timeGradientRms',
  make: () =>
    parseExperiment({
      ...throughTimeExperiment(),
      name: 'Digits, pixel by pixel, truncated',
      remedies: [{ id: 'truncatedBptt', steps: 16 }]
    })
}
export default template
