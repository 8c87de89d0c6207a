/** Keras → here → Keras, PyTorch → here → PyTorch: the same weights, and the same first forward pass. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ROOT, testPython } from '../../scripts/setup/paths.mjs'
import { writeRoundTrips } from '../../src/cli/roundTrips'

const FIXTURES = join(ROOT, 'tests/fixtures')
const FILES = [
  'keras/picture.keras',
  'keras/recurrent.keras',
  'keras/residual.keras',
  'keras/text.keras',
  'keras/padded.keras',
  'torch/net.safetensors',
  'torch/resnet.safetensors'
]
const root = mkdtempSync(join(tmpdir(), 'clinic-round-trips-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Trip {
  id: string
  weights: number
  outputs: number
}
async function trips(): Promise<Trip[]> {
  const { executable, packages } = testPython()
  const folders = await writeRoundTrips(
    root,
    FILES.map((f) => join(FIXTURES, f))
  )
  const { stdout, stderr } = spawnSync(executable, [join(ROOT, 'scripts/lib/roundTrips.py'), ...folders], {
    encoding: 'utf8',
    env: { ...process.env, KERAS_BACKEND: 'torch', PYTHONPATH: packages.join(delimiter) }
  })
  const lines = stdout.trim().split('\n').filter(Boolean)
  if (lines.length < FILES.length) throw new Error(stderr)
  return lines.map((l) => JSON.parse(l) as Trip)
}
const found = await trips()
test.each(found.map((t) => [t.id, t] as const))('%s comes back with its weights and its outputs', (_id, trip) => {
  // A forget gate's 1 is taken out of its bias and put back: that rounds.
  expect(trip.weights).toBeLessThan(1e-6)
  expect(trip.outputs).toBeLessThan(1e-5)
})
