/** Keras → here → Keras, PyTorch → here → PyTorch: the same weights, and the same first forward pass. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { writeRoundTrips } from '../../src/cli/roundTrips'
import { runTrips } from './parity'

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

const found = runTrips(
  await writeRoundTrips(
    root,
    FILES.map((f) => join(FIXTURES, f))
  )
)
test.each(found.map((t) => [t.id, t] as const))('%s comes back with its weights and its outputs', (_id, trip) => {
  // A forget gate's 1 is taken out of its bias and put back: that rounds.
  expect(trip.weights).toBeLessThan(1e-6)
  expect(trip.outputs).toBeLessThan(1e-5)
})
