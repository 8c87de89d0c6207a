/** Rows of sums between the others, names in two lines, and quarters: read with a remark, or said to be doubtful. */
// cspell:ignore Moyenne Écart summe Quartal Halbjahr Posten Menge Zwischensumme Gesamtsumme trimestre кв
import { describe, expect, it } from 'vitest'
import { columns, outcome } from './outcome'

const codes = (text: string): string[] => outcome(text).remarks.map((r) => r.code)

describe('rows that sum those above them', () => {
  it.each<[string, string, number[], number]>([
    ['subtotals', 'k,n,y\na,1,1\nb,2,2.5\nSubtotal,3,3.5\nc,3,3\nd,4,4\nSubtotal,7,7\n', [1, 2, 3, 4], 2],
    ['with a total below', 'k,n,y\na,1,1\nb,2,2.5\nSubtotal,3,3.5\nc,3,3\nSubtotal,3,3\nTotal,6,6.5\n', [1, 2, 3], 3],
    ['named after what they sum', 'k,n,y\nN,1,1\nN,2,2.5\nN total,3,3.5\nS,3,3\nS,4,4\nS total,7,7\n', [1, 2, 3, 4], 2],
    [
      'in a column behind',
      'r,k,n,y\nN,a,1,1\nN,b,2,2.5\nN,Total,3,3.5\nS,c,3,3\nS,d,4,4\nS,Total,7,7\n',
      [1, 2, 3, 4],
      2
    ],
    [
      'of sums',
      'k,n,y\na,1,1\nb,2,2.5\nTown total,3,3.5\nc,3,3\nTown total,3,3\nLand total,6,6.5\nd,9,4\n',
      [1, 2, 3, 9],
      3
    ],
    ['that average', 'k,n,y\na,1,1\nb,2,2.5\nAverage,1.5,1.75\nc,3,3\nd,4,4\nAverage,3.5,3.5\n', [1, 2, 3, 4], 2],
    [
      'in German',
      'Posten;n;y\na;1,5;1\nb;2;2,5\nZwischensumme;3,5;3,5\nc;3;3\nZwischensumme;3;3\nGesamtsumme;6,5;6,5\n',
      [1.5, 2, 3],
      3
    ],
    ['in Chinese', '项目,n,y\na,1,1\nb,2,2\n小计,3,3\nc,3,3\n小计,3,3\n合计,6,6\n', [1, 2, 3], 3]
  ])('are left out: %s', (_name, text, numbers, count) => {
    const found = outcome(text)
    expect(columns(found)['n'] ?? columns(found)['Menge']).toEqual(numbers)
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'totalLines', count }))
    expect(found.data!.featureNames!.join()).not.toMatch(/total|average|summe|[小合]计/i)
  })
  it.each([
    ['is no sum', 'k,n,y\na,1,1\nSubtotal,30,33\nb,3,3\nc,4,4\nd,5,7\n'],
    ['stands above what it sums', 'k,n,y\nN total,3,3.5\na,1,1\nb,2,2.5\nS total,7,7\nc,3,3\nd,4,4\n']
  ])('are kept and named where one %s', (_name, text) => {
    const found = outcome(text)
    expect(found.data!.count).toBe(text.split('\n').length - 2)
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'totalsKept' }))
  })
  it.each([
    ['a class of its own', 'k,n,y\ntotal,1,1\npart,2,2.5\ntotal,30,3.5\npart,3,3\ntotal,4,4\npart,7,7\n'],
    ['a brand', 'k,n,y\nShell,1.5,1\nTotal,1.65,2.5\nBP,1.6,3.5\nTotal,1.7,3\nShell,1.2,4\nBP,1.3,7\n'],
    ['a text that ends so', `k,n,y\na,1,1\nb,2,2.5\n${'so it was '.repeat(9)}in total,3,3.5\nd,9,3\n`],
    ['a word of a longer name', 'k,n,y\nTotally,1,1\nb,2,2.5\nTotally,3,3.5\nd,9,3\n']
  ])('are none in silence: %s', (_name, text) => {
    expect(outcome(text).data!.count).toBe(text.split('\n').length - 2)
    expect(codes(text).filter((c) => c.startsWith('total'))).toEqual([])
  })
})

