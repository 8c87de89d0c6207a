import text from '../../../../resources/data/wine.csv?raw'
import { shippedTable } from './table/shipped'

export default shippedTable(
  'wine',
  { en: 'Wine', zh: '葡萄酒' },
  {
    en: 'Thirteen chemical measures of 178 wines from three cultivators (UCI, CC BY 4.0).',
    zh: '三个种植者的 178 种葡萄酒的 13 项化学指标（UCI，CC BY 4.0）。'
  },
  text,
  178,
  ['class 0', 'class 1', 'class 2']
)
