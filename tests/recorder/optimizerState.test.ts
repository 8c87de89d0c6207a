/** Models of Keras and PyTorch in the middle of their training go on here by the steps that they make there. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Imported } from '@shared/bridge/imported'
import { startFile } from '@shared/bridge/importer'
import { openModel } from '@shared/bridge/open'
import { afterAll, expect, test } from 'vitest'
import { Training } from '../../src/trainer/session/training'
import { takeHome } from '../../src/trainer/takeHome'
import { runChecks, writeProject, type Check } from './parity'
import { written } from './written'

const BATCH = 32
const root = mkdtempSync(join(tmpdir(), 'clinic-optimizers-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Told {
  pairs: { name: string; files: [string, string] }[]
  steps: number
  x: number[]
  y: number[]
}
const told = written<Told>('optimizers.py', root, 'optimizers.json')
const open = (file: string): Promise<Imported> => openModel(readFileSync(join(root, file)), { weightsFile: 'w' })

/** Largest difference of a weight from those of another model, after the steps that part the two. */
async function difference({ files: [before, after] }: Told['pairs'][number], keeps = true): Promise<number> {
  const imported = await open(before)
  const { experiment } = imported
  const training = new Training(
    { ...experiment, training: { ...experiment.training, batchSize: BATCH } },
    { w: startFile(keeps ? imported : { ...imported, state: new Map() }) }
  )
  training.build()
  try {
    const batch = { x: Float32Array.from(told.x), y: Float32Array.from(told.y), count: BATCH }
    for (let t = 1; t <= told.steps; t++) training.engine.step(batch, t, false)
    const { weights } = await open(after)
    const now = training.engine.read()
    let most = 0
    // Running averages are not the optimizer's.
    for (const at of training.model.weights) {
      const theirs = weights.get(training.model.variables[at]!.name)!.values
      now[at]!.forEach((v, i) => (most = Math.max(most, Math.abs(v - theirs[i]!))))
    }
    return most
  } finally {
    training.dispose()
  }
}

const LOST = 'Keras: Nadam'
test.each(told.pairs.filter((p) => p.name !== LOST).map((p) => [p.name, p] as const))(
  '%s goes on',
  async (_name, pair) => {
    expect(await difference(pair)).toBeLessThan(1e-5)
  }
)
test.each(told.pairs.filter((p) => !/: SGD$/.test(p.name) && p.name !== LOST).map((p) => [p.name, p] as const))(
  '%s would go another way without its state',
  async (_name, pair) => {
    expect(await difference(pair, false)).toBeGreaterThan(1e-4)
  }
)

/** Each taken home to where it comes from, and what its check says there. */
async function takenHome(): Promise<Map<string, Check>> {
  const folders: string[] = []
  for (const { name, files } of told.pairs) {
    if (name.endsWith('h5')) continue
    const imported = await open(files[0])
    const taken = await takeHome(imported.experiment, { w: startFile(imported) }, 2, { lossTable: '', version: '0' })
    const folder = join(root, name.replace(/\W+/g, '-'))
    folders.push(await writeProject(folder, name.startsWith('Keras') ? 'keras' : 'pytorch', taken))
  }
  return runChecks(folders)
}
test('taken home, they go on from the same state', async () => {
  const checks = await takenHome()
  expect(checks.size).toBe(told.pairs.length - 1)
  for (const [id, { ok, text }] of checks) expect(ok, `${id}: ${text}`).toBe(true)
})
test('what is taken over is told', async () => {
  const { notes, state } = await open(told.pairs.find((p) => p.name === 'Keras: Adam')!.files[0])
  expect(notes.map((n) => n.en)).toContain('the optimizer’s state is taken over: its next step is number 8')
  expect([...state.keys()].filter((k) => k.startsWith('m/'))).toHaveLength(11)
})
test('what can’t be taken over is told', async () => {
  const { notes, state } = await open(told.pairs.find((p) => p.name === LOST)!.files[0])
  expect(notes.map((n) => n.en).join()).toContain('not taken over, and starts anew: the file lacks Nadam’s product')
  expect(state.size).toBe(0)
})