describe('rows of statistics', () => {
  const ROWS = 'k,n,y\na,1,1\nb,2,2.5\nc,3,3\nd,4,4.5\n'
  it.each<[string, string, number]>([
    ['least, largest, mean and spread', `${ROWS}Min,1,1\nMax,4,4.5\nMean,2.5,2.75\nStd,1.29,1.47\n`, 4],
    [
      'as pandas describes',
      `${ROWS}count,4,4\nmean,2.5,2.75\nstd,1.3,1.4\nmin,1,1\n25%,1.7,2\n50%,2.5,2.75\nmax,4,4.5\n`,
      7
    ],
    ['a median alone', `${ROWS}Median,2.5,2.75\n`, 1],
    ['in Chinese', `${ROWS}最大值,4,4.5\n最小值,1,1\n标准差,1.29,1.47\n`, 3],
    ['in French', `${ROWS}Moyenne,2.5,2.75\nÉcart type,1.29,1.47\n`, 2],
    ['a rounded mean', `${ROWS}Average,2.5,2.76\nMax,4,4.5\n`, 2],
    ['a sum at the top', ROWS.replace('a,', 'Total,10,11\na,'), 1],
    ['a mean at the top', ROWS.replace('a,', 'Average,2.5,2.75\na,'), 1],
    ['the largest between', 'k,n,y\na,1,1\nb,2,2.5\nMax,2,2.5\nc,3,3\nd,4,4.5\nMax,4,4.5\n', 2]
  ])('are left out: %s', (_name, text, count) => {
    const found = outcome(text)
    expect(columns(found)['n']).toEqual([1, 2, 3, 4])
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'totalLines', count }))
  })
  it.each<[string, string]>([
    ['a person', 'k,n,y\nAnna,1,1\nBob,2,2.5\nMax,3,3\n'],
    ['persons above', 'k,n,y\nMax,5,1\nMin,7,2.5\nc,3,3\nd,4,4.5\n'],
    ['classes', `k,n,y\n${'min,1,1.5\nmax,9,2\nmean,4,2.5\nmin,2,4\nmax,3,5\n'.repeat(3)}`],
    ['shares', 'k,n,y\n10%,1,1.5\n25%,9,2\n50%,4,2.5\n75%,4,3\n']
  ])('are none in silence: %s', (_name, text) => {
    expect(outcome(text).data!.count).toBe(text.split('\n').length - 2)
    expect(codes(text).filter((c) => c.startsWith('total'))).toEqual([])
  })
  it('are kept and named where the only one is no sum', () => {
    const found = outcome('k,n,y\na,1,1\nTotal,30,33\nb,3,3\nc,4,4\nd,5,7\n')
    expect(found.data!.count).toBe(5)
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'totalsKept', line: 3 }))
  })
})

describe('names in two lines, numbers above words', () => {
  const body = '1,5,6,7\n2,6,7,8\n3,7,8,10\n'
  it.each([
    ['years twice', ',2023,2023,2024\nid,a,b,y\n', ['id', '2023 a', '2023 b']],
    ['years each another', ',2023,2024,2025\nid,a,b,y\n', ['id', '2023 a', '2024 b']],
    ['a word above', 'id,2023,2023,2024\n,a,b,y\n', ['id', '2023 a', '2023 b']]
  ])('are joined: %s', (_name, head, names) => {
    const found = outcome(head + body)
    expect(columns(found)).toEqual({
      [names[0]!]: [1, 2, 3],
      [names[1]!]: [5, 6, 7],
      [names[2]!]: [6, 7, 8],
      '*': [7, 8, 10]
    })
    expect(found.remarks.map((r) => r.code)).toEqual(['numberHeader', 'secondHeader'])
  })
  it('are joined where one above stands for several', () =>
    expect(outcome(',1,,2,\nid,a,b,a,y\n1,5,6,7,8\n2,6,7,9,9\n3,7,8,9,7\n').data!.featureNames).toEqual([
      'id',
      '1 a',
      'b',
      '2 a'
    ]))
  it('are joined with the one above that stands for several, where only that tells them apart', () =>
    expect(outcome('1,,2,\na,b,a,b\n5,6,7,8\n6,7,9,9\n7,8,9,7\n').data!.featureNames).toEqual(['1 a', '1 b', '2 a']))
  it('are none where a row of numbers has a word', () =>
    expect(outcome('5,6,7\n4,x,7\n2,6,8\n3,7,9\n').problems.map((p) => p.message.en)).toContainEqual(
      expect.stringMatching(/^line 2, column "column2": "x" is not a number/)
    ))
})

