import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { datasets, inspectCsv, type Data, type DataContext } from '@shared/catalog/datasets'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf } from '@shared/base/params'
import { InputError } from '@shared/base/problems'

const csv = datasets.get('csv')
const params = (more: object = {}): Record<string, unknown> => ({
  ...defaultsOf(csv.fields, lookup),
  file: 't.csv',
  ...more
})
const ctx = (text: string): DataContext => ({ seed: 1, readFile: () => text })
const load = (text: string, more: object = {}): Data => csv.load(params(more), ctx(text))
const remarks = (text: string, more: object = {}): string[] =>
  csv.remarks!(params(more), ctx(text)).map((p) => p.message.en)
const refused = (text: string, more: object = {}): { path: string; message: string }[] => {
  try {
    csv.load(params(more), ctx(text))
  } catch (e) {
    if (!(e instanceof InputError)) throw e
    for (const p of e.problems) expect(p.message.zh).toBeTruthy()
    return e.problems.map((p) => ({ path: p.path, message: p.message.en }))
  }
  throw new Error('was not refused')
}
const rows = (d: Data): number[][] =>
  Array.from({ length: d.count }, (_, i) => [...d.x.subarray(i * d.inputShape[0]!, (i + 1) * d.inputShape[0]!)])
const lines = (n: number, f: (i: number) => string): string => Array.from({ length: n }, (_, i) => f(i)).join('\n')

