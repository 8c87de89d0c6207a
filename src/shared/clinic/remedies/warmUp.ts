import { counted } from '../../base/text'
import { number } from '../../base/python'
import { clone } from '../../base/clone'
import type { Remedy } from '../../experiment/remedies'

const warmUp: Remedy = {
  id: 'warmUp',
  name: { en: 'Warm-up', zh: '学习率预热' },
  words: 'learning rate warmup, warm up; 预热, 学习率热身',
  doc: {
    en: 'The learning rate climbs evenly to its full size over the first n steps (Goyal 2017): gradients that are largest at the start do no harm.',
    zh: '前 n 步学习率均匀升到完整大小（Goyal 2017）：起始时最大的梯度不会造成破坏。'
  },
  backfires: {
    en: 'A run that is short, or whose rate is too high for the whole way, only blows up later.',
    zh: '若训练很短，或学习率始终过高，只是推迟了发散。'
  },
  noHelpAgainst: ['vanishing', 'notUpdating'],
  gallery: {
    finds: 'vanishing',
    title: { en: 'warm-up is for the opposite', zh: '预热治的是相反的毛病' },
    doc: {
      en: 'Warm-up spares a net the large gradients of the first steps. Here there are none: the first layer gets 1.1e-14 before, during and after it.',
      zh: '预热让网络避开起始时过大的梯度。这里没有这样的梯度：预热之前、之中、之后，第一层都只得到 1.1e-14。'
    }
  },
  group: 'training',
  conflicts: [],
  fields: {
    steps: {
      type: 'number',
      default: 50,
      integer: true,
      min: 1,
      max: 1000000,
      unit: 'steps',
      label: { en: 'Over', zh: '步数' }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    next.training.schedule.warmUp = p.steps
    return next
  },
  blocked: ({ training }, p) =>
    (p.steps as number) > training.steps
      ? {
          en: `The run has ${counted(training.steps, 'step')}, so its learning rate would never reach its full size: warm up over fewer.`,
          zh: `训练只有 ${training.steps} 步，学习率永远达不到完整大小：请缩短预热。`
        }
      : undefined,
  inTorch: (p) => [
    {
      place: 'optimizer',
      lines: [
        `warm_up = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.01, total_iters=${number(p.steps)})`
      ]
    },
    { place: 'afterStep', lines: ['warm_up.step()'] }
  ]
}
export default warmUp
