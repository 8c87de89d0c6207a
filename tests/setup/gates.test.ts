import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsOf, brokenLinks } from '../../scripts/lib/links.mjs'
import { filesOf, runGates } from '../../scripts/lib/lint.mjs'
import { tooLong, wideComments, widthOf } from '../../scripts/lib/prose.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { tempDir } from './fixtures'

const CONFIGURATION = [
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'eslint.config.ts',
  '.prettierrc',
  'cspell.json',
  'knip.jsonc'
]
/** A small checkout with the configurations of this one, and what a gate says of files put there. */
async function said(gate: string, files: Record<string, string>): Promise<string> {
  const root = await tempDir()
  // Caches of the real checkout stay untouched.
  mkdirSync(join(root, 'node_modules'))
  const packages = readdirSync(join(ROOT, 'node_modules')).filter((name) => name !== '.cache')
  for (const path of ['scripts', 'types', ...packages.map((name) => `node_modules/${name}`)])
    symlinkSync(join(ROOT, path), join(root, path))
  for (const name of CONFIGURATION) copyFileSync(join(ROOT, name), join(root, name))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const [outcome] = await runGates({ names: [gate], files: Object.keys(files), root })
  expect(outcome!.name).toBe(gate)
  return outcome!.text
}

describe('each gate refuses', () => {
  const file = 'src/shared/base/sample.ts'
  it('code that ESLint objects to', async () => {
    expect(await said('eslint', { [file]: 'export const it = (a: number): boolean => a == 1\n' })).toMatch(/eqeqeq/)
  })
  it('an exported function or class without a docstring, in shared and trainer', async () => {
    const bare = [
      '// Not a docstring.\nexport const one = (): void => undefined',
      'export function two(): void {}',
      'export class Three {}',
      'const four = (): void => undefined',
      'export { four }',
      '/** What it is for. */\nexport const five = (): void => undefined',
      'export const six = 6',
      'const seven = (): void => undefined\nvoid seven'
    ]
    for (const room of ['shared/base', 'trainer']) {
      const text = await said('eslint', { [`src/${room}/sample.ts`]: `${bare.join('\n')}\n` })
      expect([...text.matchAll(/"(\w+)" is exported/g)].map((match) => match[1])).toEqual([
        'one',
        'two',
        'Three',
        'four'
      ])
    }
    expect(await said('eslint', { 'src/cli/sample.ts': `${bare[1]}\n` })).toBe('')
  })
  it('a layout that is not Prettier’s', async () => {
    expect(await said('prettier', { [file]: 'export const it = {a : 1};\n' })).toMatch(/sample/)
    expect(await said('prettier', { 'x.md': `${'word '.repeat(30)}\n` })).toMatch(/x\.md/)
  })
  it('a word that is in no dictionary', async () => {
    // cspell:ignore recie
    const word = ['recie', 'ved wie', 'rd'].join('')
    const text = await said('spelling', { [file]: `/** ${word}, colour and color, normalise and normalize. */\n` })
    expect(text).toMatch(new RegExp(word.replace(' ', '[^]*')))
    expect(text).not.toMatch(/color|colour|normalise|normalize/)
  })
  it('a file, an export and a package that nothing uses or declares', async () => {
    const uses =
      "import { one } from '../../src/shared/base/sample'\nimport { range } from 'lodash'\n\nvoid range(one)\n"
    const text = await said('knip', {
      'tests/unit/sample.test.ts': uses,
      'src/shared/base/sample.ts': 'export const one = 1\nexport const two = 2\n',
      'src/shared/base/alone.ts': 'export const it = 1\n'
    })
    expect(text).toMatch(/Unused files[^]*alone\.ts/)
    expect(text).toMatch(/Unlisted dependencies[^]*lodash/)
    expect(text).toMatch(/Unused exports[^]*two/)
    expect(text).toMatch(/Unused dependencies[^]*valibot/)
  })
  it('files that import one another in a circle, types included', async () => {
    const text = await said('circles', {
      'src/shared/base/one.ts': "import type { Two } from './two'\nexport type One = Two\n",
      'src/shared/base/two.ts': "export * from '@shared/base/three'\nexport type Two = 2\n",
      'src/shared/base/three/index.ts': "import {\n  type One\n} from '../one'\nexport type Three = One\n",
      'src/shared/base/four.ts': "import { five } from './five'\nexport const four = five\n",
      'src/shared/base/five.ts': "export const five = () => import('./four')\n"
    })
    expect(text).toMatch(/3 files import one another: src\/shared\/base\/one\.ts, .*three\/index\.ts, .*two\.ts/)
    expect(text).not.toMatch(/four/)
  })
  it('a link, a comment and a length', async () => {
    expect(await said('links', { 'docs/x.md': '[x](nowhere.md)\n' })).toMatch(/nowhere/)
    expect(await said('comments', { [file]: `// ${'word '.repeat(30)}\n` })).toMatch(/sample\.ts:1/)
    expect(await said('length', { [file]: 'void 0\n'.repeat(301) })).toMatch(/301 lines/)
  })
})