describe('reading a table', () => {
  it('reads numbers, words and a binary target', () => {
    const d = load('age,city,ok\n20,Rome,no\n30.5,Oslo,yes\n-4e1,Rome,yes\n')
    expect(d).toMatchObject({
      count: 3,
      inputShape: [3],
      targetShape: [1],
      task: 'binary',
      classes: ['no', 'yes'],
      featureNames: ['age', 'city=Oslo', 'city=Rome']
    })
    expect(rows(d)).toEqual([
      [20, 0, 1],
      [30.5, 1, 0],
      [-40, 0, 1]
    ])
    expect([...d.y]).toEqual([0, 1, 1])
  })
  it('codes two classes one-hot when told', () => {
    expect(load('a,t\n1,x\n2,y\n', { coding: 'oneHot' })).toMatchObject({
      task: 'multiclass',
      targetShape: [2],
      y: new Float32Array([1, 0, 0, 1])
    })
  })
  it('says how many symbols there are where all inputs may be ids', () => {
    expect(load('a,b,t\n0,3,x\n2,1,y\n').symbols).toBe(4)
    for (const text of ['a,b,t\n0,3.5,x\n2,1,y\n', 'a,b,t\n0,-3,x\n2,1,y\n', 'a,b,t\n0,red,x\n2,blue,y\n'])
      expect(load(text).symbols).toBeUndefined()
    // A mean in place of what is missing is no id.
    expect(load('a,b,t\n0,3,x\n2,,y\n1,1,y\n', { missing: 'mean' }).symbols).toBeUndefined()
    expect(
      load('id,a,t\n0,3,x\n0,2,x\n1,1,y\n1,0,y\n', {
        lines: 'steps',
        series: 'id',
        features: ['a'],
        target: 't',
        aim: 'constant'
      })
    ).toMatchObject({ symbols: 4, inputShape: [2, 1] })
  })
  it.each([
    ['BOM and CRLF', '\ufeffa,b,t\r\n1,2,x\r\n3,4,y\r\n'],
    ['old Mac line ends', 'a,b,t\r1,2,x\r3,4,y'],
    ['quotes', '"a","b","t"\n"1","2","x"\n"3","4","y"'],
    ['semicolons', 'a;b;t\n1;2;x\n3;4;y'],
    ['tabs', 'a\tb\tt\n1\t2\tx\n3\t4\ty'],
    ['bars', 'a|b|t\n1|2|x\n3|4|y'],
    ['empty lines and spaces', '\n a , b , t \n\n 1 , 2 , x \n   \n3,4,y\n\n\n'],
    ['trailing separators', 'a,b,t\n1,2,x,\n3,4,y,\n']
  ])('takes %s', (_name, text) => {
    const d = load(text)
    expect(d).toMatchObject({ featureNames: ['a', 'b'], classes: ['x', 'y'] })
    expect(rows(d)).toEqual([
      [1, 2],
      [3, 4]
    ])
  })
  it('remarks on what it skipped', () => {
    expect(remarks('a,t\n1,x\n\n2,y\n')).toEqual(['1 empty line was skipped'])
  })
  it('remarks on the target it takes only where another column may be meant', () => {
    for (const clean of ['a,t\n1,x\n2,y\n', '\ufeffa,b,y\r\n1,2,0.5\r\n2,3,1.5\r\n', 'label,class\n1,x\n2,y\n'])
      expect(remarks(clean)).toEqual([])
    expect(remarks('label,a\n1,2\n2,3\n')).toEqual(['no target chosen: the last column, "a", is taken, not "label"'])
    expect(remarks('1,0.5,2\n2,0.1,3\n').join()).toMatch(/the last column, "[^"]+", is taken$/)
  })
  it('keeps separators and line breaks inside quotes, and counts lines past them', () => {
    const text = 'name,v,t\n"a, ""b""\nc",1,x\nd,oops,y\n' + lines(20, (i) => `d,${i},x`)
    expect(inspectCsv(text).columns[0]).toMatchObject({ name: 'name', examples: ['a, "b"\nc', 'd'] })
    expect(refused(text)[1]).toEqual({
      path: 'data.dataset.file',
      message: 'line 4, column "v": "oops" is not a number'
    })
  })
  it('knows a header from data', () => {
    expect(inspectCsv('1,2\n3,4\n').header).toBe(false)
    expect(inspectCsv('a,b\n3,4\n').header).toBe(true)
    expect(inspectCsv('colour,size\nred,big\nblue,small\n').header).toBe(true)
    expect(inspectCsv('red,big\nblue,small\nred,big\n').header).toBe(false)
    expect(inspectCsv('1,2\n3,4\n', { header: 'yes' }).columns.map((c) => c.name)).toEqual(['1', '2'])
    expect(load('1,2,3\n4,5,6.5\n').featureNames).toEqual(['column1', 'column2'])
  })
  it('names unnamed and doubled columns', () => {
    const r = inspectCsv('a,,a,a\n1,2,3,4\n')
    expect(r.columns.map((c) => c.name)).toEqual(['a', 'column2', 'a (2)', 'a (3)'])
    expect(r.remarks.map((p) => p.message.en).join()).toMatch(/column 2 has no name[\s\S]*comes twice/)
  })
  it('reads decimal commas, and says so', () => {
    expect(rows(load('a;b;t\n1,5;2;x\n-0,25;3;y\n'))).toEqual([
      [1.5, 2],
      [-0.25, 3]
    ])
    expect(remarks('a;b;t\n1,5;2;x\n-0,25;3;y\n').join()).toContain('1,5 was read as 1.5')
    expect(rows(load('1,5;2,5;1\n3,5;4,5;0\n'))).toEqual([
      [1.5, 2.5],
      [3.5, 4.5]
    ])
    expect(remarks('a;t\n1,234;x\n5,678;y\n').join()).toContain('groups thousands')
    expect(rows(load('a,t\n"3,14",x\n"2,7",y\n'))).toEqual([[Math.fround(3.14)], [Math.fround(2.7)]])
  })
  it('does not take thousands for decimals, nor decimals for thousands', () => {
    expect(rows(load('a,b,t\n"1,234",0.5,x\n"5,678",1.5,y\n'))).toEqual([
      [1234, 0.5],
      [5678, 1.5]
    ])
    expect(load(`a,t\n${lines(9, (i) => `${i},x`)}\n"1,234.5",y\n`).x[9]).toBe(1234.5)
  })
  it.each(['NA', 'NaN', '?', 'null', 'N/A', '', 'na'])('takes %j for missing', (gap) => {
    const text = `a,t\n1,x\n${gap},y\n3,y\n`
    const mark = gap && ` ("${gap}" counts as none)`
    expect(refused(text)[1]!.message).toBe(`line 3, column "a": the value is missing${mark}`)
    expect(rows(load(text, { missing: 'drop' }))).toEqual([[1], [3]])
    expect(remarks(text, { missing: 'drop' }).join()).toContain('1 row was left out: an input is missing')
  })
  it('remembers texts without mixing them up', () => {
    const texts = Array.from({ length: 12 }, (_, i) => `a,t\n${i},x\n${i + 1},y\n`)
    for (let round = 0; round < 2; round++) texts.forEach((t, i) => expect(rows(load(t))).toEqual([[i], [i + 1]]))
    expect(load(texts[3]!, { target: 'a', features: ['t'] }).featureNames).toEqual(['t=x', 't=y'])
  })
})

