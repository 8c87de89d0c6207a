/**
 * Tables as people write them: each is read as it is meant, with a remark where that took a guess, or refused with a
 * choice.
 */
// cspell:ignore März nein Fanta
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectCsv } from '@shared/catalog/datasets'
import { computing } from '../../../../computing'
import { columns, outcome, rounded, table } from './outcome'

describe('a column of dressed numbers is read as numbers, with a remark', () => {
  it.each<[string, string[], number[], string]>([
    ['thousands with commas', ['1,234', '2,345', '12,500', '999,000'], [1234, 2345, 12500, 999000], 'numbersDressed'],
    ['thousands and a decimal point', ['1,234.5', '2', '12,500.25'], [1234.5, 2, 12500.25], 'numbersDressed'],
    [
      'thousands with points and decimal commas',
      ['1.234,5', '12.500,25', '7'],
      [1234.5, 12500.25, 7],
      'numbersDressed'
    ],
    ['millions with points', ['1.234.567', '2.000.000', '5'], [1234567, 2000000, 5], 'numbersDressed'],
    ['thousands with blanks', ['10 000', '1 500', '300'], [10000, 1500, 300], 'numbersDressed'],
    [
      'thousands with no-break blanks',
      ['10\u00a0000', '1\u202f500', '3\u2009000'],
      [10000, 1500, 3000],
      'numbersDressed'
    ],
    ['thousands with apostrophes', ["1'234", "12'500.5", '7'], [1234, 12500.5, 7], 'numbersDressed'],
    ['thousands with typographic apostrophes', ['1’234', '2’345’678'], [1234, 2345678], 'numbersDressed'],
    ['thousands with underscores', ['1_000', '2_500_000'], [1000, 2500000], 'numbersDressed'],
    ['Indian groups', ['1,23,456', '12,34,567', '999'], [123456, 1234567, 999], 'numbersDressed'],
    ['decimal commas', ['0,5', '1,25', '-3,75'], [0.5, 1.25, -3.75], 'decimal'],
    ['per cent', ['12%', '50%', '7%', '12%'], [12, 50, 7, 12], 'numbersDressed'],
    ['per cent with a blank', ['12 %', '50.5 %'], [12, 50.5], 'numbersDressed'],
    ['per cent with decimal commas', ['12,5%', '50,25%'], [12.5, 50.25], 'numbersDressed'],
    ['per mille', ['3‰', '4‰'], [3, 4], 'numbersDressed'],
    ['full-width per cent', ['１２％', '５０％'], [12, 50], 'numbersDressed'],
    ['dollars', ['$5', '$1,200.50', '-$3'], [5, 1200.5, -3], 'numbersDressed'],
    ['euros behind', ['5 €', '1.200,50 €', '-3 €'], [5, 1200.5, -3], 'numbersDressed'],
    ['pounds', ['£5', '£7.25'], [5, 7.25], 'numbersDressed'],
    ['rupees', ['₹1,23,456', '₹500'], [123456, 500], 'numbersDressed'],
    ['yen', ['¥500', '￥1,500'], [500, 1500], 'numbersDressed'],
    ['a code of a currency', ['USD 5', 'USD 7.5'], [5, 7.5], 'numbersDressed'],
    ['a code behind', ['5 CHF', '7.50 CHF'], [5, 7.5], 'numbersDressed'],
    ['kilograms', ['5 kg', '7.5 kg', '-1 kg'], [5, 7.5, -1], 'numbersDressed'],
    ['centimetres without a blank', ['12cm', '13cm', '12.5cm'], [12, 13, 12.5], 'numbersDressed'],
    ['degrees', ['21.5 °C', '-3 °C'], [21.5, -3], 'numbersDressed'],
    ['speed', ['50 km/h', '60 km/h'], [50, 60], 'numbersDressed'],
    ['Chinese units', ['5元', '7.5元'], [5, 7.5], 'numbersDressed'],
    ['two spellings of a unit', ['5 kg', '7 KG'], [5, 7], 'numbersDressed'],
    ['an unknown unit, the same everywhere', ['5 apples', '7 apples'], [5, 7], 'numbersDressed'],
    ['ordinals', ['1st', '2nd', '3rd', '4th'], [1, 2, 3, 4], 'numbersDressed'],
    ['thousands and millions in letters', ['1.5k', '2M', '500'], [1500, 2000000, 500], 'numbersDressed'],
    ['dollars and letters', ['$1.5K', '$2M'], [1500, 2000000], 'numbersDressed'],
    ['negatives in brackets', ['(5)', '(1,234)', '7'], [-5, -1234, 7], 'numbersDressed'],
    ['brackets around dollars', ['($5)', '$7', '$(3)'], [-5, 7, -3], 'numbersDressed'],
    ['minus behind', ['5-', '7', '1.5-'], [-5, 7, -1.5], 'numbersDressed'],
    ['a typographic minus', ['−5', '7', '–1.5'], [-5, 7, -1.5], 'numbersDressed'],
    ['hexadecimal', ['0x1F', '0x0A', '0xff'], [31, 10, 255], 'numbersDressed'],
    ['fractions', ['1/2', '3/4', '1 1/2'], [0.5, 0.75, 1.5], 'numbersDressed'],
    ['vulgar fractions', ['½', '1¾'], [0.5, 1.75], 'numbersDressed'],
    ['powers of ten', ['1.5×10^3', '2x10^-1'], [1500, 0.2], 'numbersDressed'],
    ['raised powers of ten', ['1.5×10³', '2×10⁻¹'], [1500, 0.2], 'numbersDressed'],
    ['Fortran exponents', ['1.5D+03', '2D0'], [1500, 2], 'numbersDressed'],
    ['decimal commas with exponents', ['1,5e3', '2,5E-1'], [1500, 0.25], 'decimal'],
    ['Arabic digits', ['١٢٫٥', '٣'], [12.5, 3], 'numbersDressed'],
    ['Devanagari digits', ['१२.५', '३'], [12.5, 3], 'numbersDressed'],
    ['full-width digits', ['１２．５', '－３'], [12.5, -3], 'numbersDressed'],
    ['the text numbers of spreadsheets', ['="12"', '="13.5"'], [12, 13.5], 'numbersDressed'],
    ['clock times', ['10:30', '11:00', '00:15'], [37800, 39600, 900], 'clocks'],
    ['clock times with seconds', ['10:30:15', '11:00:00.5'], [37815, 39600.5], 'clocks'],
    ['clock times of half days', ['10:30 PM', '12:05 am'], [81000, 300], 'clocks'],
    ['spans of time', ['25:30', '100:00', '3:15'], [91800, 360000, 11700], 'durations'],
    ['spans in parts', ['1h 30m', '45m', '2h'], [5400, 2700, 7200], 'durations'],
    ['spans in several units', ['90 min', '2 h', '30 s'], [5400, 7200, 30], 'durations'],
    ['ISO spans', ['PT1H30M', 'PT45S'], [5400, 45], 'durations'],
    ['minutes, all alike', ['90 min', '45 min'], [90, 45], 'numbersDressed'],
    ['ISO dates', ['2024-01-31', '2024-02-01'], [0, 86400], 'dates'],
    ['ISO dates and times', ['2024-01-31T08:30:00Z', '2024-01-31T10:31:00+02:00'], [0, 60], 'dates'],
    ['dates with points', ['31.01.2024', '01.02.2024'], [0, 86400], 'dates'],
    ['dates with the day first, as 31 tells', ['31/01/2024', '01/02/2024'], [0, 86400], 'dates'],
    ['dates with the month first, as 31 tells', ['01/31/2024', '02/01/2024'], [0, 86400], 'dates'],
    ['names of months', ['31 Jan 2024', '1 Feb 2024'], [0, 86400], 'dates'],
    ['names of months first', ['January 31, 2024', 'Feb 1, 2024'], [0, 86400], 'dates'],
    ['German names of months', ['31. März 2024', '1. April 2024'], [0, 86400], 'dates'],
    ['weekdays', ['Wed, 31 Jan 2024', 'Thu, 01 Feb 2024'], [0, 86400], 'dates'],
    ['Chinese dates', ['2024年1月31日', '2024年2月1日'], [0, 86400], 'dates'],
    ['quarters', ['2024-Q1', '2024-Q2'], [0, 91 * 86400], 'dates'],
    ['months', ['01/2024', '02/2024'], [0, 31 * 86400], 'dates'],
    ['two-digit years', ['31.12.99', '01.01.00'], [0, 86400], 'dates'],
    ['yes and no', ['yes', 'no', 'Yes'], [1, 0, 1], 'booleans'],
    ['true and false', ['TRUE', 'false', 'True'], [1, 0, 1], 'booleans'],
    ['ja und nein', ['ja', 'nein', 'ja'], [1, 0, 1], 'booleans'],
    ['是 and 否', ['是', '否', '是'], [1, 0, 1], 'booleans']
  ])('%s', (_name, cells, values, code) => {
    const found = outcome(table(cells))
    expect(columns(found)['a']).toEqual(rounded(values))
    expect(found.remarks.map((r) => r.code)).toContain(code)
    expect(found.remarks.find((r) => r.code === code)).toMatchObject({ column: 'a', count: expect.any(Number) })
  })
  it('says what was left out: k, too, which may be thousands or kelvin', () => {
    const [told] = outcome(table(['1.5k', '2.5k'])).remarks
    expect(told!.message.en).toContain('1.5k was read as 1.5 ("k" left out)')
  })
  it.each<[string, string[]]>([
    ['plain numbers', ['1', '2.5', '-3e-2', '.5', '+7']],
    ['plain numbers with three decimals and others', ['1.234', '12.5']]
  ])('and %s without one', (_name, cells) => {
    const found = outcome(table(cells))
    expect(columns(found)['a']).toEqual(rounded(cells.map(Number)))
    expect(found.remarks.map((r) => r.code)).toEqual([])
  })
  it('and a date in eight digits where the name says that it is one', () => {
    expect(columns(outcome(table(['20240131', '20240201'], 'date')))['date']).toEqual([0, 86400])
    expect(columns(outcome(table(['20240131', '20240201'], 'size')))['size']).toEqual(rounded([20240131, 20240201]))
  })
})

