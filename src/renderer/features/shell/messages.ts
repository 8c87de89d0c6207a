export default {
  en: { native: 'Training is not possible:' },
  zh: { native: '无法训练：' }
}
