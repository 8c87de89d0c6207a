export default {
  en: {
    title: 'Palette',
    layers: 'Layers',
    gallery: 'Gallery',
    find: 'Find a layer',
    nothing: 'No layer of that name',
    group: {
      core: 'Core',
      normalise: 'Normalise',
      activation: 'Activation',
      wiring: 'Wiring',
      convolution: 'Convolution',
      recurrent: 'Recurrent',
      regularise: 'Regularise'
    }
  },
  zh: {
    title: '组件',
    layers: '层',
    gallery: '示例库',
    find: '查找层',
    nothing: '没有这样的层',
    group: {
      core: '基础',
      normalise: '归一化',
      activation: '激活',
      wiring: '连接',
      convolution: '卷积',
      recurrent: '循环',
      regularise: '正则化'
    }
  }
}