describe('missing values', () => {
  const text = 'a,c,t\n1,u,x\n,v,y\n5,,x\n6,u,\n9,v,y\n'
  it('drops the row when told', () =>
    expect(rows(load(text, { missing: 'drop' }))).toEqual([
      [1, 1, 0],
      [9, 0, 1]
    ]))
  it('fills with the mean, and categories with their shares', () => {
    const d = load(text, { missing: 'mean' })
    expect(rows(d)).toEqual([
      [1, 1, 0],
      [5, 0, 1],
      [5, Math.fround(1 / 3), Math.fround(2 / 3)],
      [9, 0, 1]
    ])
    expect(remarks(text, { missing: 'mean' }).join('\n')).toMatch(
      /no value of the target in "t"[\s\S]*"a" became its mean[\s\S]*"c" became the shares of its categories/
    )
  })
  it('refuses by line and column, and says what to do, unless told otherwise', () => {
    expect(refused(text).map((p) => p.message)).toEqual([
      expect.stringContaining('leave such rows out, or to take the mean'),
      'line 3, column "a": the value is missing',
      'line 4, column "c": the value is missing',
      'line 5, column "t": the value is missing'
    ])
    expect(refused(text)[0]!.path).toBe('data.dataset.missing')
  })
  it('says when nothing is left', () =>
    expect(refused('a,b,t\n1,,x\n,2,y\n', { missing: 'drop' })[0]).toMatchObject({
      path: 'data.dataset.missing',
      message: expect.stringContaining('no row is left')
    }))
})

describe('a column of numbers and words', () => {
  // Four numbers in ten: few, but no column of words either.
  const text = `a,t\n${lines(10, (i) => `${i % 5 < 2 ? i : `w${i % 5}`},${i % 2 ? 'x' : 'y'}`)}\n`
  it('is refused with line, column, value and what to do', () => {
    const told = refused(text)
    expect(told).toEqual([
      {
        path: 'data.dataset.badRows',
        message: expect.stringMatching(/mend these lines, .* “Read as categories”/)
      },
      {
        path: 'data.dataset.file',
        message: 'line 4, column "a": "w2" is not a number; likewise in 5 more lines: 5, 6, 9, 10, 11'
      }
    ])
  })
  it('is refused as a target too', () =>
    expect(refused(text, { target: 'a', features: ['t'], task: 'classification' })[1]!.message).toContain(
      '"w2" is not a number'
    ))
  it('is one of categories when it is named as such', () => {
    expect(load(text, { categorical: ['a'] }).featureNames).toEqual([
      'a=0',
      'a=1',
      'a=5',
      'a=6',
      'a=w2',
      'a=w3',
      'a=w4'
    ])
  })
  it('loses its words when told', () => expect(load(text, { badRows: 'drop' }).count).toBe(4))
  it('is one of categories when there is no number in it', () =>
    expect(load('a,t\nw1,x\nw2,y\n').featureNames).toEqual(['a=w1', 'a=w2']))
})

