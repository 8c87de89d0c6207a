import type { Terms } from './types'

/** What is measured on the way back through the network. */
export default {
  gradient: {
    term: { en: 'Gradient', zh: '梯度' },
    short: {
      en: 'The derivative of the loss with respect to a value: how much the loss changes when that value changes a little.',
      zh: '损失对某个量的导数：该量变化一点时损失变化多少。'
    },
    more: {
      en: 'Training needs the gradient with respect to the weights. Backpropagation computes it from the gradient with respect to each layer’s output, from the last layer to the first.',
      zh: '训练需要对权重的梯度。反向传播从末层到首层，由对各层输出的梯度算出它。'
    },
    see: ['backpropagation', 'activationGradient', 'weightGradient']
  },
  backpropagation: {
    term: { en: 'Backpropagation', zh: '反向传播' },
    short: {
      en: 'The computation of all gradients by the chain rule, from the loss back to the first layer.',
      zh: '从损失到首层，按链式法则计算全部梯度的方法。'
    },
    see: ['chainRule', 'bptt']
  },
  chainRule: {
    term: { en: 'Chain rule', zh: '链式法则' },
    short: {
      en: 'The derivative of nested functions is the product of their derivatives, so each layer multiplies the gradient by a factor.',
      zh: '复合函数的导数等于各导数之积，因此每一层都给梯度乘上一个因子。'
    },
    more: {
      en: 'The Chain view writes this product out. Twenty factors of one quarter make 10⁻¹²: that is why depth makes a gradient vanish.',
      zh: '“链式”视图写出这个乘积。二十个四分之一相乘约为 10⁻¹²：这就是深度使梯度消失的原因。'
    },
    see: ['gain', 'slope']
  },
  activation: {
    term: { en: 'Activation h', zh: '激活值 h' },
    short: {
      en: 'The output of a layer, after its activation function: h = f(z).',
      zh: '层经过激活函数之后的输出：h = f(z)。'
    },
    see: ['preActivation', 'activationGradient']
  },
  preActivation: {
    term: { en: 'Pre-activation z', zh: '预激活 z' },
    short: {
      en: 'The value that enters the activation function of a layer: z = Wx + b.',
      zh: '进入激活函数的值：z = Wx + b。'
    },
    see: ['activation', 'saturated']
  },
  activationGradient: {
    term: { en: 'Activation gradient', zh: '激活梯度' },
    short: {
      en: 'The gradient of the loss with respect to a layer’s output, ∂loss/∂h.',
      zh: '损失对某层输出的梯度 ∂loss/∂h。'
    },
    more: {
      en: 'This is the signal in which vanishing and exploding show. Unlike the weight gradient, it does not depend on the size of the layer’s input.',
      zh: '梯度消失与爆炸就体现在这一信号中。与权重梯度不同，它不取决于该层自身的输入大小。'
    },
    see: ['gain', 'vanishing', 'exploding', 'weightGradient']
  },
  preActivationGradient: {
    term: { en: 'Pre-activation gradient', zh: '预激活梯度' },
    short: {
      en: 'The gradient of the loss with respect to a layer’s pre-activation: ∂loss/∂z = f′(z) ∂loss/∂h.',
      zh: '损失对预激活的梯度：∂loss/∂z = f′(z) ∂loss/∂h。'
    },
    see: ['slope', 'preActivation']
  },
  weightGradient: {
    term: { en: 'Weight gradient', zh: '权重梯度' },
    short: {
      en: 'The gradient of the loss with respect to a layer’s weights, ∂loss/∂W, from which the optimizer makes the update.',
      zh: '损失对某层权重的梯度 ∂loss/∂W，优化器由它得出更新。'
    },
    more: {
      en: 'It is the pre-activation gradient multiplied by the layer’s input, summed over the batch.',
      zh: '它等于预激活梯度与该层输入之积，并在整个批次上求和。'
    },
    see: ['updateRatio', 'preActivationGradient']
  },
  rms: {
    term: { en: 'RMS (root mean square)', zh: 'RMS（均方根）' },
    short: {
      en: 'The square root of the mean of the squares: the typical size of a set of numbers, whatever their sign.',
      zh: '平方的均值再开方：一组数的典型大小，与符号无关。'
    },
    more: {
      en: 'Unlike a norm it does not grow with the number of values, so that layers of different width can be compared.',
      zh: '与范数不同，它不随数值个数增大，因此可比较宽度不同的层。'
    },
    see: ['norm', 'activationGradient']
  },
  norm: {
    term: { en: 'Norm (L2)', zh: '范数（L2）' },
    short: {
      en: 'The length of a vector: the square root of the sum of the squares of its entries.',
      zh: '向量的长度：各元素平方和的平方根。'
    },
    see: ['rms', 'spectralNorm']
  },
  gain: {
    term: { en: 'Gain', zh: '增益' },
    short: {
      en: 'The factor by which the RMS of the activation gradient is multiplied on its way back through one layer.',
      zh: '激活梯度的 RMS 反向经过一层时所乘的因子。'
    },
    more: {
      en: 'Gains compound with depth: 1 keeps the gradient, less makes it vanish, more makes it explode. A gain of 0 over 0 has no value.',
      zh: '增益随深度连乘：等于 1 保持梯度，小于 1 使其消失，大于 1 使其爆炸。零比零时没有增益。'
    },
    see: ['theoryFactor', 'chainRule', 'rms']
  },
  slope: {
    term: { en: 'Slope f′(z)', zh: '斜率 f′(z)' },
    short: {
      en: 'The derivative of the activation function at the pre-activation: the share of the gradient that it lets through.',
      zh: '激活函数在预激活处的导数：它让梯度通过的比例。'
    },
    more: {
      en: 'The slope of a sigmoid is at most one quarter, whatever z is. The slope of a ReLU is 0 or 1.',
      zh: '无论 z 为何，sigmoid 的斜率至多为四分之一。ReLU 的斜率为 0 或 1。'
    },
    see: ['saturated', 'dead', 'lens']
  },
  updateRatio: {
    term: { en: 'Update ratio', zh: '更新比' },
    short: {
      en: 'The size of a step relative to the weights it changes: ‖ΔW‖ / ‖W‖, after clipping and optimizer.',
      zh: '一步更新相对于权重的大小：‖ΔW‖ / ‖W‖，在梯度截断与优化器之后。'
    },
    more: {
      en: 'It says how fast a layer learns. Far too small a ratio means that the layer stands still; near 1 each step replaces the weights.',
      zh: '它说明一层学得多快。过小说明该层停滞；接近 1 则每一步都在替换权重。'
    },
    see: ['weightGradient', 'learningRate']
  },
  vanishing: {
    term: { en: 'Vanishing gradient', zh: '梯度消失' },
    short: {
      en: 'The gradient of the first layers is tiny compared with that of the last ones, so that they hardly learn.',
      zh: '前面各层的梯度与后面各层相比极小，因此几乎学不到东西。'
    },
    more: {
      en: 'It happens when most gains are below 1. In a recurrent network it happens along time in the same way.',
      zh: '多数增益小于 1 时就会发生。在循环网络中，它以同样的方式沿时间发生。'
    },
    see: ['exploding', 'gain', 'bptt']
  },
  exploding: {
    term: { en: 'Exploding gradient', zh: '梯度爆炸' },
    short: {
      en: 'The gradient of the first layers is huge compared with that of the last ones, so that a step destroys what was learnt.',
      zh: '前面各层的梯度与后面各层相比极大，一步就会毁掉已学到的东西。'
    },
    see: ['vanishing', 'gain', 'clipping', 'nan']
  },
  dead: {
    term: { en: 'Dead unit', zh: '死亡单元' },
    short: {
      en: 'A unit whose output is 0, with slope 0, for every example of the batch: no gradient reaches its weights.',
      zh: '对批次中每个样本输出都为 0 且斜率为 0 的单元：没有梯度能到达其权重。'
    },
    more: {
      en: 'Only activations that are flat on one side, such as ReLU, can die. A leaky ReLU can’t.',
      zh: '只有一侧平坦的激活函数（如 ReLU）才会死亡。Leaky ReLU 不会。'
    },
    see: ['saturated', 'slope']
  },
  saturated: {
    term: { en: 'Saturated', zh: '饱和' },
    short: {
      en: 'A unit is saturated where its activation function is nearly flat, so that hardly any gradient passes.',
      zh: '激活函数几乎平坦之处称为饱和，几乎没有梯度通过。'
    },
    see: ['dead', 'slope', 'preActivation']
  },
  notUpdating: {
    term: { en: 'Not updating', zh: '不更新' },
    short: {
      en: 'A layer whose weights stand still, because its updates are far too small or exactly 0.',
      zh: '权重停滞不动的层：更新过小或恰为 0。'
    },
    see: ['updateRatio', 'vanishing']
  },
  unstable: {
    term: { en: 'Unstable training', zh: '训练不稳定' },
    short: {
      en: 'The loss rises far above its start, loses its progress, or stays high while each step changes a layer a lot.',
      zh: '损失远超初始值、丢掉进展，或每步大幅改变某层而损失不降。'
    },
    see: ['learningRate', 'exploding']
  },
  share: {
    term: { en: 'Share', zh: '占比' },
    short: {
      en: 'A part of a whole between 0 and 1: of a layer’s units, of its values, or of the batch.',
      zh: '0 到 1 之间的比例：占一层的单元、数值或批次。'
    },
    see: ['dead', 'saturated']
  },
  nan: {
    term: { en: 'NaN and Inf', zh: 'NaN 与 Inf' },
    short: {
      en: 'Results of 32-bit arithmetic that are no number (NaN) or too large to be one (Inf).',
      zh: '32 位运算中不是数（NaN）或过大而无法表示（Inf）的结果。'
    },
    more: {
      en: 'One NaN in the weights makes every later output NaN. The rules report the first step at which it appears.',
      zh: '权重中出现一个 NaN，此后所有输出都会是 NaN。规则会报告它首次出现的步。'
    },
    see: ['exploding', 'lossNaN', 'weightsNaN']
  },
  lossNaN: {
    term: { en: 'Loss NaN', zh: '损失为 NaN' },
    short: {
      en: 'The loss is no longer a finite number, so that no further step can help.',
      zh: '损失不再是有限的数，继续训练已无济于事。'
    },
    see: ['nan']
  },
  weightsNaN: {
    term: { en: 'Weights NaN', zh: '权重为 NaN' },
    short: {
      en: 'Some weights are no longer finite numbers, so that the outputs are not either.',
      zh: '部分权重不再是有限的数，输出因此也不是。'
    },
    see: ['nan']
  }
} as const satisfies Terms
