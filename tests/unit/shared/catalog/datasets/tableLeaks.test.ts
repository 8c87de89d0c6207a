/** An input that gives the target away is named; one that only tells much of it is not. */
import { describe, expect, it } from 'vitest'
import { outcome } from './outcome'

const named = (
  head: string,
  row: (i: number) => readonly (number | string)[],
  count = 24,
  more: object = {}
): string[] =>
  outcome(`${head}\n${Array.from({ length: count }, (_, i) => row(i).join(',')).join('\n')}\n`, more)
    .remarks.filter((r) => r.code === 'targetAmongInputs')
    .map((r) => r.column!)
/** Numbers in no order. */
const mixed = (i: number): number => ((i * 37) % 101) / 4 + 0.125
const LETTERS = ['x', 'y', 'z']

describe('an input that gives the target away is named', () => {
  it.each<[string, string, (i: number) => readonly (number | string)[]]>([
    ['the target itself', 'a,leak,y', (i) => [i % 5, mixed(i), mixed(i)]],
    ['in another unit', 'a,leak,y', (i) => [i % 5, mixed(i) * 1.8 + 32, mixed(i)]],
    ['turned round', 'leak,a,y', (i) => [100 - mixed(i), i % 5, mixed(i)]],
    ['a number of each class', 'a,leak,y', (i) => [mixed(i), i % 3, LETTERS[i % 3]!]],
    ['a word for each class', 'a,leak,y', (i) => [mixed(i), ['p', 'q', 'r'][i % 3]!, LETTERS[i % 3]!]]
  ])('%s', (_name, head, row) => expect(named(head, row)).toEqual(['leak']))
})
describe('and none is where', () => {
  it.each<[string, string, (i: number) => readonly (number | string)[], number?]>([
    ['it is off by a little', 'a,b,y', (i) => [i % 5, mixed(i) + (i % 2) / 100, mixed(i)]],
    ['its values were chosen, one after the other', 'a,b,y', (i) => [i, i % 5, i * 1.5]],
    ['it is the only one', 'b,y', (i) => [mixed(i) * 2, mixed(i)]],
    ['rows are few', 'a,b,y', (i) => [i % 5, mixed(i), mixed(i)], 5],
    ['the target is constant', 'a,b,y', (i) => [i % 5, mixed(i), 7.5]],
    ['several values belong to a class', 'a,b,y', (i) => [mixed(i), i % 6, LETTERS[i % 3]!]],
    ['a value belongs to several classes', 'a,b,y', (i) => [mixed(i), i % 2 ? 1 : i % 3, LETTERS[i % 3]!]]
  ])('%s', (_name, head, row, count) => expect(named(head, row, count)).toEqual([]))
})
