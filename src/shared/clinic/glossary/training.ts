import type { Terms } from './types'

/** How a network is trained. */
export default {
  loss: {
    term: { en: 'Loss', zh: '损失' },
    short: {
      en: 'The number that training makes small: how far the outputs are from the targets.',
      zh: '训练要减小的数：输出与目标相差多少。'
    },
    see: ['penalty', 'heldOut']
  },
  penalty: {
    term: { en: 'Penalty', zh: '惩罚项' },
    short: {
      en: 'A term that is added to the loss to keep weights or slopes small, such as L1, L2 or the gradient penalty.',
      zh: '加入损失以限制权重或斜率的项，如 L1、L2 或梯度惩罚。'
    },
    see: ['loss', 'weightDecay', 'gradientPenalty']
  },
  gradientPenalty: {
    term: { en: 'Gradient penalty', zh: '梯度惩罚' },
    short: {
      en: 'A penalty that pulls the slope of a critic towards 1 at points between real and generated ones (Gulrajani et al. 2017).',
      zh: '在真实点与生成点之间的点上，使评论家的斜率趋近 1 的惩罚项（Gulrajani 等，2017）。'
    },
    see: ['critic', 'lipschitz', 'penalty']
  },
  weightDecay: {
    term: { en: 'Weight decay', zh: '权重衰减' },
    short: {
      en: 'Each step shrinks the weights by a small share, apart from the gradient.',
      zh: '每一步都在梯度之外把权重缩小一点。'
    },
    see: ['penalty']
  },
  dataScale: {
    term: { en: 'Scale of the data', zh: '数据尺度' },
    short: {
      en: 'The size of inputs and targets as the network is fed them: layers and learning rates are made for about 1.',
      zh: '输入网络的输入值与目标值的大小：各层与学习率适合约为 1 的值。'
    },
    more: {
      en: 'An update grows with the input, and the curvature with its square, so that no one rate suits features of 0.1 and of 1000. Standardising brings each to mean 0 and standard deviation 1.',
      zh: '更新量随输入增大，曲率随其平方增大，因此没有一个学习率同时适合 0.1 与 1000 的特征。标准化把每个特征变为均值 0、标准差 1。'
    },
    see: ['learningRate']
  },
  outputLayer: {
    term: { en: 'Output layer', zh: '输出层' },
    short: {
      en: 'The last layer with weights and what follows it: the loss turns its values into probabilities, or compares them with the targets.',
      zh: '最后一个带权重的层及其后的部分：损失把它的值变为概率，或与目标比较。'
    },
    more: {
      en: 'It is usually linear. A ReLU there can’t give a negative value and can die, a sigmoid or tanh can’t leave its range, and a softmax before its own cross-entropy is applied twice.',
      zh: '通常是线性的。若用 ReLU，则取不到负值且可能死亡；sigmoid 与 tanh 走不出自身的范围；softmax 之后再用其交叉熵则重复施加。'
    },
    see: ['loss', 'dead', 'saturated']
  },
  symmetry: {
    term: { en: 'Symmetry (of units)', zh: '（单元的）对称' },
    short: {
      en: 'Units of a layer that start equal and get equal gradients stay equal: together they are worth one.',
      zh: '初始相同、梯度也相同的同层单元始终相同：合起来只相当于一个。'
    },
    see: ['initializer']
  },
  imbalance: {
    term: { en: 'Majority class (imbalance)', zh: '多数类（类别不平衡）' },
    short: {
      en: 'Where most examples are of one class, always answering it scores well without learning anything.',
      zh: '多数样本属于同一类时，总是回答该类得分就高，却什么也没学到。'
    },
    more: {
      en: 'Class weights make every class count alike in the gradient.',
      zh: '类别权重使每个类别在梯度中的影响相同。'
    },
    see: ['loss']
  },
  rateTooSmall: {
    term: { en: 'Learning rate too small', zh: '学习率过小' },
    short: {
      en: 'The steps are so short that all of them together would hardly change a layer.',
      zh: '步长太短，全部步数合起来也几乎不改变任何一层。'
    },
    see: ['learningRate', 'updateRatio']
  },
  rateTooLarge: {
    term: { en: 'Learning rate too large', zh: '学习率过大' },
    short: {
      en: 'A step throws the weights so far that the loss multiplies, or is no number any more.',
      zh: '一步就把权重抛得很远，使损失成倍增大或不再是数。'
    },
    see: ['learningRate', 'updateRatio']
  },
  step: {
    term: { en: 'Training step', zh: '训练步' },
    short: {
      en: 'One update of all weights, from one batch; steps are counted from 0.',
      zh: '由一个批次对全部权重做的一次更新；从 0 开始计数。'
    },
    more: {
      en: 'Step 0 is the network before its first update. All views count steps, not epochs.',
      zh: '第 0 步是首次更新之前的网络。所有视图都以步计数，而不是以轮计数。'
    },
    see: ['epoch', 'batch', 'frame']
  },
  epoch: {
    term: { en: 'Epoch', zh: '轮（epoch）' },
    short: {
      en: 'As many steps as it takes to use every training example once.',
      zh: '把每个训练样本用过一遍所需的步数。'
    },
    see: ['step', 'batch']
  },
  batch: {
    term: { en: 'Batch', zh: '批次' },
    short: {
      en: 'The examples that one training step uses together.',
      zh: '一个训练步同时使用的样本。'
    },
    see: ['step', 'batchNorm']
  },
  learningRate: {
    term: { en: 'Learning rate α', zh: '学习率 α' },
    short: {
      en: 'The factor between the gradient, as the optimizer has shaped it, and the update of the weights.',
      zh: '经优化器处理的梯度与权重更新之间的倍数。'
    },
    see: ['schedule', 'warmUp', 'updateRatio']
  },
  schedule: {
    term: { en: 'Schedule', zh: '学习率计划' },
    short: {
      en: 'The rule by which the learning rate changes over the steps of a run.',
      zh: '学习率在运行各步中变化的规则。'
    },
    see: ['learningRate', 'warmUp']
  },
  warmUp: {
    term: { en: 'Warm-up', zh: '学习率预热' },
    short: {
      en: 'The learning rate rises evenly to its full size over the first steps (Goyal et al. 2017).',
      zh: '学习率在最初若干步中均匀升到完整大小（Goyal 等，2017）。'
    },
    see: ['schedule', 'learningRate']
  },
  optimizer: {
    term: { en: 'Optimizer', zh: '优化器' },
    short: {
      en: 'The rule that turns gradients into updates of the weights, such as SGD, momentum or Adam.',
      zh: '把梯度变成权重更新的规则，如 SGD、动量或 Adam。'
    },
    see: ['learningRate', 'updateRatio']
  },
  clipping: {
    term: { en: 'Gradient clipping', zh: '梯度截断' },
    short: {
      en: 'A gradient that is longer than a limit is shortened before the optimizer uses it (Pascanu et al. 2013).',
      zh: '在优化器使用之前，把超过界限的梯度缩短（Pascanu 等，2013）。'
    },
    more: {
      en: 'It stops single steps from doing harm. It does nothing for a gradient that vanishes.',
      zh: '它防止个别步造成破坏，对梯度消失没有作用。'
    },
    see: ['exploding', 'norm']
  },
  heldOut: {
    term: { en: 'Held out (validation)', zh: '留出（验证）' },
    short: {
      en: 'Examples that training never uses, on which the loss shows whether the network generalises.',
      zh: '训练从不使用的样本，其损失说明网络能否泛化。'
    },
    see: ['loss']
  },
  seed: {
    term: { en: 'Seed', zh: '种子' },
    short: {
      en: 'The number from which all random numbers of a run follow: the same seed gives the same bits.',
      zh: '决定一次运行中全部随机数的数：种子相同，则逐位相同。'
    },
    see: ['experiment']
  }
} as const satisfies Terms
