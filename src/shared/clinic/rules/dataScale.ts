import { capital, type Text } from '../../base/text'
import type { Offset, Spread } from '../../run/types'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { isHarmed } from './parts/progress'
import { LIMITS, scaleFault } from './parts/scale'
import { learnsWell, show } from './parts/view'

const ratioOf = ({ mean, std }: Offset): number => Math.abs(mean) / std
/** A feature as a person calls it, if its column has a name. */
function nameOf({ schema }: RunView, feature: number): Text {
  const name = schema.info.featureNames?.[feature]
  return name ? { en: `“${name}”`, zh: `“${name}”` } : { en: 'a feature', zh: '某特征' }
}
function inputText(view: RunView, { feature, largest, min, max }: Spread): Text {
  const name = nameOf(view, feature)
  const range = `${show(min)} … ${show(max)}`
  return {
    en: `the inputs reach the first layer unscaled: ${name.en} measures ${show(largest)} (RMS), values ${range}, where layers are made for about 1`,
    zh: `输入未经缩放就进入第一层：${name.zh}的 RMS 为 ${show(largest)}，取值 ${range}，而各层适合约为 1 的输入`
  }
}
function targetText({ largest, min, max }: Spread): Text {
  const range = `${show(min)} … ${show(max)}`
  return {
    en: `the targets measure ${show(largest)} (RMS), values ${range}, and so does the first error`,
    zh: `目标的 RMS 为 ${show(largest)}，取值 ${range}，初始误差也同样大`
  }
}
function inputOffsetText(view: RunView, offset: Offset): Text {
  const name = nameOf(view, offset.feature)
  const [mean, std, ratio] = [show(offset.mean), show(offset.std), show(ratioOf(offset))]
  return {
    en: `the inputs reach the first layer uncentred: ${name.en} has mean ${mean} and standard deviation ${std}, so that its mean is ${ratio} × what varies`,
    zh: `输入未经中心化就进入第一层：${name.zh}的均值为 ${mean}，标准差为 ${std}，均值是变化部分的 ${ratio} 倍`
  }
}
function targetOffsetText(offset: Offset): Text {
  const [mean, std, ratio] = [show(offset.mean), show(offset.std), show(ratioOf(offset))]
  return {
    en: `the targets have mean ${mean} and standard deviation ${std}: the first error is ${ratio} × what there is to learn`,
    zh: `目标的均值为 ${mean}，标准差为 ${std}：初始误差是真正要学的部分的 ${ratio} 倍`
  }
}

const dataScale: Rule = {
  id: 'dataScale',
  kind: 'dataScale',
  short: { en: 'Data scale', zh: '数据尺度' },
  name: { en: 'Scale of the data', zh: '数据的尺度' },
  doc: {
    en: 'A feature measures more than 20 or less than 0.01, or the targets of a regression more than 100 or less than 0.001 (RMS, as they are fed), or a mean is more than ten standard deviations from 0: no learning rate suits all weights. Known before the first step; silent once the network learns.',
    zh: '某个特征的 RMS（按实际输入网络的值）大于 20 或小于 0.01，或回归目标大于 100 或小于 0.001，或均值离 0 超过十个标准差：没有一个学习率适合所有权重。第一步之前即可得知；网络学会后不再提示。'
  },
  lasting: true,
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
    inputOffset: { en: 'mean ÷ spread of an input', zh: '某输入的均值 ÷ 标准差' },
    target: { en: 'targets (RMS)', zh: '目标（RMS）' },
    targetOffset: { en: 'mean ÷ spread of the targets', zh: '目标的均值 ÷ 标准差' }
  },
  judge(view) {
    const fault = scaleFault(view)
    if (!fault || !view.length || learnsWell(view)) return undefined
    const { input, target, inputOffset, targetOffset } = fault
    const texts = [
      ...(input ? [inputText(view, input)] : []),
      ...(inputOffset ? [inputOffsetText(view, inputOffset)] : []),
      ...(target ? [targetText(target)] : []),
      ...(targetOffset ? [targetOffsetText(targetOffset)] : [])
    ]
    const limit = (value: number, { most, least }: { most: number; least: number }): number =>
      value > most ? most : least
    return {
      severity: isHarmed(view) ? 'bad' : 'warn',
      layers: [],
      measured: {
        ...(input && { input: input.largest }),
        ...(inputOffset && { inputOffset: ratioOf(inputOffset) }),
        ...(target && { target: target.largest }),
        ...(targetOffset && { targetOffset: ratioOf(targetOffset) })
      },
      threshold: {
        ...(input && { input: limit(input.largest, LIMITS.input) }),
        ...(inputOffset && { inputOffset: LIMITS.offset }),
        ...(target && { target: limit(target.largest, LIMITS.target) }),
        ...(targetOffset && { targetOffset: LIMITS.offset })
      },
      text: {
        en: `${capital(texts.map((t) => t.en).join('; '))}.`,
        zh: `${texts.map((t) => t.zh).join('；')}。`
      },
      // What scales inputs, or takes shorter steps, leaves the targets as far off as they are.
      ...advise(view, 'scaleData', ...(input || inputOffset ? ['batchNorm', 'learningRate'] : []))
    }
  }
}
export default dataScale
