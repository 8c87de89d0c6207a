import { counted } from '../../base/text'
import { number } from '../../base/python'
import { trainCount } from '../../experiment/plan'
import { clone } from '../../base/clone'
import type { Remedy } from '../../experiment/remedies'

const smallerBatch: Remedy = {
  id: 'smallerBatch',
  name: { en: 'Smaller batch', zh: '减小批大小' },
  words: 'smaller batches, smaller batch size, reduce batch size; 减小批量, 减小批次, 小批量',
  doc: {
    en: 'Fewer examples per step: less memory, and noise that can carry training off a plateau.',
    zh: '每步用更少的样本：占用内存更少，噪声有助于离开平台区。'
  },
  backfires: {
    en: 'The gradient gets noisier, which asks for a smaller learning rate; batch norm then explodes sooner. It changes nothing about the gain per layer.',
    zh: '梯度噪声更大，需要更小的学习率；批归一化会更早爆炸。每层的增益不变。'
  },
  gallery: {
    finds: 'vanishing',
    title: { en: 'a smaller batch scales all layers alike', zh: '减小批只会同等缩放各层' },
    doc: {
      en: 'With 16 examples a step instead of 64 each one’s share of the mean is four times as large, and so is every figure: 4e-14 at the first layer. The factor per layer stays at 0.23.',
      zh: '每步 16 个样本而非 64 个，单个样本在均值中的份额是原来的四倍，每个数值也是：第一层为 4e-14。每层的倍数仍是 0.23。'
    }
  },
  group: 'training',
  conflicts: [],
  fields: {
    size: {
      type: 'number',
      default: 16,
      integer: true,
      min: 1,
      max: 1_000_000,
      log: true,
      label: { en: 'Batch size', zh: '批大小' }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    next.training.batchSize = p.size as number
    return next
  },
  blocked(experiment, p, info) {
    const now = experiment.training.batchSize || trainCount(experiment, info)
    return (p.size as number) < now
      ? undefined
      : {
          en: `The batch has ${counted(now, 'example')} already: choose fewer.`,
          zh: `批大小已为 ${now}：请选更小的值。`
        }
  },
  inTorch: (p) => [
    {
      place: 'batch',
      lines: [`loader = torch.utils.data.DataLoader(data, batch_size=${number(p.size)}, shuffle=True)`]
    }
  ]
}
export default smallerBatch
