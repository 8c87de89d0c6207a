export default {
  en: {
    title: 'Palette',
    layers: 'Layers',
    gallery: 'Gallery',
    find: 'Find a layer',
    nothing: 'No layer of that name',
    repeat: 'Repeat × n',
    repeatDoc: 'A block whose layers are repeated any number of times, one after the other: depth on a slider.',
    hint: 'Drag onto the canvas or onto a connection; Enter puts it behind the selected layer.',
    open: 'Open this experiment',
    group: { core: 'Core', normalise: 'Normalise', activation: 'Activation', wiring: 'Wiring', convolution: 'Convolution', recurrent: 'Recurrent', regularise: 'Regularise' }
  },
  zh: {
    title: '组件',
    layers: '层',
    gallery: '示例库',
    find: '查找层',
    nothing: '没有这样的层',
    repeat: '重复 × n',
    repeatDoc: '把块中的层依次重复任意次：用滑块调节深度。',
    hint: '拖到画布或连线上；按 Enter 放到所选层之后。',
    open: '打开此实验',
    group: { core: '基础', normalise: '归一化', activation: '激活', wiring: '连接', convolution: '卷积', recurrent: '循环', regularise: '正则化' }
  }
}
