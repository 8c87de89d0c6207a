import { describe, expect, it } from 'vitest'
import { parseJsonText } from '@shared/base/json'
import { didYouMean } from '@shared/base/nearest'
import { InputError } from '@shared/base/problems'

const refusal = (text: string): string => {
  try {
    parseJsonText(text, 'e.json', true)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

describe('JSON that a person writes', () => {
  it.each([
    ['a comma too many', '{\n  "a": 1,\n}', /^e\.json: is not JSON: line 2, column 9: this comma is one too many/],
    ['a comma too many in a list', '[1,\n2,]', /line 2, column 2: this comma is one too many/],
    ['two commas', '{ "a": 1,, "b": 2 }', /line 1, column 9: this comma is one too many/],
    ['a number with a 0 before it', '{ "a": 01 }', /line 1, column 9: no number of JSON begins with a 0/],
    ['thousands', '{ "a": 1,000 }', /line 1, column 10: a number of JSON has no signs between its digits/],
    ['digits apart', '{ "a": 1_000 }', /line 1, column 9: a number of JSON has no signs between its digits/],
    ['a blank that is none', '{ "a":\u00a01 }', /line 1, column 7: an invisible character stands here/],
    ['nothing visible', '\u200b{ "a": 1 }', /line 1, column 1: an invisible character stands here/],
    ['wide signs', '{ "a"：1 }', /line 1, column 6: signs of JSON have half the width/],
    ['a comment', '{\n  // learning rate\n  "a": 1\n}', /line 2, column 3: JSON has no comments/],
    ['single quotes', "{\n  'a': 1\n}", /line 2, column 3: texts stand in double quotes/],
    ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', /line 3, column 3: a comma is expected/],
    ['a missing colon', '{ "a" 1 }', /line 1, column 7: a colon is expected/],
    ['a cut file', '{\n  "a": [1, 2', /line 2, column \d+: the file ends before a bracket \]/],
    ['a cut text', '{\n  "a": "x', /line 2, column \d+: a text in quotes is not closed/],
    ['more behind the end', '{}\n{}', /line 2, column 1: there is more behind the end/],
    ['a number as Python writes it', '{ "a": NaN }', /line 1, column 8: JSON has no NaN/],
    ['an infinity', '{ "a": -Infinity }', /line 1, column 8: JSON has no NaN and no Infinity: write a finite number/],
    ['a word of Python', '{ "a": True }', /line 1, column 8: JSON writes true and false in small letters/],
    ['nothing of Python', '{\n"a": None }', /line 2, column 6: JSON writes null for nothing/],
    ['nothing of JavaScript', '[undefined]', /line 1, column 2: JSON writes null for nothing/],
    ['a name without quotes', '{\n  learningRate: 1\n}', /line 2, column 3: names stand in double quotes/],
    ['typographic quotes', '{ “a”: 1 }', /line 1, column 3: texts stand in straight double quotes/],
    ['a comment of Python', '{\n# rate\n"a": 1 }', /line 2, column 1: JSON has no comments/],
    ['a semicolon', '{ "a": 1; "b": 2 }', /line 1, column 9: a comma separates values in JSON/],
    ['a plus', '{ "a": +1 }', /line 1, column 8: a number of JSON begins with a digit or a minus/],
    ['a number that begins with a point', '[.5]', /line 1, column 2: a number of JSON begins with a digit/],
    ['a hexadecimal number', '{ "a": 0x1F }', /line 1, column 9: JSON has no hexadecimal numbers/],
    ['lists without an end', '['.repeat(100_000), /line 1, column 501: is nested more than 500 levels deep/],
    ['objects within objects', `${'{ "a": '.repeat(1000)}1${'}'.repeat(1000)}`, /is nested more than 500 levels deep/],
    ['a decimal comma', '{ "a": 0,1 }', /line 1, column 10: a number of JSON has a decimal point/],
    ['lines around it', '```json\n{ "a": 1 }\n```\n', /line 1, column 1: lines of ``` stand around the JSON/],
    ['YAML', '# mine\nname: e\ndata:\n  dataset: xor\n', /looks like YAML: write the same as JSON/],
    ['YAML of a list', '---\n- a: 1\n', /looks like YAML/],
    ['TOML', '[training]\nsteps = 5\n', /looks like TOML or INI/],
    ['JavaScript', 'export default { a: 1 }', /looks like the code of a program/],
    ['Python', "experiment = {'a': 1}\n", /looks like the code of a program/],
    ['nothing', ' \n', /^e\.json: is empty/]
  ])('with %s is refused at its line and column', (_name, text, why) => expect(refusal(text)).toMatch(why))
  it('may hold as many brackets as it likes in a text', () =>
    expect(parseJsonText(JSON.stringify({ a: `"${'['.repeat(1000)}` }), 'e.json', true)).toHaveProperty('a'))
  it('with a key twice is refused with both lines, whichever object it is in', () => {
    expect(refusal('{\n "a": 1,\n "b": { "a": 2, "c": 1,\n "c": 2 },\n "a": 3\n}')).toBe(
      'e.json: "c" stands in line 3 and again in line 4: remove one of them\n' +
        'e.json: "a" stands in line 2 and again in line 5: remove one of them'
    )
    expect(refusal('{ "a": 1, "a": 2 }')).toBe('e.json: "a" stands twice in line 1: remove one of them')
    expect(parseJsonText('[{"a":1},{"a":2}]', 'e.json', true)).toEqual([{ a: 1 }, { a: 2 }])
  })
})

describe('a word that is not known', () => {
  const known = ['dense', 'adam', 'dropout', 'learningRate', 'leakyRelu', 'initializer']
  // cspell:ignore denze desne learningrate leakyrelo adma
  it.each([
    ['denze', 'dense'],
    ['desne', 'dense'],
    ['adma', 'adam'],
    ['Dense', 'dense'],
    ['lr', 'learningRate'],
    ['kernelInitializer', 'initializer'],
    ['learningrate', 'learningRate'],
    ['learning_rate', 'learningRate'],
    ['leakyrelo', 'leakyRelu']
  ])('%s means %s', (word, meant) => expect(didYouMean(word, known).en).toBe(`; did you mean "${meant}"?`))
  it.each([
    ['Linear', ['dense', 'dropout'], 'dense'],
    ['fully_connected', ['dense', 'dropout'], 'dense'],
    ['LeakyReLU', ['dense', 'activation'], 'activation'],
    ['LeakyReLU', ['relu', 'leakyRelu'], 'leakyRelu'],
    ['swish', ['relu', 'silu'], 'silu'],
    ['epochs', ['steps', 'batchSize'], 'steps'],
    ['gradient_clipping', ['clipByValue', 'clipByGlobalNorm'], 'clipByGlobalNorm']
  ])('%s of another program, where there are %s, means %s', (word, names, meant) =>
    expect(didYouMean(word, names).en).toBe(`; did you mean "${meant}"?`)
  )
  it('that is like none means none', () => expect(didYouMean('convolution', known).en).toBe(''))
})
