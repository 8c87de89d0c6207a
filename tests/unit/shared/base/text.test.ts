import { expect, it } from 'vitest'
import { counted } from '@shared/base/text'

it.each([
  [0, '0 layers'],
  [1, '1 layer'],
  [2, '2 layers']
])('%i is said with the noun that fits it', (n, said) => expect(counted(n, 'layer')).toBe(said))
it('takes other words for several', () => {
  expect(counted(1, 'layer is another one', 'layers are other ones')).toBe('1 layer is another one')
  expect(counted(3, 'layer is another one', 'layers are other ones')).toBe('3 layers are other ones')
})