describe('a quarter or half of a year', () => {
  const windows = { lines: 'windows', length: 2, target: 'v', time: 'at' }
  it.each<[string, string[]]>([
    ['Q', ['Q3 2023', 'Q4 2023', 'Q2 2024', 'Q1 2024']],
    ['behind the year', ['2023Q3', '2023-Q4', '2024 Q2', '2024/Q1']],
    ['with a short year', ['Q3 23', "Q4'23", 'Q2/24', 'Q1-24']],
    ['by number', ['3Q23', '4Q23', '2Q2024', '1Q 2024']],
    ['in German', ['3. Quartal 2023', '4. Quartal 2023', '2. Quartal 2024', '1. Quartal 2024']],
    ['in French', ['T3 2023', '4e trimestre 2023', 'T2 2024', '1er trimestre 2024']],
    ['in Russian', ['3 кв. 2023', '4 кв. 2023', '2 кв. 2024', '1 кв. 2024']],
    ['in Chinese', ['2023年第3季度', '2023年第四季度', '2024年第2季度', '2024年第一季度']],
    ['halves', ['H1 2023', 'H2 2023', '2024H2', '1. Halbjahr 2024']],
    ['weeks', ['W51 2023', 'KW 52/2023', '2024 KW 2', '2024-W01']]
  ])('is in its order: %s', (_name, cells) => {
    const found = outcome(`at,v\n${cells.map((c, i) => `${c},${i + 1}`).join('\n')}\n`, windows)
    expect([...found.data!.x]).toEqual([1, 2, 2, 4])
    expect([...found.data!.y]).toEqual([4, 3])
  })
  it('is no code that looks like one', () =>
    expect(outcome('k,y\nQ1-24,1\nQ7-24,2.5\nQ9-11,3.5\nQ1-24,4\n').data!.featureNames).toEqual([
      'k=Q1-24',
      'k=Q7-24',
      'k=Q9-11'
    ]))
  it.each<[string, string, string]>([
    ['a quarter with its year', 'year,quarter', '2023,2023Q3;2023,2023Q4;2024,2024Q2;2024,2024Q1'],
    ['a named one', 'quarter,year', '3. Quartal,2023;4. Quartal,2023;2. Quartal,2024;1. Quartal,2024'],
    ['a whole date called day', 'day,hour', '2024-01-30,23;2024-01-31,1;2024-02-01,2;2024-01-31,20'],
    ['a month with its year', 'month,day', '2024-01,30;2024-01,31;2024-02,2;2024-02,1']
  ])('goes with what stands beside it: %s', (_name, names, lines) => {
    const text = `${names},v\n${lines
      .split(';')
      .map((l, i) => `${l},${i + 1}`)
      .join('\n')}\n`
    const found = outcome(text, { ...windows, time: names })
    expect([...found.data!.x]).toEqual([1, 2, 2, 4])
    expect([...outcome(text, { ...windows, time: '' }).data!.x]).toEqual([1, 2, 2, 4])
  })
  it('with a date and an hour has its gaps', () => {
    const hours = ['2024-01-30,22', '2024-01-30,23', '2024-01-31,0', '2024-01-31,1', '2024-01-31,9']
    const found = outcome(`day,hour,v\n${hours.map((h, i) => `${h},${i}`).join('\n')}\n`, { ...windows, time: '' })
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'timeGaps', line: 5, count: 1 }))
  })
})