describe('bad rows', () => {
  const bad = `a,b,t\n${lines(40, (i) => (i % 10 === 3 ? `${i},oops${i},x` : i === 7 ? '1,2' : i === 8 ? '1,2,3,4' : `${i},${i},${i % 2 ? 'x' : 'y'}`))}\n`
  it('are named by line and column', () => {
    expect(refused(bad).map((p) => p.message)).toEqual([
      expect.stringContaining('mend these lines'),
      'line 5, column "b": "oops3" is not a number; likewise in 3 more lines: 15, 25, 35',
      'line 9: has 2 fields instead of 3',
      'line 10: has 4 fields instead of 3'
    ])
  })
  it('can be left out, and are counted', () => {
    expect(load(bad, { badRows: 'drop' }).count).toBe(34)
    expect(remarks(bad, { badRows: 'drop' }).join('\n')).toMatch(
      /2 malformed lines were left out: 9, 10[\s\S]*4 rows were left out: "oops3" is not a number and the like, in "b" \(lines 5/
    )
  })
  it('with the same thing wrong are one problem, with the number of the rest', () => {
    const text = `a,t\n${lines(1000, (i) => `${i % 10 ? i : `bad${i}`},${i % 2}`)}\n`
    const problems = refused(text)
    expect(problems).toHaveLength(2)
    expect(problems[1]!.message).toMatch(
      /^line 2, column "a": "bad0" is not a number; likewise in 99 more lines: 12, 22, .* …$/
    )
    expect(inspectCsv(text).problems).toHaveLength(1)
  })
  it('do not matter in columns that are not used', () =>
    expect(load(`a,b,t\n${lines(10, (i) => `${i},${i === 4 ? 'oops' : i},${i % 2}`)}`, { features: ['a'] }).count).toBe(
      10
    ))
  it('are found in the target too: a word among numbers is no class', () => {
    expect(refused(`a,t\n${lines(30, (i) => `${i},${i === 20 ? 'l' : i % 2}`)}`)[1]!.message).toBe(
      'line 22, column "t": "l" is not a number'
    )
  })
  it('name huge and infinite numbers', () => {
    const with_ = (cell: string): string => `a,t\n${lines(9, (i) => `${i},x`)}\n${cell},y\n`
    expect(refused(with_('1e39'))[1]!.message).toContain('line 11, column "a": "1e39" is too large')
    expect(refused(with_('inf'))[1]!.message).toContain('"inf" is not a number')
    expect(refused(with_('1e400'))[1]!.message).toContain('too large')
    expect(load(with_('3e38')).x[9]).toBe(Math.fround(3e38))
  })
  it('name broken quotes', () => {
    expect(refused('a,t\n1,x\n"2,y\n3,x\n')[0]!.message).toContain('line 3: a quote (") is opened and never closed')
    expect(refused('a,t\n1,x\n"2"3,y\n4,y\n').at(-1)!.message).toMatch(/^line 3: a quoted cell goes on/)
    expect(refused('a,t\n1,x\n"2"3,y\n4,"y"\n').at(-1)!.message).toMatch(/^line 3: a quoted cell goes on/)
  })
})

describe('target and inputs', () => {
  const text = 'id,x,kind,y\n' + lines(40, (i) => `${i},${i / 2},${'abc'[i % 3]},${i * 1.5}`)
  it('guesses the task by the target', () => {
    expect(load(text)).toMatchObject({ task: 'regression', targetShape: [1] })
    expect(load(text, { target: 'kind', features: ['x'] })).toMatchObject({
      task: 'multiclass',
      targetShape: [3],
      classes: ['a', 'b', 'c']
    })
    expect(load(`a,t\n${lines(60, (i) => `${i},${i % 10}`)}`)).toMatchObject({
      task: 'multiclass',
      classes: [...'0123456789']
    })
    expect(load(`a,t\n${lines(60, (i) => `${i},${i}`)}`).task).toBe('regression')
    expect(load(`a,t\n${lines(60, (i) => `${i},${i % 10}`)}`, { task: 'regression' }).y[13]).toBe(3)
  })
  it('takes 1 and 1.0 for one class, and sorts classes as numbers', () => {
    expect(load('a,t\n1,10\n2,9\n3,9.0\n4,10.0\n').classes).toEqual(['9', '10'])
  })
  it('refuses by field what does not exist or makes no sense', () => {
    expect(refused(text, { target: 'z' })).toEqual([
      { path: 'data.dataset.target', message: 'there is no column "z"; there are: id, x, kind, y' }
    ])
    expect(refused(text, { features: ['x', 'q'] })[0]!.path).toBe('data.dataset.features')
    expect(refused(text, { features: ['x', 'y'] })[0]!.message).toContain('give the answer away')
    expect(refused(text, { target: 'kind', task: 'regression' })[0]).toMatchObject({
      path: 'data.dataset.task',
      message: expect.stringContaining('regression needs numbers')
    })
    expect(refused('t\n1\n2\n')[0]!.message).toContain('one column only')
    expect(refused('a,t\n1,x\n2,x\n')[0]!.message).toContain('nothing to tell apart')
    expect(refused('a,t\n')[0]!.message).toBe('has a header but no rows')
    expect(refused('')[0]!.message).toBe('is empty')
    expect(refused('a\0b,t\n1,2')[0]!.message).toContain('binary data')
    expect(refused('x', { file: '' })[0]).toMatchObject({
      path: 'data.dataset.file',
      message: expect.stringContaining('needs a file')
    })
  })
  it('refuses thousands of words by name, and takes them when left out', () => {
    const many = 'name,v,t\n' + lines(3000, (i) => `person ${i},${i},${i % 2 ? 'x' : 'y'}`)
    expect(refused(many)[0]).toMatchObject({
      path: 'data.dataset.features',
      message: expect.stringContaining(
        'column "name" holds 3,000 different texts (such as "person 0"), more than the 50'
      )
    })
    expect(load(many, { features: ['v'] }).count).toBe(3000)
    expect(inspectCsv(many)).toMatchObject({ suggestion: { target: 't', task: 'classification', features: ['v'] } })
  })
  it('reads numbers as categories when told', () => {
    expect(load('code,v,t\n7,1,x\n10,2,y\n7,3,y\n', { categorical: ['code'] }).featureNames).toEqual([
      'code=7',
      'code=10',
      'v'
    ])
  })
  it('leaves empty columns out with a remark, and remarks on constant ones and rounded ids', () => {
    const odd = 'e,k,id,t\n' + lines(10, (i) => `,5,${1e9 + i},${i % 2}`)
    expect(load(odd).featureNames).toEqual(['k', 'id'])
    expect(remarks(odd).join('\n')).toMatch(
      /"e" is empty and was left out[\s\S]*"k" is 5 everywhere[\s\S]*"id" has whole numbers over 16,777,216/
    )
  })
  it('tells twins of a class apart, and says so', () => {
    expect(load('a,t\n1,Yes\n2,yes\n3,no\n').classes).toEqual(['Yes', 'no', 'yes'])
    expect(remarks('a,t\n1,Yes\n2,yes\n3,no\n').join()).toContain('capital letters only')
  })
})

describe('what was understood', () => {
  it('lists the columns', () => {
    const r = inspectCsv('n,c,m\n1,u,2.5\n2,v,NA\n2,u,-1\n')
    expect(r).toMatchObject({ delimiter: 'comma', header: true, decimal: '.', rowCount: 3, problems: [] })
    expect(r.columns).toMatchObject([
      { name: 'n', type: 'number', missing: 0, unique: 2, min: 1, max: 2, integer: true, examples: ['1', '2'] },
      { name: 'c', type: 'category', values: ['u', 'v'], unique: 2 },
      { name: 'm', type: 'number', missing: 1, min: -1, max: 2.5, mean: 0.75, integer: false }
    ])
  })
  it('never throws, and never counts a row twice or loses one', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.constantFrom('1', '2.5', '-3', 'x', 'NA', '', '"q,r"', '1,5'), { minLength: 1, maxLength: 4 }),
          { maxLength: 12 }
        ),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        (cells, d, nl) => {
          const r = inspectCsv(cells.map((row) => row.join(d)).join(nl))
          for (const c of r.columns) expect(c.missing).toBeLessThanOrEqual(r.rowCount)
          expect(r.rowCount).toBeLessThanOrEqual(cells.length)
        }
      )
    ))
  it('gives back a written table exactly, whatever the separator', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.float({ noNaN: true, noDefaultInfinity: true }),
            fc.float({ noNaN: true, noDefaultInfinity: true })
          ),
          { minLength: 2, maxLength: 20 }
        ),
        fc.constantFrom(',', ';', '\t', '|'),
        (table, d) => {
          const text =
            ['a', 'b', 't'].join(d) + '\n' + table.map(([a, b], i) => [a, b, i % 2 ? 'p' : 'q'].join(d)).join('\n')
          expect(rows(load(text))).toEqual(table.map((r) => r.map((v) => v + 0)))
        }
      )
    ))
  it('survives any text', () =>
    fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (s) => void inspectCsv(s))))
})
