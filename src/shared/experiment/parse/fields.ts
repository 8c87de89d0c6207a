import type { ChoiceField, NumberField } from '../../base/params'

const num = (label: string, zh: string, f: Omit<NumberField, 'type' | 'label'>): NumberField => ({
  type: 'number',
  label: { en: label, zh },
  ...f
})

const choice = (f: Omit<ChoiceField, 'type'>): ChoiceField => ({ type: 'choice', ...f })

/** Fields of the settings that aren't registry entries: forms, JSON Schema and checks derive from them. */
export const settingsFields = {
  seed: num('Seed', '随机种子', {
    default: 42,
    integer: true,
    min: 0,
    max: 4294967295,
    help: {
      en: 'All randomness comes from it: weights, split, order of the batches, noise. The same seed gives the same run, bit for bit.',
      zh: '一切随机性由它而来：权重、划分、批的顺序、噪声。种子相同，运行逐位相同。'
    }
  }),
  validation: num('Validation share', '验证集占比', {
    default: 0.2,
    min: 0,
    max: 0.9,
    help: {
      en: 'Share of the examples held out; the network never trains on them.',
      zh: '留出的样本占比；网络不会用它们训练。'
    }
  }),
  standardize: {
    type: 'bool',
    default: true,
    label: { en: 'Standardise inputs', zh: '输入标准化' },
    help: {
      en: 'Each input to mean 0 and standard deviation 1, by the training part; the targets of a regression too. Errors are told in the target’s own unit all the same.',
      zh: '按训练集把每个输入变为均值 0、标准差 1；回归的目标也是如此。误差仍以目标自身的单位给出。'
    }
  },
  examples: num('Training examples', '训练样本数', {
    default: 0,
    integer: true,
    min: 0,
    max: 1000000000,
    advanced: true,
    zero: { en: 'all', zh: '全部' },
    help: {
      en: 'Trains on so many of the training examples, drawn by the seed, each class in turn. A network that can learn learns ten examples by heart.',
      zh: '只用这么多训练样本，由种子抽取，各类别轮流。能学习的网络可以把十个样本背下来。'
    }
  }),
  steps: num('Steps', '步数', {
    default: 400,
    integer: true,
    min: 1,
    max: 1000000,
    help: { en: 'Updates of the weights until the run ends.', zh: '运行结束前更新权重的次数。' }
  }),
  batchSize: num('Batch size', '批大小', {
    default: 64,
    integer: true,
    min: 0,
    max: 1000000,
    zero: { en: 'all', zh: '全部' },
    help: { en: 'Examples per step; 0 takes all of them.', zh: '每步的样本数；0 表示全部。' }
  }),
  classWeights: choice({
    default: 'none',
    label: { en: 'Class weights', zh: '类别权重' },
    help: {
      en: 'Balanced: an example counts in the gradient the more, the rarer its class is among the training examples. The loss that is shown stays unweighted, so that runs can be compared.',
      zh: '均衡：训练样本中越少见的类别，其样本在梯度中的权重越大。显示的损失不加权，以便比较各次运行。'
    },
    options: [
      { id: 'none', label: { en: 'None', zh: '无' } },
      { id: 'balanced', label: { en: 'Balanced', zh: '均衡' } }
    ]
  }),
  every: num('Record every', '记录间隔', {
    default: 1,
    integer: true,
    min: 1,
    max: 100000,
    unit: 'steps',
    help: {
      en: 'Statistics of every layer are kept at each n-th step. Fewer make long runs faster and files smaller.',
      zh: '每 n 步保存一次各层的统计量。记录得少，长时间的运行更快，文件更小。'
    }
  }),
  evaluateEvery: num('Validate every', '验证间隔', {
    default: 20,
    integer: true,
    min: 1,
    max: 1000000,
    unit: 'steps',
    help: {
      en: 'Loss and metrics of the examples held out are computed every n steps, and at the end.',
      zh: '每 n 步及结束时，在留出的样本上计算损失与指标。'
    }
  }),
  keepEvery: num('Keep every', '保存间隔', {
    default: 100,
    integer: true,
    min: 0,
    max: 1000000,
    unit: 'steps',
    help: {
      en: 'Weights and optimizer state are kept every n steps, so that a new run can continue from there; of many, every second one goes. 0 keeps only the end.',
      zh: '每 n 步保留权重与优化器状态，以便新的运行由此继续；过多时每隔一个舍去。0 只保留结束时的状态。'
    }
  }),
  times: num('Copies', '重复次数', {
    default: 2,
    integer: true,
    min: 1,
    max: 1000,
    help: {
      en: 'How often the block is repeated, each copy with weights of its own.',
      zh: '块重复的次数，每份有自己的权重。'
    }
  })
} as const