describe('a column is refused with the choice', () => {
  it.each<[string, string[], string, RegExp]>([
    ['when numbers have several units', ['5 kg', '500 g', '7 kg'], 'features', /several units \(kg, g\)/],
    ['when it has several currencies', ['5 €', '$5', '7 €'], 'features', /several units/],
    ['when day and month could be either', ['01/02/2024', '03/04/2024'], 'dates', /day or the month first/],
    ['when a cell has the other decimal sign', ['1,5', '2.5', '3,5'], 'badRows', /mend these lines/],
    ['when some have a unit', ['5 kg', '7 kg', '9'], 'badRows', /mend these lines/],
    ['when a word stands among per cents', ['5%', '7%', 'much'], 'badRows', /mend these lines/],
    ['when a word stands among dates', ['2024-01-01', '2024-01-02', 'soon'], 'badRows', /mend these lines/],
    ['when there is no such day', ['2024-02-30', '2024-01-01', '2024-01-02'], 'badRows', /mend these lines/]
  ])('%s', (_name, cells, field, message) => {
    const { problems } = outcome(table(cells))
    expect(problems[0]).toMatchObject({ path: `data.dataset.${field}` })
    expect(problems[0]!.message.en).toMatch(message)
  })
  it('and is read as chosen', () => {
    const dates = table(['01/02/2024', '03/04/2024'])
    expect(columns(outcome(dates, { dates: 'dayFirst' }))['a']).toEqual([0, 62 * 86400])
    expect(columns(outcome(dates, { dates: 'monthFirst' }))['a']).toEqual(rounded([0, 61 * 86400 + 86400]))
    expect(columns(outcome(table(['1,234', '2,345']), { decimal: 'comma' }))['a']).toEqual(rounded([1.234, 2.345]))
    expect(columns(outcome(table(['1.234', '2.345']), { decimal: 'comma' }))['a']).toEqual([1234, 2345])
    expect(outcome(table(['12%', '50%']), { categorical: ['a'] }).data!.featureNames).toEqual(['a=12%', 'a=50%'])
  })
  it('and says which of its cells are at fault', () => {
    const text = outcome(table(['1,5', '2.5', '3,5']))
      .problems.map((p) => p.message.en)
      .join('\n')
    expect(text).toMatch(/line 3, column "a": "2\.5" is not a number with a decimal comma/)
  })
})

