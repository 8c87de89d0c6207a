import { expect, it } from 'vitest'
import { lookAt, once, onceFor } from '@shared/clinic/rules/parts/once'
import type { RunView } from '@shared/clinic/rules/types'

const view = (): RunView => ({}) as RunView

it('works out once in a look what is asked of a view, and anew in the next', () => {
  let asked = 0
  const count = once(() => ++asked)
  const one = view()
  const twice = (): number[] => lookAt(one, () => [count(one), count(one)])
  expect(twice()).toEqual([1, 1])
  expect(twice()).toEqual([2, 2])
  expect([count(one), count(one)]).toEqual([3, 4])
})
it('keeps an answer that is nothing, and those of another view and another question apart', () => {
  let asked = 0
  const nothing = once(() => void asked++)
  const other = once(() => 'other')
  const [one, two] = [view(), view()]
  lookAt(one, () => [nothing(one), nothing(one), other(one), nothing(two)])
  expect(asked).toBe(2)
  expect(other(one)).toBe('other')
})
it('forgets what a look that fails was told', () => {
  let asked = 0
  const count = once(() => ++asked)
  const one = view()
  const failing = (): unknown =>
    lookAt(one, () => {
      count(one)
      throw new Error('no')
    })
  expect(failing).toThrow('no')
  expect(count(one)).toBe(2)
})
it('keeps an answer beyond a look until its key is another one', () => {
  let asked = 0
  let frame = 3
  const answer = onceFor(
    () => frame,
    (_view, key) => `${key}: ${++asked}`
  )
  const one = view()
  expect(lookAt(one, () => [answer(one), answer(one)])).toEqual(['3: 1', '3: 1'])
  expect(lookAt(one, () => answer(one))).toBe('3: 1')
  frame = 4
  expect([answer(one), answer(one), answer(view())]).toEqual(['4: 2', '4: 2', '4: 3'])
})
it('keeps an answer that is nothing until its key is another one', () => {
  let asked = 0
  const nothing = onceFor(
    () => true,
    () => void asked++
  )
  const one = view()
  expect([nothing(one), nothing(one)]).toEqual([undefined, undefined])
  expect(asked).toBe(1)
})
