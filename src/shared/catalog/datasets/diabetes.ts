import text from '../../../../resources/data/diabetes.csv?raw'
import { shippedTable } from './table/shipped'

export default shippedTable(
  'diabetes',
  { en: 'Diabetes', zh: '糖尿病' },
  {
    en: '442 patients, ten measures, and how far the disease went in a year (Efron 2004).',
    zh: '442 位患者的 10 项指标，以及一年后的病情进展（Efron 2004）。'
  },
  text,
  442
)