describe('words stay words', () => {
  it.each<[string, string[]]>([
    ['names', ['Rome', 'Oslo', 'Rome']],
    ['codes of letters and digits', ['A12', 'B7', 'A12']],
    ['house numbers', ['12a', '13b', '12a']],
    ['brands', ['7up', '3M', 'Fanta']],
    ['months alone', ['Jan', 'Feb', 'Jan']],
    ['addresses of machines', ['10.0.0.1', '10.0.0.2', '10.0.0.1']],
    ['versions', ['1.2.3', '1.2.4', '1.2.3']],
    ['telephone numbers', ['555-1234', '555-9876', '555-1234']]
  ])('%s', (_name, cells) => {
    const names = [...new Set(cells)].sort().map((c) => `a=${c}`)
    expect(outcome(table(cells)).data!.featureNames).toEqual(names)
  })
})

describe('per cent as it is said in Chinese', () => {
  it.each<[string, string[], number[]]>([
    ['before a number', ['百分之12', '百分之7.5', '12%'], [12, 7.5, 12]],
    ['in words', ['百分之十二', '百分之五', '百分之二十', '百分之一百零五'], [12, 5, 20, 105]],
    [
      'with decimals, a minus and whole hundreds',
      ['百分之三点五', '负百分之十', '百分之百', '百分之一百五'],
      [3.5, -10, 100, 150]
    ],
    ['per mille', ['千分之五', '千分之12'], [5, 12]]
  ])('%s', (_name, cells, numbers) => {
    const read = outcome(table(cells))
    expect(columns(read)['a']).toEqual(numbers)
    expect(read.remarks).toContainEqual(expect.objectContaining({ code: 'numbersDressed', column: 'a' }))
  })
  it('names the cell that is none', () =>
    expect(outcome(table(['百分之十二', '百分之七', '百分之几'])).problems.at(-1)!.message.en).toContain('"百分之几"'))
})

