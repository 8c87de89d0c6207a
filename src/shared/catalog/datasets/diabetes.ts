import { shippedTable } from './table/shipped'

export default shippedTable(
  'diabetes',
  { en: 'Diabetes', zh: '糖尿病' },
  {
    en: '442 patients, ten measures, and how far the disease went in a year (Efron 2004).',
    zh: '442 位患者的 10 项指标，以及一年后的病情进展（Efron 2004）。'
  },
  ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6'],
  442
)
