import type { Text } from '../../base/text'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { isHarmed } from './parts/progress'
import { LIMITS, scaleFault } from './parts/scale'
import { learnsWell, show } from './parts/view'

function inputText(view: RunView): Text {
  const { feature, largest, min, max } = scaleFault(view)!.input!
  const name = view.schema.info.featureNames?.[feature]
  const range = `${show(min)} … ${show(max)}`
  return {
    en: `The inputs reach the first layer unscaled: ${name ? `“${name}” measures` : 'a feature measures'} ${show(largest)} (RMS), values ${range}, where layers are made for about 1`,
    zh: `输入未经缩放就进入第一层：${name ? `“${name}”` : '某特征'}的 RMS 为 ${show(largest)}，取值 ${range}，而各层适合约为 1 的输入`
  }
}
function targetText(view: RunView): Text {
  const { largest, min, max } = scaleFault(view)!.target!
  const range = `${show(min)} … ${show(max)}`
  return {
    en: `the targets measure ${show(largest)} (RMS), values ${range}, and so does the first error`,
    zh: `目标的 RMS 为 ${show(largest)}，取值 ${range}，初始误差也同样大`
  }
}
const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1)

const dataScale: Rule = {
  id: 'dataScale',
  kind: 'dataScale',
  short: { en: 'Data scale', zh: '数据尺度' },
  name: { en: 'Scale of the data', zh: '数据的尺度' },
  doc: {
    en: 'A feature measures more than 20 or less than 0.01, or the targets of a regression more than 100 or less than 0.001 (RMS, as they are fed): no learning rate suits all weights. Known before the first step; silent once the network learns.',
    zh: '某个特征的 RMS（按实际输入网络的值）大于 20 或小于 0.01，或回归目标大于 100 或小于 0.001：没有一个学习率适合所有权重。第一步之前即可得知；网络学会后不再提示。'
  },
  fields: {
    input: {
      type: 'number',
      default: LIMITS.input.most,
      above: 0,
      log: true,
      label: { en: 'RMS of a feature', zh: '特征的 RMS' }
    },
    target: {
      type: 'number',
      default: LIMITS.target.most,
      above: 0,
      log: true,
      label: { en: 'RMS of the targets', zh: '目标的 RMS' }
    }
  },
  measures: {
    input: { en: 'inputs (RMS)', zh: '输入（RMS）' },
    target: { en: 'targets (RMS)', zh: '目标（RMS）' }
  },
  judge(view) {
    const fault = scaleFault(view)
    if (!fault || !view.length || learnsWell(view)) return undefined
    const { input, target } = fault
    const texts = [...(input ? [inputText(view)] : []), ...(target ? [targetText(view)] : [])]
    const limit = (value: number, { most, least }: { most: number; least: number }): number =>
      value > most ? most : least
    return {
      severity: isHarmed(view) ? 'bad' : 'warn',
      layers: [],
      measured: { ...(input && { input: input.largest }), ...(target && { target: target.largest }) },
      threshold: {
        ...(input && { input: limit(input.largest, LIMITS.input) }),
        ...(target && { target: limit(target.largest, LIMITS.target) })
      },
      text: {
        en: `${capital(texts.map((t) => t.en).join('; '))}.`,
        zh: `${texts.map((t) => t.zh).join('；')}。`
      },
      ...advise(view, 'scaleData', 'batchNorm', 'learningRate')
    }
  }
}
export default dataScale