describe('signs are told per column', () => {
  it.each<[string, string, Record<string, number[]>]>([
    [
      'a decimal comma beside a decimal point',
      'a;b;t\n0,5;0.25;1.5\n1,5;0.75;2.5\n',
      { a: [0.5, 1.5], b: [0.25, 0.75], '*': [1.5, 2.5] }
    ],
    [
      'times of day with points beside decimal commas',
      'uhr;x;y\n10.30;0,5;1\n11.30;1,5;2,5\n12.45;2,5;3\n',
      { uhr: [37800, 41400, 45900], x: [0.5, 1.5, 2.5], '*': [1, 2.5, 3] }
    ],
    [
      'two decimals with points beside decimal commas',
      'price;x;y\n10.30;0,5;1\n11.95;1,5;2,5\n',
      { price: [10.3, 11.95], x: [0.5, 1.5], '*': [1, 2.5] }
    ],
    [
      'thousands in a file with decimal commas',
      'n;x;y\n1.234;0,5;1\n2.345;1,5;2,5\n',
      { n: [1234, 2345], x: [0.5, 1.5], '*': [1, 2.5] }
    ],
    [
      'thousands in a file with decimal points',
      'n;x;y\n1,234;0.5;1\n2,345;1.5;2.5\n',
      { n: [1234, 2345], x: [0.5, 1.5], '*': [1, 2.5] }
    ],
    [
      'three decimals in a file with decimal points',
      'n,x,y\n1.234,0.5,1\n2.345,1.5,2.5\n',
      { n: [1.234, 2.345], x: [0.5, 1.5], '*': [1, 2.5] }
    ]
  ])('%s', (_name, text, wanted) => {
    const found = columns(outcome(text))
    for (const [name, values] of Object.entries(wanted)) expect(found[name], name).toEqual(rounded(values))
  })
  it('and a doubt is a remark', () => {
    const said = (text: string): string =>
      outcome(text)
        .remarks.map((r) => r.message.en)
        .join()
    expect(said('a;t\n1.234;5\n2.345;6\n')).toMatch(/1\.234 was read as 1\.234 \(if the point groups thousands/)
    expect(said('a;t\n1,234;5\n2,345;6\n')).toMatch(/1,234 was read as 1\.234 .*if the comma groups thousands/)
  })
  it('and whole numbers beside 1.234 and 12.500 make these thousands, with a remark', () => {
    const found = outcome('n;y\n999;5\n1.234;6\n12.500;7\n')
    expect(columns(found)['n']).toEqual([999, 1234, 12500])
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'decimal', column: 'n' }))
  })
  it('whatever the style, a number is what it was, and never a word', () => {
    const group = (digits: string, sign: string): string => digits.replace(/\B(?=(\d{3})+$)/g, sign)
    const styles: ((whole: string, part: string) => string)[] = [
      (w, p) => `${w}.${p}`,
      (w, p) => `${w},${p}`,
      (w, p) => `${group(w, ',')}.${p}`,
      (w, p) => `${group(w, '.')},${p}`,
      (w, p) => `${group(w, ' ')},${p}`,
      (w, p) => `${group(w, '\u00a0')}.${p}`,
      (w, p) => `${group(w, "'")}.${p}`,
      (w, p) => `${w}.${p} kg`,
      (w, p) => `€${group(w, '.')},${p}`,
      (w, p) => `$${group(w, ',')}.${p}`,
      (w, p) => `${w},${p}%`,
      (w, p) => [...`${w}.${p}`].map((c) => (c === '.' ? '٫' : String.fromCodePoint(0x660 + Number(c)))).join('')
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...styles),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9_999_999 }), fc.integer({ min: 10, max: 99 }), fc.boolean()), {
          minLength: 1,
          maxLength: 12
        }),
        fc.constantFrom(',', ';', '\t'),
        (style, numbers, d) => {
          const cells = numbers.map(([w, p, minus]) => `${minus ? '-' : ''}${style(String(w), String(p))}`)
          const found = columns(outcome(table(cells, 'a', d)))
          expect(found['a']).toEqual(
            numbers.map(([w, p, minus]) => Math.fround(Number(`${minus ? '-' : ''}${w}.${p}`)))
          )
        }
      ),
      { numRuns: 200 }
    )
  })
})

