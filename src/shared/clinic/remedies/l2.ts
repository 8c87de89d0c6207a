import { layers } from '../../catalog/layers'
import { clone } from '../../base/clone'
import { sites, type Site } from './parts/graph'
import { sumOver } from './parts/plain'
import type { Experiment } from '../../experiment/types'
import type { Remedy } from '../../experiment/remedies'

const penalised = (e: Experiment): Site[] =>
  [...sites(e.network.nodes)].filter((s) => layers.find(s.node.kind)?.fields.l2)

const l2: Remedy = {
  id: 'l2',
  name: { en: 'L2 penalty', zh: 'L2 正则' },
  words: 'weight regularization, weight regularisation, L2 regularization, ridge; 权重正则化, 正则化, L2 正则化, 岭',
  doc: {
    en: 'Adds λ·Σw² of every kernel to the loss: large weights are pulled back, so that products of them cannot grow for long.',
    zh: '把每个权重矩阵的 λ·Σw² 加入损失：大权重被拉回，它们的乘积不会一直增长。'
  },
  backfires: {
    en: 'Where the gradient vanishes the penalty is all that is left: it shrinks the weights and makes it vanish the more.',
    zh: '在梯度消失处只剩下惩罚项：权重缩小，梯度消失得更厉害。'
  },
  gallery: {
    finds: 'vanishing',
    title: { en: 'a penalty does nothing for it', zh: '正则惩罚帮不上忙' },
    doc: {
      en: 'A penalty on the weights pulls them towards zero, which is no help to a gradient that the sigmoids have already used up: the first layer’s goes from 1.1e-14 to 9e-15.',
      zh: '对权重的惩罚只会把它们拉向零，对已被 sigmoid 耗尽的梯度毫无帮助：第一层的梯度由 1.1e-14 变为 9e-15。'
    }
  },
  group: 'weights',
  conflicts: [],
  fields: { lambda: { type: 'number', default: 0.0001, above: 0, max: 1000, log: true, label: { en: 'λ', zh: 'λ' } } },
  apply(experiment, p) {
    const next = clone(experiment)
    for (const { node } of penalised(next)) node.params.l2 = p.lambda
    return next
  },
  blocked: (experiment) =>
    penalised(experiment).length ? undefined : { en: 'No layer has weights to penalise.', zh: '没有可惩罚的权重。' },
  reference: { penalty: (list, p) => (p.lambda as number) * sumOver(list, (w) => w * w) }
}
export default l2
