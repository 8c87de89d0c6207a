export default {
  en: {
    title: 'Gallery',
    lead: 'Each opens beside the ones you have, to be trained and changed. The pictures are recorded runs: the first layer at the bottom, steps to the right, dark where hardly any gradient is left.',
    browse: 'Open the gallery …',
    find: 'Find an experiment',
    nothing: 'No experiment of that name.',
    empty: 'Empty network',
    emptyDoc: 'Data and loss with nothing between them, for a network of your own.',
    group: {
      vanishing: 'Vanishing, and dying',
      treated: 'The 20 sigmoid layers with each remedy',
      exploding: 'Exploding',
      deep: 'Deep and healthy, or not',
      convolution: 'Convolution',
      recurrent: 'Recurrent',
      adversarial: 'Adversarial'
    }
  },
  zh: {
    title: '示例库',
    lead: '打开后与已有实验并列，可训练、可修改。图片来自真实运行的记录：第一层在最下，步数向右，深色处几乎没有梯度。',
    browse: '打开示例库…',
    find: '查找实验',
    nothing: '没有这样的实验。',
    empty: '空网络',
    emptyDoc: '只有数据和损失，其间空无一层：搭建您自己的网络。',
    group: {
      vanishing: '消失与死亡',
      treated: '20 层 sigmoid，逐一试用各种对策',
      exploding: '爆炸',
      deep: '深而健康（或不）',
      convolution: '卷积',
      recurrent: '循环',
      adversarial: '对抗'
    }
  }
}
