import { expect, it } from 'vitest'
import { asObject, isObject, own } from '@shared/base/objects'

it.each([null, undefined, 1, 'text', [1]])('%j is no object', (value) => {
  expect(isObject(value)).toBe(false)
  expect(asObject(value)).toEqual({})
})
it('gives an object as it is', () => {
  const value = { a: 1 }
  expect(isObject(value)).toBe(true)
  expect(asObject(value)).toBe(value)
})
it('finds what is the object’s own, and nothing of its prototype', () => {
  expect(own({ a: 1 }, 'a')).toBe(1)
  expect(own({ a: 1 }, 'toString')).toBeUndefined()
  expect(own(JSON.parse('{"__proto__": 2}') as Record<string, number>, '__proto__')).toBe(2)
  expect(own({}, '__proto__')).toBeUndefined()
})
