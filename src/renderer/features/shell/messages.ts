export default {
  en: {
    native: 'Training is not possible:',
    sizeLeft: 'Width of the palette',
    sizeDock: 'Height of the run views',
    sizeRight: 'Width of the inspector'
  },
  zh: {
    native: '无法训练：',
    sizeLeft: '组件栏宽度',
    sizeDock: '运行视图高度',
    sizeRight: '检查器宽度'
  }
}
