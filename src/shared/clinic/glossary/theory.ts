import type { Terms } from './types'

/** What is expected before training, and why. */
export default {
  theoryFactor: {
    term: { en: 'Theory × (expected gain)', zh: '理论 ×（预期增益）' },
    short: {
      en: 'The gain that theory predicts for a layer at the start of training, from its activation and initialisation.',
      zh: '理论由激活函数与初始化预测的、训练开始时某层的增益。'
    },
    more: {
      en: 'The prediction holds for random weights and wide layers. For zeros, constants and the identity there is none. Where measurement departs from it, training has changed the weights or the layers are narrow.',
      zh: '该预测适用于随机权重和较宽的层。对全零、常数和单位阵没有预测。实测与之不符，说明训练已改变权重，或层较窄。'
    },
    see: ['gain', 'chi1', 'wideLimit']
  },
  chi1: {
    term: { en: 'χ₁', zh: 'χ₁' },
    short: {
      en: 'The factor by which a layer multiplies the mean square of the gradient at initialisation: the variance of the weights times fan-out times the mean of f′(z)².',
      zh: '初始化时某层使梯度均方乘上的因子：权重方差 × 扇出 × f′(z)² 的均值。'
    },
    more: {
      en: 'The expected gain is √χ₁. At χ₁ = 1 a deep network keeps its gradient (the edge of chaos; Schoenholz et al. 2017).',
      zh: '预期增益为 √χ₁。χ₁ = 1 时深层网络保持梯度（混沌边缘；Schoenholz 等，2017）。'
    },
    see: ['theoryFactor', 'fanOut', 'slope']
  },
  wideLimit: {
    term: { en: 'Limit of wide layers', zh: '宽层极限' },
    short: {
      en: 'The assumption that a layer has so many units that sums over them are Gaussian, which makes sizes of signals predictable.',
      zh: '假设层的单元足够多，使其上的和服从高斯分布，从而可预测信号的大小。'
    },
    see: ['theoryFactor']
  },
  initializer: {
    term: { en: 'Initializer', zh: '初始化' },
    short: {
      en: 'The rule by which the weights of a layer are drawn before training.',
      zh: '训练之前抽取某层权重的规则。'
    },
    more: {
      en: 'Glorot’s keeps signals in both directions for linear layers, He’s is for ReLU, LeCun’s for SELU. Each sets the variance by fan-in or fan-out.',
      zh: 'Glorot 使线性层两个方向的信号保持大小，He 适用于 ReLU，LeCun 适用于 SELU。方差均由扇入或扇出决定。'
    },
    see: ['fanIn', 'fanOut', 'theoryFactor']
  },
  fanIn: {
    term: { en: 'Fan-in', zh: '扇入' },
    short: {
      en: 'The number of inputs that one unit sums up.',
      zh: '一个单元所求和的输入个数。'
    },
    more: {
      en: 'For a convolution it is the size of the window times the number of input channels. A variance of 1 / fan-in keeps the size of a signal on its way forward.',
      zh: '对卷积，它等于窗口大小 × 输入通道数。方差取 1 / 扇入可使前向信号保持大小。'
    },
    see: ['fanOut', 'initializer']
  },
  fanOut: {
    term: { en: 'Fan-out', zh: '扇出' },
    short: {
      en: 'The number of units that read one input of a layer.',
      zh: '读取某层一个输入的单元个数。'
    },
    more: {
      en: 'A variance of 1 / fan-out keeps the size of the gradient on its way back.',
      zh: '方差取 1 / 扇出可使反向的梯度保持大小。'
    },
    see: ['fanIn', 'initializer', 'chi1']
  },
  spectralNorm: {
    term: { en: 'Spectral norm', zh: '谱范数' },
    short: {
      en: 'The largest singular value of a weight matrix: the most by which it can stretch a vector.',
      zh: '权重矩阵的最大奇异值：它对向量的最大放大倍数。'
    },
    see: ['lipschitz', 'norm']
  },
  lipschitz: {
    term: { en: 'Lipschitz constant', zh: 'Lipschitz 常数' },
    short: {
      en: 'The steepest slope that a function has anywhere: outputs never differ by more than this factor times the distance of the inputs.',
      zh: '函数处处斜率的上界：输出之差不超过输入距离乘以它。'
    },
    more: {
      en: 'A Wasserstein critic must have a constant of 1. The estimate shown is the steepest slope measured at sampled points, so that the true constant may be larger.',
      zh: 'Wasserstein 评论家的常数须为 1。所示估计是在采样点测得的最大斜率，真实常数可能更大。'
    },
    see: ['critic', 'spectralNorm', 'gradientPenalty']
  }
} as const satisfies Terms