describe('a target', () => {
  const counts = `a,n\n${Array.from({ length: 200 }, (_, i) => `${i},${(i * 7) % 12}`).join('\n')}\n`
  const two = `a,fee\n${Array.from({ length: 40 }, (_, i) => `${i},${i < 20 ? 100 : 250}`).join('\n')}\n`
  it('of dressed numbers is numbers', () => {
    expect(columns(outcome('a,y\n1,"1,234"\n2,"2,345"\n3,"12,500"\n'))['*']).toEqual([1234, 2345, 12500])
    expect(columns(outcome('a;y\n1;1,5 €\n2;2,5 €\n3;3 €\n'))['*']).toEqual([1.5, 2.5, 3])
  })
  it('of whole numbers follows the loss', () => {
    expect(outcome(counts).data).toMatchObject({ task: 'multiclass', targetShape: [12] })
    expect(outcome(counts, {}, 'regression').data).toMatchObject({ task: 'regression', targetShape: [1] })
    expect(outcome(two).data!.task).toBe('binary')
    expect([...new Set(outcome(two, {}, 'regression').data!.y)]).toEqual([100, 250])
    expect(outcome('a,n\n1,5\n2,6\n3,7\n', {}, 'classification').data).toMatchObject({ task: 'multiclass' })
    expect(outcome('a,n\n1,5.5\n2,6\n3,7\n', {}, 'classification').data).toMatchObject({ task: 'regression' })
    expect(outcome('a,n\n1,x\n2,y\n3,x\n', {}, 'regression').data).toMatchObject({ task: 'binary' })
  })
  it('of codes keeps those apart that differ as text', () => {
    expect(outcome('a,n\n1,007\n2,7\n3,007\n4,7\n', { task: 'classification' }).data!.classes).toEqual(['007', '7'])
    expect(
      outcome('a,n\n1,9007199254740993\n2,9007199254740992\n', { task: 'classification' }).data!.classes
    ).toHaveLength(2)
  })
  it('of yes and no is two classes', () => expect(outcome('a,n\n1,yes\n2,no\n').data!.classes).toEqual(['no', 'yes']))
  it('that 32-bit numbers merge is told', () =>
    expect(
      outcome('a,n\n1,16777216\n2,16777217\n3,16777219.5\n4,5\n'.replace('.5', '')).remarks.map((r) => r.code)
    ).toContain('integersRounded'))
})

describe('numbers that are codes', () => {
  it('are told by their zeros and their length', () => {
    expect(outcome(table(['01234', '5', '98765'])).remarks).toContainEqual(
      expect.objectContaining({ code: 'codesAsNumbers', column: 'a' })
    )
    const ids = outcome(table(['9007199254740993', '9007199254740992', '9007199254740995'])).remarks
    expect(ids.map((r) => r.code)).toEqual(expect.arrayContaining(['codesAsNumbers', 'integersRounded']))
    for (const { message } of ids) expect(message.en).not.toMatch(/(\d+), which is the number \1/)
  })
  it('stay apart when read as categories', () =>
    expect(outcome(table(['007', '7', '1.0', '1']), { categorical: ['a'] }).data!.featureNames).toHaveLength(4))
})

