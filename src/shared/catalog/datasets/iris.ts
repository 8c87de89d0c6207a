import { shippedTable } from './table/shipped'

export default shippedTable(
  'iris',
  { en: 'Iris', zh: '鸢尾花' },
  {
    en: '150 flowers of three species, four lengths each (Fisher 1936; UCI, CC BY 4.0).',
    zh: '三种鸢尾花共 150 朵，每朵四个长度（Fisher 1936；UCI，CC BY 4.0）。'
  },
  ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'],
  150,
  ['setosa', 'versicolor', 'virginica']
)
