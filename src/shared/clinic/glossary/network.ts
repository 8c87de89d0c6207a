import type { Terms } from './types'

/** What a network is made of. */
export default {
  layer: {
    term: { en: 'Layer', zh: '层' },
    short: {
      en: 'One step of the computation, with its own weights if it has any; layers are numbered from the data to the loss.',
      zh: '计算中的一步，可有自己的权重；层从数据到损失依次编号。'
    },
    see: ['hiddenLayer', 'block']
  },
  hiddenLayer: {
    term: { en: 'Hidden layer', zh: '隐藏层' },
    short: {
      en: 'A layer between the data and the output layer.',
      zh: '位于数据与输出层之间的层。'
    },
    see: ['layer', 'gain']
  },
  block: {
    term: { en: 'Block', zh: '块' },
    short: {
      en: 'A group of layers that is repeated a number of times; each copy has weights of its own.',
      zh: '重复若干次的一组层；每个副本有自己的权重。'
    },
    see: ['layer']
  },
  width: {
    term: { en: 'Units and width', zh: '单元与宽度' },
    short: {
      en: 'A unit is one output of a layer, and the width is the number of units.',
      zh: '单元是层的一个输出，宽度是单元的个数。'
    },
    see: ['wideLimit', 'fanIn']
  },
  kernel: {
    term: { en: 'Kernel W', zh: '权重矩阵 W' },
    short: {
      en: 'The weights that multiply a layer’s input, as opposed to biases and to the scale of a normalisation.',
      zh: '与层的输入相乘的权重，不同于偏置和归一化的缩放参数。'
    },
    see: ['weightGradient', 'spectralNorm']
  },
  residual: {
    term: { en: 'Residual connection', zh: '残差连接' },
    short: {
      en: 'A connection that adds the input of some layers to their output, so that the gradient can go past them unchanged.',
      zh: '把若干层的输入加到其输出上的连接，使梯度可原样绕过它们。'
    },
    see: ['skip', 'gain']
  },
  skip: {
    term: { en: 'Skip', zh: '跳连' },
    short: {
      en: 'A connection that goes past one or more layers; a residual connection is a skip that ends in a sum.',
      zh: '越过一层或多层的连接；残差连接是终于求和的跳连。'
    },
    see: ['residual']
  },
  batchNorm: {
    term: { en: 'Batch norm', zh: '批归一化' },
    short: {
      en: 'A layer that gives each unit mean 0 and variance 1 over the batch, then scales and shifts it by learnt numbers (Ioffe & Szegedy 2015).',
      zh: '使每个单元在批次上均值为 0、方差为 1，再以学习到的参数缩放和平移的层（Ioffe 与 Szegedy，2015）。'
    },
    see: ['layerNorm', 'batch']
  },
  layerNorm: {
    term: { en: 'Layer norm', zh: '层归一化' },
    short: {
      en: 'A layer that gives each example mean 0 and variance 1 over its units, then scales and shifts them by learnt numbers (Ba et al. 2016).',
      zh: '使每个样本在各单元上均值为 0、方差为 1，再以学习到的参数缩放和平移的层（Ba 等，2016）。'
    },
    see: ['batchNorm']
  },
  dropout: {
    term: { en: 'Dropout', zh: '随机失活' },
    short: {
      en: 'A layer that sets a random share of its inputs to 0 at each training step.',
      zh: '在每个训练步把随机一部分输入置为 0 的层。'
    },
    see: ['seed']
  },
  recurrent: {
    term: { en: 'Recurrent layer', zh: '循环层' },
    short: {
      en: 'A layer that reads a sequence step by step and hands a state from each time step to the next.',
      zh: '逐步读取序列、并把状态从一个时间步传到下一个时间步的层。'
    },
    see: ['state', 'bptt', 'gatedCell']
  },
  state: {
    term: { en: 'State hₜ', zh: '状态 hₜ' },
    short: {
      en: 'What a recurrent layer remembers at time step t.',
      zh: '循环层在第 t 个时间步所记住的内容。'
    },
    see: ['recurrent', 'timeStep']
  },
  timeStep: {
    term: { en: 'Time step', zh: '时间步' },
    short: {
      en: 'A place in a sequence, counted by t; not to be confused with a training step.',
      zh: '序列中的一个位置，以 t 计数；不同于训练步。'
    },
    see: ['step', 'state']
  },
  bptt: {
    term: { en: 'BPTT (backpropagation through time)', zh: 'BPTT（随时间反向传播）' },
    short: {
      en: 'Backpropagation through a recurrent layer: the gradient goes back along the time steps, with a factor for each.',
      zh: '穿过循环层的反向传播：梯度沿时间步往回走，每步乘上一个因子。'
    },
    more: {
      en: 'Truncated BPTT cuts the way back after a number of time steps. Beyond the cut the gradient is exactly 0 (Williams & Peng 1990).',
      zh: '截断 BPTT 在若干时间步之后切断回传。截断之外梯度恰为 0（Williams 与 Peng，1990）。'
    },
    see: ['recurrent', 'vanishing', 'timeStep']
  },
  gatedCell: {
    term: { en: 'Gated cell (LSTM, GRU)', zh: '门控单元（LSTM、GRU）' },
    short: {
      en: 'A recurrent cell with learnt gates that decide what to keep, so that the gradient can go far back in time.',
      zh: '由学习到的门决定保留什么的循环单元，使梯度能沿时间回传很远。'
    },
    see: ['recurrent', 'bptt']
  },
  critic: {
    term: { en: 'Critic', zh: '评论家' },
    short: {
      en: 'A network that learns to score real points higher than generated ones, as in a Wasserstein GAN (Arjovsky et al. 2017).',
      zh: '学习给真实点打分高于生成点的网络，如 Wasserstein GAN（Arjovsky 等，2017）。'
    },
    see: ['generator', 'wasserstein', 'lipschitz']
  },
  generator: {
    term: { en: 'Generator', zh: '生成器' },
    short: {
      en: 'The network that makes points from noise and learns to raise the critic’s score of them.',
      zh: '由噪声生成点、并学习提高评论家对其评分的网络。'
    },
    see: ['critic']
  },
  wasserstein: {
    term: { en: 'Wasserstein estimate', zh: 'Wasserstein 估计' },
    short: {
      en: 'The critic’s mean score of real points minus that of generated ones, which estimates the distance between the two distributions.',
      zh: '评论家对真实点的平均评分减去对生成点的平均评分，用于估计两个分布的距离。'
    },
    more: {
      en: 'It estimates the distance only while the critic’s Lipschitz constant is 1.',
      zh: '只有评论家的 Lipschitz 常数为 1 时，它才是距离的估计。'
    },
    see: ['critic', 'lipschitz']
  }
} as const satisfies Terms
