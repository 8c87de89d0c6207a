import type { Terms } from './types'

/** Words of the workbench itself. */
export default {
  experiment: {
    term: { en: 'Experiment', zh: '实验' },
    short: {
      en: 'Network, data, training settings, remedies and seed together: everything that determines a run.',
      zh: '网络、数据、训练设置、对策和种子的总和：决定一次运行的一切。'
    },
    see: ['run', 'project']
  },
  run: {
    term: { en: 'Run', zh: '运行' },
    short: {
      en: 'One training of one experiment, with everything that was recorded of it.',
      zh: '对一个实验的一次训练，以及其间记录的一切。'
    },
    see: ['frame', 'event', 'checkpoint']
  },
  frame: {
    term: { en: 'Frame', zh: '帧' },
    short: {
      en: 'All statistics of one recorded training step: one column of the heatmap.',
      zh: '一个已记录训练步的全部统计量：热图的一列。'
    },
    see: ['step', 'statistic']
  },
  statistic: {
    term: { en: 'Statistic', zh: '统计量' },
    short: {
      en: 'A number that is measured for each layer at each recorded step.',
      zh: '在每个已记录步对每一层测量的数。'
    },
    see: ['frame']
  },
  event: {
    term: { en: 'Event', zh: '事件' },
    short: {
      en: 'Something that happened to a run at a step, such as a changed learning rate or the first NaN.',
      zh: '运行在某一步发生的事情，如更改学习率或首次出现 NaN。'
    },
    see: ['run']
  },
  checkpoint: {
    term: { en: 'Checkpoint (kept step)', zh: '检查点（保留的步）' },
    short: {
      en: 'The weights, the optimizer’s state and the place in the data before a step, from which a new run can continue.',
      zh: '某一步之前的权重、优化器状态和数据位置，新的运行可由此继续。'
    },
    see: ['run', 'step']
  },
  remedy: {
    term: { en: 'Remedy', zh: '对策' },
    short: {
      en: 'A cure that can be switched on and off: it changes the network, the data or the training step, and never the experiment itself.',
      zh: '可启用或关闭的治疗办法：它改变网络、数据或训练步，而从不改动实验本身。'
    },
    see: ['ab', 'finding']
  },
  rule: {
    term: { en: 'Rule', zh: '规则' },
    short: {
      en: 'A fault and the way to tell it from the recorded statistics.',
      zh: '一种故障，以及由已记录统计量识别它的方法。'
    },
    see: ['finding']
  },
  finding: {
    term: { en: 'Finding', zh: '诊断' },
    short: {
      en: 'A rule that fired: the layers and steps it is about, the measured values, the limits, and advice.',
      zh: '被触发的规则：涉及的层与步、测量值、界限和建议。'
    },
    see: ['rule', 'remedy']
  },
  ab: {
    term: { en: 'A/B', zh: 'A/B' },
    short: {
      en: 'Two runs that differ in one remedy alone, with the same data and seed, shown side by side.',
      zh: '只差一个对策的两个运行，数据与种子相同，并排显示。'
    },
    see: ['remedy', 'seed']
  },
  heatmap: {
    term: { en: 'Heatmap', zh: '热图' },
    short: {
      en: 'A statistic as colours: a row for each layer, a column for each recorded step.',
      zh: '以颜色表示统计量：每层一行，每个已记录步一列。'
    },
    see: ['frame', 'profile']
  },
  profile: {
    term: { en: 'Profile', zh: '剖面' },
    short: {
      en: 'A statistic over the layers, at one step.',
      zh: '某一步时统计量随层的变化。'
    },
    see: ['heatmap', 'theoryFactor']
  },
  lens: {
    term: { en: 'Activation lens', zh: '激活透镜' },
    short: {
      en: 'The activation function and its slope, drawn over the distribution of the pre-activations that it receives.',
      zh: '激活函数及其斜率，叠加在它所收到的预激活分布之上。'
    },
    see: ['slope', 'saturated']
  },
  distribution: {
    term: { en: 'Distribution', zh: '分布' },
    short: {
      en: 'How often values of each size occur among the weights, activations or gradients of a layer.',
      zh: '一层的权重、激活值或梯度中，各种大小的值出现的频度。'
    },
    see: ['lens']
  },
  project: {
    term: { en: 'Project', zh: '项目' },
    short: {
      en: 'One file with experiments, runs and attached data.',
      zh: '包含实验、运行和所附数据的一个文件。'
    },
    see: ['experiment']
  }
} as const satisfies Terms