describe('the shape of a file', () => {
  const wanted = { a: [1, 2, 3], b: [10, 20, 30], '*': [0.5, 1.5, 2.5] }
  const body = '1,10,0.5\n2,20,1.5\n3,30,2.5\n'
  it.each<[string, string, string]>([
    ['a title line', `Report 2020\na,b,y\n${body}`, 'titleLines'],
    ['a title line and an empty one', `Report 2020\n\na,b,y\n${body}`, 'titleLines'],
    ['several title lines', `Report\nMade by me, 2020\na,b,y\n${body}`, 'titleLines'],
    ['a title padded by a spreadsheet', `Report 2020,,\na,b,y\n${body}`, 'titleLines'],
    ['comments with #', `# made by a program\n# on a Monday\na,b,y\n${body}`, 'comments'],
    ['comments with //', `// made by a program\na,b,y\n${body}`, 'comments'],
    ['comments with %', `% made by a program, on a Monday\na,b,y\n${body}`, 'comments'],
    ['names in a comment', `# a,b,y\n${body}`, 'comments'],
    ['a comment between rows', `a,b,y\n1,10,0.5\n# here the sensor was changed\n2,20,1.5\n3,30,2.5\n`, 'comments'],
    ['sep=;', `sep=;\na;b;y\n${body.replaceAll(',', ';')}`, 'separator'],
    ['blanks', 'a b y\n1 10 0.5\n2 20 1.5\n3 30 2.5\n', 'separator'],
    ['runs of blanks', '  a    b   y\n  1   10 0.5\n  2   20 1.5\n  3   30 2.5\n', 'separator'],
    ['single quotes', `'a','b','y'\n'1','10','0.5'\n'2','20','1.5'\n'3','30','2.5'\n`, 'quotes'],
    ['a line of units', `a,b,y\nkg,m,s\n${body}`, 'secondHeader'],
    ['a line of units in brackets', `a,b,y\n[kg],(m),\n${body}`, 'secondHeader'],
    ['a total', `a,b,y\n${body}Total,60,4.5\n`, 'totalLines'],
    ['sums without a name', `a,b,y\n${body},60,4.5\n`, 'totalLines'],
    ['a mean in Chinese', `a,b,y\n${body}平均,20,1.5\n`, 'totalLines'],
    ['a note below', `a,b,y\n${body}Source: somebody\n`, 'totalLines'],
    ['separators without end', `a,b,y,,\n${body.replaceAll('\n', ',,\n')}`, 'columnEmpty']
  ])('%s', (_name, text, code) => {
    const found = outcome(text)
    expect(columns(found)).toEqual(wanted)
    expect(found.remarks.map((r) => r.code)).toContain(code)
  })
  it('whose names alone end with a separator needs no remark', () => {
    const found = outcome(`a,b,y,\n${body}`)
    expect(columns(found)).toEqual(wanted)
    expect(found.remarks).toEqual([])
  })
  it('with one name fewer than columns has names of rows', () => {
    const found = outcome('mpg,hp,wt\n"A",21,110,2.6\n"B",22,93,2.3\n"C",18,175,3.4\n', { features: ['mpg', 'hp'] })
    expect(columns(found)['mpg']).toEqual([21, 22, 18])
    expect(inspectCsv('mpg,hp\nA,21,110\nB,22,93\n').columns.map((c) => c.name)).toEqual(['row', 'mpg', 'hp'])
  })
  it('may have years for names', () => {
    expect(inspectCsv('country,1990,1991\nA,1.5,2.5\nB,3,4\n')).toMatchObject({ header: true })
    expect(inspectCsv('country,1990,1991\nA,1.5,2.5\nB,3,4\n').remarks.map((r) => r.code)).toContain('numberHeader')
    expect(inspectCsv(',0,1\n0,1.5,2.5\n1,3,4\n').header).toBe(true)
    expect(inspectCsv('1,2,3\n4,5,6.5\n').header).toBe(false)
    expect(inspectCsv('x,1.5,2\ny,3,4\n').header).toBe(false)
    expect(inspectCsv('1990,5\n1991,6\n1992,7\n').header).toBe(false)
    expect(inspectCsv('item,2024-Q1,2024-Q2\nA,5,6\nB,7,8\n').header).toBe(true)
    expect(inspectCsv('2024-01-01,Rome\n2024-01-02,Oslo\n').header).toBe(false)
    expect(inspectCsv('5 kg,1\n6 kg,2\n').header).toBe(false)
  })
  it('may have names in two lines', () =>
    expect(inspectCsv('A,A,B\nx,y,x\n1,2,3\n4,5,6\n7,8,9\n').columns.map((c) => c.name)).toEqual(['A x', 'A y', 'B x']))
  it('is cut where most columns are even', () => {
    expect(inspectCsv('tags;more,b,y\nx;1,1,1\ny;2,2,2\nz;3,3,3\n')).toMatchObject({ delimiter: 'comma' })
    expect(inspectCsv('a;b\n1,5;2,5\n3,5;4,5\n').delimiter).toBe('semicolon')
    expect(inspectCsv('1,5;2,5\n3,5;4,5\n').delimiter).toBe('semicolon')
    expect(inspectCsv('1,5 2,5\n3,5 4,5\n').delimiter).toBe('space')
    expect(inspectCsv('a, b\n1, 2\n3, 4\n').delimiter).toBe('comma')
  })
  it('is told where it cannot be used', () => {
    expect(outcome('t\n1\n2\n').problems[0]).toMatchObject({
      path: 'data.dataset.delimiter',
      message: { en: expect.stringMatching(/one column only.*blanks/) }
    })
    expect(outcome('a,b,c,d,y\n1,2,3\n4,5,6\n7,8,9\n').problems[0]!.message.en).toBe(
      'line 1 has 5 fields, all others 3: a title, a comment, or a missing name?'
    )
    expect(outcome('a,t\n').problems[0]!.message.en).toBe('has a header but no rows')
  })
  it('keeps a last row of zeros without a name', () =>
    expect(inspectCsv('k,v,w\na,0,0\nb,0,0\n,0,0\n').rowCount).toBe(3))
  it('keeps a class that is called like a total', () =>
    expect(outcome('k,v,y\nSum,1,0.5\nSum,2,1.5\nMean,3,2.5\nSum,4,3.5\n').data!.count).toBe(4))
})

