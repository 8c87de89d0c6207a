import { expect, it } from 'vitest'
import { few } from '../../../../../src/shared/clinic/rules/parts/view'
import type { RunView } from '../../../../../src/shared/clinic/rules/types'

it('names the first layers, and says how many more there are', () => {
  const view = { schema: { layers: [] } } as unknown as RunView
  const ids = ['a', 'b', 'c', 'd', 'e']
  expect(few(view, ids.slice(0, 3))).toEqual({ en: 'a, b, c', zh: 'a、b、c' })
  expect(few(view, ids.slice(0, 4))).toEqual({ en: 'a, b, c and 1 more', zh: 'a、b、c 及另外 1 层' })
  expect(few(view, ids, 1)).toEqual({ en: 'a and 4 more', zh: 'a 及另外 4 层' })
})
