import type { Text } from '../../base/text'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { constantLayer, pairNorm, type Constant } from './parts/constant'
import { isHarmed } from './parts/progress'
import { called, learnsWell } from './parts/view'

function sentence(view: RunView, { layer, units, isOutput }: Constant): Text {
  const name = called(view, layer.id)
  if (units > 1)
    return {
      en: `${name.en} takes mean and spread of two units from these two: 1 and −1 are left, and all that gets past it is which of the two was larger. Hardly any gradient comes back through it. Take the norm out, or put it where there are more units.`,
      zh: `${name.zh} 用仅有的两个单元自身的均值和标准差来归一化它们：只剩下 1 和 −1，能通过它的只有哪一个更大，几乎没有梯度能通过它返回。请去掉该归一化，或把它放在单元更多的地方。`
    }
  const [en, zh] = isOutput
    ? ['so is the answer of the network', '网络的回答也因此如此']
    : ['nothing of the inputs gets past it', '输入的任何信息都无法通过']
  return {
    en: `${name.en} takes the mean of a single unit from that unit: 0 is left for every input, and ${en}. No gradient comes back through it. Take the norm out, or put it where there are more units.`,
    zh: `${name.zh} 从单个单元中减去它自己的均值：对任何输入都只剩 0，${zh}，也没有梯度能通过它返回。请去掉该归一化，或把它放在单元更多的地方。`
  }
}

const constant: Rule = {
  id: 'constantLayer',
  kind: 'constant',
  short: { en: 'Constant layer', zh: '恒定层' },
  name: { en: 'A layer that gives the same for every input', zh: '对任何输入都给出相同结果的层' },
  doc: {
    en: 'A layer norm over a single unit: what is left of one value without its mean is 0, whatever it was; or over two, of which 1 and −1 are left. Known before the first step.',
    zh: '对单个单元做层归一化：一个值减去自身的均值恒为 0；或只对两个单元做，恒剩下 1 和 −1。第一步之前即可得知。'
  },
  fields: {},
  measures: { units: { en: 'units that the mean is taken of', zh: '参与求均值的单元数' } },
  judge(view) {
    const found = view.length ? (constantLayer(view) ?? pairNorm(view)) : undefined
    if (!found || learnsWell(view)) return undefined
    return {
      severity: found.units === 1 || isHarmed(view) ? 'bad' : 'warn',
      layers: [found.layer.id],
      measured: { units: found.units },
      threshold: { units: 3 },
      text: sentence(view, found),
      ...advise(view)
    }
  }
}
export default constant
