import type { Params } from '../../base/params'
import { number } from '../../base/python'
import { activations } from '../../catalog/activations'
import { nameText } from '../../experiment/names'
import { layers } from '../../catalog/layers'
import { activationOf, hasActivation, sites } from './parts/graph'
import type { Remedy } from '../../experiment/remedies'

/**
 * Layers whose gradient is made of operations that have gradients themselves, and that treat each example by itself.
 */
const TWICE = ['dense', 'activation', 'add', 'flatten', 'dropout', 'alphaDropout', 'layerNorm']

/** The gradient of a function's value by its input, for each library that Keras runs on. */
const INPUT_GRADIENT = `def input_gradient(f, x):
    """It has gradients itself, by the library that Keras runs on."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(x)
            value = f(x)
        return tape.gradient(value, x)
    if keras.backend.backend() == "torch":
        import torch

        x = x.requires_grad_()
        return torch.autograd.grad(f(x), x, create_graph=True)[0]
    import jax

    return jax.grad(f)(x)`
const penaltyDoc = (p: Params): string =>
  `Mean of (slope - 1)²${p.oneSided ? ' above 1' : ''}: the critic's, somewhere between each two points.`

const gradientPenalty: Remedy = {
  id: 'gradientPenalty',
  name: { en: 'Gradient penalty', zh: '梯度惩罚' },
  words: 'WGAN-GP, Wasserstein, Lipschitz; 利普希茨, 沃瑟斯坦',
  doc: {
    en: 'Adds λ·mean(‖∂critic/∂x‖ − 1)² to the loss, at points drawn between real and generated ones: the critic keeps slope 1, and its gradient neither vanishes nor explodes (Gulrajani 2017).',
    zh: '在真实点与生成点之间取点，把 λ·mean(‖∂评论家/∂x‖ − 1)² 加入损失：评论家的斜率保持为 1，梯度既不消失也不爆炸（Gulrajani 2017）。'
  },
  backfires: {
    en: 'Each step costs about twice as much: the penalty is a gradient whose own gradient is needed. Batch norm ties examples together, so that no example has a slope of its own.',
    zh: '每步约贵一倍：惩罚项本身是梯度，还要再求梯度。批归一化把样本彼此联系起来，单个样本不再有自己的斜率。'
  },
  group: 'gradient',
  conflicts: ['weightClip', 'batchNorm'],
  fields: {
    lambda: { type: 'number', default: 10, above: 0, max: 1e6, log: true, label: { en: 'λ', zh: 'λ' } },
    oneSided: {
      type: 'bool',
      default: false,
      advanced: true,
      label: { en: 'Only slopes above 1', zh: '只惩罚大于 1 的斜率' }
    }
  },
  hook: {
    penalty(tf, _weights, scalar, p, { critic }) {
      const lambda = scalar('lambda')
      if (!critic) return undefined
      const excess = tf.sub(critic.gradientNorm(), 1)
      return tf.mul(tf.mean(tf.square(p.oneSided ? tf.relu(excess) : excess)), lambda)
    }
  },
  python: {
    torch: (p) => ({
      penalty: `${number(p.lambda)} * slope_penalty(pair, x, points)`,
      define: {
        slope_penalty: `def slope_penalty(pair, real, points):
    """${penaltyDoc(p)}"""
    share = pair.noise("between", len(real), 1)
    between = real + share * (points - real)
    with torch.enable_grad():
        between.requires_grad_()
        output = pair.critic(between).sum()
        (gradient,) = torch.autograd.grad(output, between, create_graph=True)
    excess = gradient.flatten(1).norm(dim=1) - 1
    return ${p.oneSided ? 'torch.relu(excess)' : 'excess'}.square().mean()`
      }
    }),
    keras: (p) => ({
      penalty: `${number(p.lambda)} * slope_penalty(pair, x, points, training)`,
      define: {
        input_gradient: INPUT_GRADIENT,
        slope_penalty: `def slope_penalty(pair, real, points, training):
    """${penaltyDoc(p)}"""
    share = pair.noise("between", len(real), 1)
    between = real + share * (points - real)
    gradient = input_gradient(
        lambda x: ops.sum(pair.critic(x, training=training)), between
    )
    square = ops.sum(ops.square(gradient), axis=1)
    # The root has no slope at 0.
    excess = ops.sqrt(ops.maximum(square, 1e-30)) - 1
    return ops.mean(ops.square(${p.oneSided ? 'ops.relu(excess)' : 'excess'}))`
      }
    })
  },
  reference: {
    penalty(_list, p, critic) {
      const excess = (critic?.gradientNorm ?? []).map((norm) => (p.oneSided ? Math.max(0, norm - 1) : norm - 1))
      return excess.length && ((p.lambda as number) * excess.reduce((sum, e) => sum + e * e, 0)) / excess.length
    }
  },
  blocked(experiment, _p, info) {
    if (info.task !== 'critic')
      return {
        en: 'Only a critic has a slope to hold at 1: choose real points to be told from generated ones (Swiss roll, 8 Gaussians) as data.',
        zh: '只有评论家的斜率需要保持为 1：请选用要与生成点区分的真实点（瑞士卷、8 个高斯）作为数据。'
      }
    for (const { node } of sites(experiment.network.nodes)) {
      const name = nameText(node.name ?? node.id, node.kind)
      if (node.kind === 'batchNorm')
        return {
          en: `“${name.en}” ties the examples of a batch together: no example has a slope of its own. Use layer norm or none.`,
          zh: `“${name.zh}”把一批样本联系在一起：单个样本没有自己的斜率。请去掉批归一化。`
        }
      const kind = layers.find(node.kind)
      if (!TWICE.includes(node.kind))
        return {
          en: `“${name.en}”: the gradient of ${kind?.name.en ?? node.kind} has no gradient of its own here.`,
          zh: `“${name.zh}”：此处无法对${kind?.name.zh ?? node.kind}的梯度再求梯度。`
        }
      const activation = hasActivation(node) ? activations.find(activationOf(node).id) : undefined
      if (activation && !activation.d2f)
        return {
          en: `“${name.en}”: the gradient of ${activation.name.en} has no gradient of its own here.`,
          zh: `“${name.zh}”：此处无法对${activation.name.zh}的梯度再求梯度。`
        }
    }
    return undefined
  }
}
export default gradientPenalty
