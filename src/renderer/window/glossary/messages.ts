export default {
  en: {
    title: 'Glossary',
    find: 'Find a term, in English or Chinese',
    nothing: 'No such term',
    see: 'See'
  },
  zh: {
    title: '术语表',
    find: '查找术语（中文或英文）',
    nothing: '没有这样的术语',
    see: '另见'
  }
}
