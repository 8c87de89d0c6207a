/** Several tables in a file, and tables on their side. */
import { describe, expect, it } from 'vitest'
import { columns, outcome } from './outcome'

describe('another table below the first is refused at its line', () => {
  it.each<[string, string, number]>([
    ['as wide as the first', 'a,b\n1,2\n3,4\n5,6\n\nc,d\n7,8\n9,10\n', 6],
    ['of fewer columns', 'a,b,y\n1,2,3\n3,4,5\n5,6,7\n\nc,d\n7,8\n9,10\n', 6],
    ['with a title', 'a,b,y\n1,2,3\n3,4,5\n\nTable 2\nc,d,e\n7,8,9\n9,10,11\n', 6],
    ['with words in it', 'k,y\na,1.5\nb,2\n\nname,size\nc,3\nd,4.5\n', 5]
  ])('%s', (_name, text, line) =>
    // Left out as malformed, its names would let its rows through.
    expect(outcome(text, { badRows: 'drop' }).problems[0]!.message.en).toContain(`line ${line} begins another table`)
  )
  it.each<[string, string]>([
    ['the same names', 'a,y\n1,2.5\n3,4\n\na,y\n7,8\n9,10\n'],
    ['rows of words', 'a,y\nx,p\ny,q\n\nz,p\nx,q\ny,q\n'],
    ['a group of rows', 'a,b,y\nx,1,2.5\ny,3,4\n\nz,7,8\nx,9,10\n']
  ])('but not %s behind an empty line', (_name, text) => expect(outcome(text).problems).toEqual([]))
})

describe('a table on its side', () => {
  const told = (text: string): boolean => outcome(text).remarks.some((r) => r.code === 'onItsSide')
  const ROWS = 'height,1.5,1.6,1.7,1.8\nweight,50,60,70,80\nage,20,25,30,35\n'
  it.each<[string, string]>([
    ['under numbered names', `name,r1,r2,r3,r4\n${ROWS}`],
    ['under numbers', `name,1,2,3,4\n${ROWS}`],
    ['without a header', ROWS]
  ])('is said %s', (_name, text) => expect(told(text)).toBe(true))
  it.each<[string, string]>([
    ['years above values of each', `country,2001,2002,2003,2004\n${ROWS}`],
    ['features that have names', `name,length,width,mass,y\n${ROWS}`],
    ['rows of one kind', 'name,x1,x2,x3,x4\na,1.5,50,0.2,7\nb,1.6,60,0.3,8\nc,1.7,55,0.25,9\n'],
    ['a name that comes again', `name,r1,r2,r3,r4\n${ROWS}age,21,26,31,36\n`]
  ])('is not %s', (_name, text) => expect(told(text)).toBe(false))
})

describe('names that another sign separates than the lines below them', () => {
  const LINES = '1;2;3,5\n3;4;4,5\n5;6;6,5\n'
  it.each<[string, string, string]>([
    ['commas', `a,b,y\n${LINES}`, 'commas'],
    ['tabs', `a\tb\ty\n${LINES}`, 'tabs'],
    ['bars', `a|b|y\n${LINES}`, 'bars'],
    ['commas below a title', `Report of May\na,b,y\n${LINES}`, 'commas']
  ])('are read, and told: %s', (_name, text, sign) => {
    const out = outcome(text)
    expect(columns(out)).toEqual({ a: [1, 3, 5], b: [2, 4, 6], '*': [3.5, 4.5, 6.5] })
    expect(out.remarks.map((r) => r.message.en).join('\n')).toMatch(
      RegExp(`names in line \\d are separated by ${sign}`)
    )
  })
  it('are no title of as many parts above names', () =>
    expect(columns(outcome(`North, South, West\na;b;y\n${LINES}`))['a']).toEqual([1, 3, 5]))
})