it('the gates look at every file of the checkout, and at none that was made or taken in', async () => {
  const files = await filesOf()
  expect(files).toEqual(expect.arrayContaining(['README.md', '.ci/run', 'src/main/index.ts', 'docs/guide.md']))
  expect(files.filter((path) => /^(node_modules|out|reports|coverage|dist)\//.test(path))).toEqual([])
})

describe('links', () => {
  it('have the anchors that code hosts give headings', () => {
    const text =
      '# One `two`, three!\n\n## Same\n\n## Same\n\n### [Linked](x.md) ×\n\n```\n# no heading\n```\n\n<a id="own"></a>\n'
    expect([...anchorsOf(text)]).toEqual(['one-two-three', 'same', 'same-1', 'linked-', 'own'])
  })
  it.each([
    ['[x](none.md)', 1],
    ['[x](architecture.md#none)', 1],
    ['[x](#none)', 1],
    ['![x](images/none.png "title")', 1],
    ['[x]: none.md', 1],
    ['<img src="none.png">', 1],
    ['# Here\n\n[x](#here) [y](architecture.md) [z](../README.md) <https://x.example> [w](https://x.example/y)', 0],
    ['`[x](none.md)`\n\n```\n[x](none.md)\n```', 0]
  ])('%j: %i broken', (text, count) => {
    expect(brokenLinks('docs/x.md', text)).toHaveLength(count)
  })
})

describe('comments', () => {
  const long = 'word '.repeat(30)
  it.each([
    [`// ${long}`, 1],
    [` * ${long}`, 1],
    [`/** ${long} */`, 1],
    [`# ${long}`, 1],
    [`<!-- ${long} -->`, 1],
    [`const it = 1 // ${long}`, 1],
    [`// ${'字 '.repeat(45)}`, 1],
    [`// https://example.org/${'x'.repeat(200)}`, 0],
    [`const it = '${long}'`, 0],
    [`const it = 'https://x.example // ${long}'`, 0],
    ['// short', 0]
  ])('%j: %i too wide', (line, count) => {
    expect(wideComments('x.ts', `${line}\n`)).toHaveLength(count)
  })
  it('count a Chinese character as two columns', () => {
    expect(widthOf('a 字，')).toBe(6)
  })
})

describe('a file of more than 300 lines', () => {
  const lines = (n: number): string => 'x\n'.repeat(n)
  it('needs a reason in a comment on its first line', () => {
    expect(tooLong('x.ts', lines(301))).toHaveLength(1)
    expect(tooLong('x.ts', lines(300))).toEqual([])
    expect(tooLong('x.ts', `// Long because a table is read as a whole.\n${lines(400)}`)).toEqual([])
    expect(tooLong('X.vue', `<!-- Long because a table is read as a whole. -->\n${lines(400)}`)).toEqual([])
    expect(tooLong('x.ts', `/** Trains a network. */\n${lines(400)}`)).toHaveLength(1)
    expect(tooLong('x.ts', `const because = 1\n${lines(400)}`)).toHaveLength(1)
  })
})
