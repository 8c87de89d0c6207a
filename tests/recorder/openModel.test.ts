/**
 * Models that `gradient_clinic.export` wrote under real PyTorch, taken over, and their first forward passes compared.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@shared/base/problems'
import type { Imported } from '@shared/bridge/imported'
import { startFile } from '@shared/bridge/importer'
import { openModel } from '@shared/bridge/open'
import { afterAll, expect, test } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { checkExperiment } from '../../src/cli/run'
import { firstPass } from '../../src/trainer/firstPass'
import { written } from './written'

const root = mkdtempSync(join(tmpdir(), 'clinic-open-model-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A line of the table: what became of a model. */
interface Line {
  name: string
  layers: string
  notes: string
  /** Of the first forward pass; absent where other layers take some places, or nothing was taken over. */
  difference?: number
}
async function take(name: string, file: string): Promise<Line> {
  const bytes = readFileSync(join(root, file))
  let imported: Imported
  let difference: number | undefined
  try {
    imported = await openModel(bytes, { replace: ['all'], weightsFile: 'w' })
    const files = { w: startFile(imported) }
    // With the data that stand in, it can be trained at once.
    checkExperiment(imported.experiment, files)
    difference = firstPass(imported, files)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { name, layers: '–', notes: error.problems.map((p) => `${p.path} ${p.message.en}`).join('; ') }
  }
  const { layers, replaced, faults } = imported
  const count = (state: string): number => layers.filter((l) => l.state === state).length
  const counts = [
    [count('exact') + count('note'), 'exactly'],
    [count('replaced'), 'replaced']
  ].filter(([n]) => n)
  return {
    name,
    layers: counts.map((c) => c.join(' ')).join(', '),
    notes: [
      ...faults.filter((f) => f.always).map((f) => `fault: ${f.code}`),
      ...replaced.map((r) => `${r.layer} (${r.className}): ${r.texts.map((t) => t.en).join('; ')}`)
    ].join('; '),
    ...(!replaced.length && difference !== undefined && { difference })
  }
}

async function lines(): Promise<Line[]> {
  const told = written<{ name: string; file: string; refused?: string }[]>('models.py', root)
  const all: Line[] = []
  for (const { name, file, refused } of told)
    all.push(refused === undefined ? await take(name, file) : { name, layers: '–', notes: refused })
  return all
}
const all = await lines()

test.each(all.filter((l) => l.difference !== undefined))('$name computes the same here', ({ difference }) => {
  expect(difference).toBeLessThan(1e-5)
})
test('what becomes of each is what the documentation says', async () => {
  const rows = [
    ['model', 'layers', 'first pass', 'what differs'],
    ...all.map((l) => [l.name, l.layers, l.difference === undefined ? '–' : 'equal', l.notes || '–'])
  ]
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((r) => r[i]!.length)))
  const line = (cells: string[]): string => `| ${cells.map((c, i) => c.padEnd(widths[i]!)).join(' | ')} |`
  const table = [line(rows[0]!), `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`, ...rows.slice(1).map(line)]
  const intro = readFileSync(join(ROOT, 'docs/models.md'), 'utf8').split('\n| model')[0]!
  await expect(`${intro}\n${table.join('\n')}\n`).toMatchFileSnapshot(join(ROOT, 'docs/models.md'))
})
