/**
 * docs/extend.md as written: each of its examples is a whole entry, in one file, that types, lint and contract tests
 * accept.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { ESLint } from 'eslint'
import * as prettier from 'prettier'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collect } from '../../scripts/lib/child.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'

/** What a checkout has besides the files that git tracks. */
const UNTRACKED = ['node_modules', '.git', 'out', 'dist', 'reports', 'coverage']
/** One entry of each is an example: every registry that a reader may extend. */
const KINDS = 'layers activations initializers optimizers losses datasets statistics remedies rules templates'.split(
  ' '
)

interface Example {
  file: string
  id: string
  registry: string
  code: string
}
const page = await readFile(join(ROOT, 'docs/extend.md'), 'utf8')
const examples: Example[] = [...page.matchAll(/^```ts (\S+)\n(.*?)^```/gms)].map(([, file, code]) => ({
  file: file!,
  id: basename(file!, '.ts'),
  registry: basename(dirname(file!)),
  code: code!
}))
const cases = examples.map((e) => [`${e.registry}/${e.id}`, e] as const)
/** Three faults that each of the checks must notice: a member that does not exist, chance, and a missing text. */
const broken = ({ code }: Example): string =>
  code.replace(/^( *)id: .*$/m, '$&\n$1stray: Math.random(),').replace(/zh: '(?:[^'\\]|\\.)*'/, "zh: ''")

interface Report {
  success: boolean
  numTotalTests: number
  testResults: { message: string; assertionResults: { fullName: string; status: string }[] }[]
}
let tree: string
const tool = (path: string, ...args: string[]): Promise<{ code: number | null; text: string }> =>
  collect(process.execPath, [join(ROOT, 'node_modules', path), ...args], { cwd: tree })

const put = (text: (e: Example) => string): Promise<unknown> =>
  Promise.all(examples.map((e) => writeFile(join(tree, e.file), text(e))))
/**
 * The type errors of the only program that has entries in it: all others see a registry as its glob. What has not
 * changed since the last call is not looked at anew.
 */
async function types(): Promise<string> {
  const args = ['--pretty', 'false', '--incremental', '--tsBuildInfoFile', join(tree, 'types.json')]
  return (await tool('vue-tsc/bin/vue-tsc.js', ...args, '-p', 'tsconfig.shared.json')).text
}
/** Complaints of ESLint, by file. */
async function lint(): Promise<Record<string, string[]>> {
  const found = await new ESLint({ cwd: tree }).lintFiles(examples.map((e) => e.file))
  return Object.fromEntries(
    found.map((r) => [relative(tree, r.filePath), r.messages.map((m) => m.ruleId ?? m.message)])
  )
}
async function contract(): Promise<Report> {
  const file = join(tree, 'contract.json')
  await rm(file, { force: true })
  const { text } = await tool(
    'vitest/vitest.mjs',
    'run',
    '--project',
    'contract',
    '--reporter=json',
    `--outputFile.json=${file}`
  )
  const report = await readFile(file, 'utf8').catch(() => Promise.reject(new Error(text)))
  return JSON.parse(report) as Report
}
/** What the command line and an editor of experiments know, written down by a test in that checkout. */
const FOUND = `import { writeFileSync } from 'node:fs'
import { it } from 'vitest'
import { listData } from '../../src/cli/list'
import { experimentJsonSchema } from '@shared/experiment/json-schema'
it('is written down', () => writeFileSync('found.json', JSON.stringify({ list: listData(), schema: experimentJsonSchema() })))
`
const namesOf = (report: Report, status: string): string[] =>
  report.testResults.flatMap((f) => f.assertionResults.filter((t) => t.status === status).map((t) => t.fullName))

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'clinic-extend-'))
  await cp(ROOT, tree, { recursive: true, filter: (path) => !UNTRACKED.includes(relative(ROOT, path)) })
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'))
})
afterAll(() => rm(tree, { recursive: true, force: true }))

it('has an example of each registry, and the remedies that the hooks are tested with', async () => {
  expect([...new Set(examples.map((e) => e.registry))].sort()).toEqual([...KINDS].sort())
  const remedies = examples.filter((e) => e.registry === 'remedies')
  expect(remedies.map((e) => e.id)).toEqual(['gradientCentralisation', 'gradientNoise', 'lookahead'])
  for (const { id, code } of remedies)
    expect(code, id).toBe(await readFile(join(ROOT, `tests/fixtures/remedies/${id}.ts`), 'utf8'))
})

describe('as written', () => {
  let found: { list: Record<string, { id: string }[]>; schema: { $defs: Record<string, unknown> } }
  let errors: string
  let complaints: Record<string, string[]>
  let report: Report
  beforeAll(async () => {
    await put((e) => e.code)
    await writeFile(join(tree, 'tests/contract/found.test.ts'), FOUND)
    ;[errors, complaints, report] = await Promise.all([types(), lint(), contract()])
    await rm(join(tree, 'tests/contract/found.test.ts'))
    found = JSON.parse(await readFile(join(tree, 'found.json'), 'utf8')) as typeof found
  }, 600_000)

  it('every example passes types and contract, and the checkout has nothing else that fails', () => {
    expect(errors).toBe('')
    expect(namesOf(report, 'failed')).toEqual([])
    expect(report.testResults.map((f) => f.message).join('')).toBe('')
    expect(report.success).toBe(true)
  })
  it.each(cases)('%s is one file that lint and the formatter accept', async (_name, { file, code }) => {
    expect(complaints[file]).toEqual([])
    const options = await prettier.resolveConfig(join(ROOT, file))
    expect(await prettier.check(code, { ...options, filepath: file })).toBe(true)
  })
  it.each(cases)('%s is found without a second file', (_name, { id, registry }) => {
    expect(namesOf(report, 'passed').filter((name) => name.split(/\W+/).includes(id)).length).toBeGreaterThan(1)
    if (registry === 'templates') return
    expect(found.list[registry]!.map((e) => e.id)).toContain(id)
    if (registry === 'rules' || registry === 'statistics') return
    expect(JSON.stringify(found.schema)).toContain(`"${id}"`)
  })
})

describe('broken', () => {
  let errors: string
  let complaints: Record<string, string[]>
  let failed: string[]
  beforeAll(async () => {
    await put(broken)
    const [text, rules, report] = await Promise.all([types(), lint(), contract()])
    ;[errors, complaints, failed] = [text, rules, namesOf(report, 'failed')]
  }, 600_000)

  it.each(cases)('%s fails types, lint and contract', (_name, { file, id }) => {
    expect(errors).toContain(`${file}(`)
    expect(complaints[file]).toContain('no-restricted-properties')
    expect(failed.filter((name) => name.split(/\W+/).includes(id))).not.toEqual([])
  })
})
