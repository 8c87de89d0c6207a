import text from '../../../../resources/data/breast-cancer.csv?raw'
import { shippedTable } from './table/shipped'

export default shippedTable(
  'breastCancer',
  { en: 'Breast cancer', zh: '乳腺癌' },
  {
    en: '569 tumours, thirty measures of their cell nuclei, benign or malignant (UCI, CC BY 4.0).',
    zh: '569 个肿瘤的细胞核的 30 项指标，良性或恶性（UCI，CC BY 4.0）。'
  },
  text,
  569,
  ['benign', 'malignant']
)
