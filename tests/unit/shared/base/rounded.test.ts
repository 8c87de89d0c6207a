import { expect, it } from 'vitest'
import { rounded } from '@shared/base/rounded'

it.each([
  [0.1 + 0.2, 12, 0.3],
  [123456.7, 6, 123457],
  [123456.7, 2, 120000],
  [-0.00123456, 3, -0.00123],
  [0, 6, 0]
])('%d has %i significant digits', (value, digits, told) => expect(rounded(value, digits)).toBe(told))
it.each([NaN, Infinity, -Infinity])('leaves %d as it is', (value) => expect(rounded(value, 3)).toBe(value))