describe('missing values', () => {
  it('can be marked by anything', () => {
    for (const mark of ['-', '.', 'NULL', '-999', 'n.v.', 'missing']) {
      const text = `a,t\n1,0.5\n${mark},1.5\n3,2.5\n`
      expect(columns(outcome(text, { marks: `NA, ${mark}`, missing: 'drop' }))['a'], mark).toEqual([1, 3])
    }
    expect(columns(outcome('a,t\n1,0.5\n-999.0,1.5\n3,2.5\n', { marks: '-999', missing: 'drop' }))['a']).toEqual([1, 3])
    expect(columns(outcome('a,t\n1,0.5\nNA,1.5\n', { marks: '', categorical: ['a'] }))).toHaveProperty('a=NA')
  })
  it('are suspected far from all else', () => {
    const found = outcome(table(['5', '7.5', '-999', '6', '8', '-999', '5.5']))
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'sentinel', column: 'a', count: 2 }))
    expect(outcome(table(['5', '7.5', '9', '6', '8', '9', '5.5'])).remarks.map((r) => r.code)).not.toContain('sentinel')
  })
  it('are advised where one mark comes again and again, above the list of faults', () => {
    const { problems } = outcome(table(['5', '-', '7', '-', '-', '8']))
    expect(problems.map((p) => p.path)).toEqual(['data.dataset.badRows', 'data.dataset.marks', 'data.dataset.file'])
    expect(problems[2]!.message.en).toBe('line 3, column "a": "-" is not a number; likewise in 2 more lines: 5, 6')
  })
})

