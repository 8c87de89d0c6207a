import type { Rule } from './types'
import { advise } from './parts/advice'
import { RANKED } from './parts/ranking'
import { median, newest, show } from './parts/view'

/** Hooks that hold a critic’s slope. */
const HOLDS = new Set(['weightClip', 'gradientPenalty', 'spectralNorm'])
/** The slope up to which its loss is a distance. */
const MOST = 1

const slopeLimit: Rule = {
  id: 'slopeLimit',
  kind: 'slopeLimit',
  short: { en: 'No slope limit', zh: '斜率无约束' },
  name: { en: 'Nothing holds the critic’s slope', zh: '评论家的斜率没有约束' },
  doc: {
    en: 'A critic is trained without a gradient penalty, a limited spectral norm or clipped weights. Only with a slope of at most 1 is its loss a distance (Arjovsky 2017); otherwise larger weights alone make it fall, without end. Known before the first step.',
    zh: '评论家没有使用梯度惩罚、谱范数约束或权重裁剪。只有斜率不超过 1 时其损失才是距离（Arjovsky 2017）；否则只要权重变大，损失就会无止境地下降。第一步之前即可得知。'
  },
  fields: {},
  measures: {
    slope: { en: 'slope of the critic', zh: '评论家的斜率' },
    estimate: { en: 'estimated distance', zh: '距离估计' }
  },
  judge(view) {
    const { experiment, schema } = view
    if (!view.length || schema.info.task !== 'critic' || schema.recording || !experiment) return undefined
    if (experiment.training.hooks.some((h) => HOLDS.has(h.id))) return undefined
    const newestOf = (name: string): number => median(newest(view).map((i) => view.scalar(i, name) ?? NaN))
    const [slope, loss] = [newestOf('lipschitz'), newestOf('loss')]
    const [en, zh] = Number.isFinite(slope)
      ? [
          `; it is ${show(slope)} now, and the estimate ${show(-loss)}`,
          `；目前为 ${show(slope)}，估计值为 ${show(-loss)}`
        ]
      : ['', '']
    return {
      severity: 'warn',
      layers: [],
      measured: { ...(Number.isFinite(slope) && { slope, estimate: -loss }) },
      threshold: { slope: MOST },
      text: {
        en: `Nothing holds the critic’s slope${en}. Only with a slope of at most 1 does its loss measure a distance: larger weights alone make it fall, without end.`,
        zh: `评论家的斜率没有任何约束${zh}。只有斜率不超过 1 时其损失才衡量距离：单靠增大权重就能使损失无止境地下降。`
      },
      ...advise(view, ...RANKED.critic, 'weightClip')
    }
  }
}
export default slopeLimit
