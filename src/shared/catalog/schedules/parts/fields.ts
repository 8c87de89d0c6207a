import type { Fields } from '../../../base/params'

/** Every schedule may start with a linear warm-up (Goyal 2017). */
export const warmUp: Fields = {
  warmUp: {
    type: 'number',
    default: 0,
    integer: true,
    min: 0,
    max: 1000000,
    unit: 'steps',
    label: { en: 'Warm-up', zh: '预热' },
    help: { en: 'Steps over which the rate climbs evenly from α/n to α.', zh: '学习率从 α/n 均匀升到 α 所用的步数。' }
  }
}