describe('time', () => {
  const windows = { lines: 'windows', length: 2, target: 'v' }
  const seen = (text: string, more: object = {}): number[] => [...outcome(text, { ...windows, ...more }).data!.x]
  const codes = (text: string, more: object = {}): string[] =>
    outcome(text, { ...windows, ...more }).remarks.map((r) => r.code)
  const refusal = (text: string, more: object = {}): string =>
    outcome(text, { ...windows, ...more })
      .problems.map((p) => p.message.en)
      .join('\n')
  it('of day goes past midnight in the order of the file', () => {
    const text = 'time,v\n22:00,1\n23:00,2\n00:00,3\n01:00,4\n02:00,5\n'
    expect(seen(text)).toEqual([1, 2, 2, 3, 3, 4])
    expect(codes(text)).toContain('pastMidnight')
    expect(refusal('time,v\n10:00,1\n09:00,2\n11:00,3\n12:00,4\n')).toMatch(/falls back from 10:00 to 09:00/)
  })
  it('is exact to the nanosecond', () => {
    const at = (n: number): string => `16000000000000${String(n).padStart(5, '0')}`
    expect(seen(`timestamp,v\n${at(200)},3\n${at(0)},1\n${at(100)},2\n${at(300)},4\n`)).toEqual([1, 2, 2, 3])
    const day = (n: string): string => `2024-01-01T00:00:00.${n}`
    expect(
      seen(`timestamp,v\n${day('000000002')},3\n${day('000000000')},1\n${day('000000001')},2\n${day('000000003')},4\n`)
    ).toEqual([1, 2, 2, 3])
    expect(
      seen(`t,v\n1600000000.000000002,3\n1600000000.000000000,1\n1600000000.000000001,2\n1600000000.000000003,4\n`)
    ).toEqual([1, 2, 2, 3])
    expect(seen(`t,v\n9600000000000000002,3\n1,1\n9600000000000000001,2\n9600000000000000003,4\n`)).toEqual([
      1, 2, 2, 3
    ])
  })
  it('since 1970 is in one unit', () => {
    expect(refusal('timestamp,v\n1600000000,1\n1600000060000,2\n1600000120,3\n')).toMatch(/several units/)
    for (const zeros of ['', '000', '000000', '000000000'])
      expect(seen(['timestamp,v', ...[3, 1, 2, 4].map((i) => `${1600000000 + i}${zeros},${i}`)].join('\n'))).toEqual([
        1, 2, 2, 3
      ])
  })
  it('has gaps, which are counted', () => {
    const found = outcome('t,v\n0,1\n10,2\n20,3\n30,4\n90,5\n100,6\n110,7\n200,8\n210,9\n', windows)
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'timeGaps', count: 2, line: 5 }))
    expect(codes('date,v\n2024-01-01,1\n2024-02-01,2\n2024-03-01,3\n2024-04-01,4\n2024-05-01,5\n')).not.toContain(
      'timeGaps'
    )
  })
  it('may stand in several columns', () => {
    const months = 'year,month,v\n2020,2,2\n2020,1,1\n2021,1,4\n2020,12,3\n'
    expect(seen(months)).toEqual([1, 2, 2, 3])
    expect(outcome(months, windows).data!.featureNames).toEqual(['v'])
    expect(seen('year,month,v\n2020,Feb,2\n2020,Jan,1\n2021,Jan,4\n2020,Dec,3\n')).toEqual([1, 2, 2, 3])
    expect(
      seen('date,time,v\n2020-01-02,08:00,3\n2020-01-01,20:00,2\n2020-01-01,08:00,1\n2020-01-02,20:00,4\n')
    ).toEqual([1, 2, 2, 3])
    expect(seen(months.replace('year,month', 'y,m'), { time: 'y, m' })).toEqual([1, 2, 2, 3])
    expect(refusal(months, { time: 'year' })).toMatch(/name them all: year, month/)
  })
  it('has days first where they must be', () => {
    expect(seen('date,v\n01.02.2024,2\n31.01.2024,1\n02.02.2024,3\n03.02.2024,4\n')).toEqual([1, 2, 2, 3])
    expect(refusal('date,v\n01/02/2024,2\n02/01/2024,1\n02/02/2024,3\n')).toMatch(/day or the month first/)
  })
})

describe('a large table', () => {
  it('is read in time that grows with its rows only', () => {
    const make = (n: number): string =>
      `d,p,w,x,t\n${Array.from({ length: n }, (_, i) => `2024-01-${String((i % 28) + 1).padStart(2, '0')},"${i + 1000},${String(i % 1000).padStart(3, '0')}",id${i},${i * 1.5},${i % 2}`).join('\n')}\n`
    const time = (n: number): number => {
      const text = make(n)
      const computed = computing()
      inspectCsv(text)
      return computed()
    }
    time(2000)
    expect(time(40_000)).toBeLessThan(20 * Math.max(20, time(4000)))
  })
})
