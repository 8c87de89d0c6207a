import { shippedTable } from './table/shipped'

export default shippedTable(
  'breastCancer',
  { en: 'Breast cancer', zh: '乳腺癌' },
  {
    en: '569 tumours, thirty measures of their cell nuclei, benign or malignant (UCI, CC BY 4.0).',
    zh: '569 个肿瘤的细胞核的 30 项指标，良性或恶性（UCI，CC BY 4.0）。'
  },
  [
    'mean radius',
    'mean texture',
    'mean perimeter',
    'mean area',
    'mean smoothness',
    'mean compactness',
    'mean concavity',
    'mean concave points',
    'mean symmetry',
    'mean fractal dimension',
    'radius error',
    'texture error',
    'perimeter error',
    'area error',
    'smoothness error',
    'compactness error',
    'concavity error',
    'concave points error',
    'symmetry error',
    'fractal dimension error',
    'worst radius',
    'worst texture',
    'worst perimeter',
    'worst area',
    'worst smoothness',
    'worst compactness',
    'worst concavity',
    'worst concave points',
    'worst symmetry',
    'worst fractal dimension'
  ],
  569,
  ['benign', 'malignant']
)
