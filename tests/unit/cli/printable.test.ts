import { expect, it } from 'vitest'
import { main } from '../../../src/cli/main'
import { printable } from '../../../src/cli/printable'

it.each([
  ['\u001b[2J\u001b]0;title\u0007', '\\u001b[2J\\u001b]0;title\\u0007'],
  ['real\rfake', 'real\\u000dfake'],
  ['\u009b31m red', '\\u009b31m red'],
  ['abc\u202ecsv', 'abc\\u202ecsv'],
  ['\rrunning 3/10', '\rrunning 3/10'],
  ['one\n\ttwo\r\n', 'one\n\ttwo\r\n'],
  ['中文 × 😀 é', '中文 × 😀 é']
])('a terminal shows %j', (text, shown) => {
  expect(printable(text)).toBe(shown)
})
it('leaves JSON as it is', () => {
  const value = { name: 'a\u202eb\u009bc\u001bd', list: ['\r', '\u007f'] }
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value)
})
it('no text that the command line writes commands the terminal', async () => {
  let err = ''
  await main(['\u001b[31m red'], '0.0.0', { out: () => undefined, err: (text) => (err += text) })
  expect(err).toMatch(/^clinic: \\u001b\[31m red: is not a command/)
})
