import type { Rule } from './types'
import { advise } from './parts/advice'
import { causes } from './parts/causes'
import { percent } from './parts/shares'
import { isOneSided, MORE, savesLoss, straight } from './parts/straight'
import { few, parts, show } from './parts/view'

/** From here on a network is said to be above a guess: accuracy, r² or share of the loss. */
const ABOVE = 0.05

const linearNetwork: Rule = {
  id: 'linearNetwork',
  kind: 'linear',
  short: { en: 'Linear network', zh: '线性网络' },
  name: { en: 'The network is a linear model', zh: '网络是线性模型' },
  doc: {
    en: 'Nothing bends between the inputs and the output: no hidden layer, or only linear ones. The network stands at what a guess has, or little above it, while the nearest examples tell the target well: inputs and target hang together, but not in a straight line.',
    zh: '输入与输出之间没有任何非线性：没有隐藏层，或只有线性隐藏层。网络停在猜测的水平或略高于此，而由最近的样本却能很好地预测目标：输入与目标有关，但不是线性关系。'
  },
  fields: {
    more: {
      type: 'number',
      default: MORE,
      above: 0,
      below: 1,
      label: { en: 'Of the way to perfect, by neighbours', zh: '由近邻预测达到完美的比例' }
    }
  },
  measures: {
    neighbours: {
      en: 'accuracy, r² or share of the loss saved, of the nearest examples',
      zh: '最近样本的准确率、r² 或节省的损失占比'
    },
    guess: { en: 'that of a guess', zh: '猜测的水平' },
    reached: { en: 'of the network, above a guess', zh: '网络高于猜测的部分' },
    layers: { en: 'layers', zh: '层数' }
  },
  judge(view) {
    const { schema } = view
    const told = straight(view)
    if (!told || view.twins?.length || causes(view).length) return undefined
    const { hidden } = parts(view)
    const ids = hidden.map((l) => l.id)
    const isAbove = told.reached > ABOVE
    const say = (v: number): string => (schema.data!.classes ? percent(v) : show(v))
    const [en, zh] = ids.length
      ? [`${few(view, ids).en} ${ids.length > 1 ? 'are' : 'is'} linear`, `${few(view, ids).zh} 都是线性的`]
      : ['there is no hidden layer', '没有隐藏层']
    const [score, name] = schema.data!.classes
      ? ['with an accuracy of', '准确率为']
      : savesLoss(view)
        ? ['and save, of the loss of a guess, a share of', '节省的猜测损失占比为']
        : ['with an r² of', 'r² 为']
    return {
      severity: 'bad',
      layers: ids,
      measured: { ...told, layers: ids.length },
      threshold: { neighbours: told.guess + MORE * (1 - told.guess) },
      text: {
        en: `The network is a linear model of its inputs (${en}), and stands ${isAbove ? 'little above' : 'at'} what a guess has. The nearest examples tell the target ${score} ${say(told.neighbours)}: what is to be learnt is no straight line. ${ids.length ? 'Give the hidden layers an activation that bends, ReLU say.' : 'Add a hidden layer with an activation that bends, ReLU say.'}`,
        zh: `网络是输入的线性模型（${zh}），并停在${isAbove ? '略高于猜测' : '猜测'}的水平。而由最近的样本预测目标，${name} ${say(told.neighbours)}：要学的不是线性关系。${ids.length ? '请给隐藏层加上非线性激活函数，例如 ReLU。' : '请加入带非线性激活函数（例如 ReLU）的隐藏层。'}`
      },
      // An output that is 0 on one side may be so for all examples behind the new layer.
      ...advise(view, { choice: { id: 'hiddenLayer' }, on: isOneSided(view) ? [{ id: 'outputLayer' }] : [] })
    }
  }
}
export default linearNetwork
