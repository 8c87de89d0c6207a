import { shippedTable } from './table/shipped'

// cspell:ignore alcalinity flavanoids nonflavanoid proanthocyanins
export default shippedTable(
  'wine',
  { en: 'Wine', zh: '葡萄酒' },
  {
    en: 'Thirteen chemical measures of 178 wines from three cultivators (UCI, CC BY 4.0).',
    zh: '三个种植者的 178 种葡萄酒的 13 项化学指标（UCI，CC BY 4.0）。'
  },
  [
    'alcohol',
    'malic acid',
    'ash',
    'alcalinity of ash',
    'magnesium',
    'total phenols',
    'flavanoids',
    'nonflavanoid phenols',
    'proanthocyanins',
    'color intensity',
    'hue',
    'od280/od315 of diluted wines',
    'proline'
  ],
  178,
  ['class 0', 'class 1', 'class 2']
)
