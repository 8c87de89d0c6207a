import { number } from '../../base/python'
import type { Remedy } from '../../experiment/remedies'

const weightDecay: Remedy = {
  id: 'weightDecay',
  name: { en: 'Weight decay', zh: '权重衰减' },
  words: 'weight regularization, decoupled weight decay, AdamW; 权重正则化, 权重衰退',
  doc: {
    en: 'Each step also takes α·λ of every kernel away, apart from the gradient (Loshchilov & Hutter 2019): the same for every optimizer, unlike an L2 penalty.',
    zh: '每步另外减去每个权重矩阵的 α·λ 倍，与梯度无关（Loshchilov & Hutter 2019）：与 L2 正则不同，对所有优化器相同。'
  },
  backfires: {
    en: 'Where the gradient vanishes nothing holds the weights up: they shrink, and it vanishes the more.',
    zh: '在梯度消失处没有力量维持权重：权重缩小，梯度消失得更厉害。'
  },
  gallery: {
    finds: 'vanishing',
    title: { en: 'weight decay makes it worse', zh: '权重衰减使之更糟' },
    doc: {
      en: 'Each step takes a thousandth of every weight away, and no gradient puts it back. By step 400 a layer passes on 0.16 in place of 0.23, and the first one gets 1e-17.',
      zh: '每一步都减去每个权重的千分之一，却没有梯度把它补回来。到第 400 步，每层只传回 0.16 而非 0.23，第一层只得到 1e-17。'
    }
  },
  group: 'weights',
  conflicts: [],
  fields: { lambda: { type: 'number', default: 0.01, above: 0, max: 10, log: true, label: { en: 'λ', zh: 'λ' } } },
  hook: {
    weights: (tf, weights, scalar, _p, step) =>
      weights.map(({ role, weight, before }) =>
        role === 'kernel' ? tf.sub(weight, tf.mul(tf.mul(step.learningRate, scalar('lambda')), before)) : weight
      )
  },
  python: {
    torch: (p) => ({
      weights: ['for w in kernels(model):', `    w.sub_(rate * ${number(p.lambda)} * before[w])`]
    }),
    keras: (p) => ({
      weights: [
        'for w, old in zip(variables, before):',
        '    if is_kernel(w):',
        `        w.assign_sub(rate * ${number(p.lambda)} * old)`
      ]
    })
  },
  reference: {
    weights: (list, p, step) =>
      list.map(({ role, weight, before }) =>
        weight.values.map((w, i) =>
          role === 'kernel' ? w - step.learningRate * (p.lambda as number) * before.values[i]! : w
        )
      )
  },
  blocked: ({ training: { optimizer } }) =>
    optimizer.id === 'adamW' && optimizer.weightDecay !== 0
      ? {
          en: 'AdamW decays the weights already: set its weight decay to 0, or take Adam.',
          zh: 'AdamW 已包含权重衰减：请把它的权重衰减设为 0，或改用 Adam。'
        }
      : undefined,
  inTorch: (p) => [
    {
      place: 'optimizer',
      lines: ['for group in optimizer.param_groups:', `    group["weight_decay"] = ${number(p.lambda)}`]
    }
  ]
}
export default weightDecay
