import { inBoth } from '../../base/python'
import { warmUp } from './parts/fields'
import type { Schedule } from './types'

const constant: Schedule = {
  id: 'constant',
  name: { en: 'Constant', zh: '恒定' },
  doc: { en: 'The learning rate stays as it is.', zh: '学习率保持不变。' },
  fields: { ...warmUp },
  factor: () => 1,
  python: inBoth(() => '1')
}
export default constant
