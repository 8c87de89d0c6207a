import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Imported } from '../../src/shared/bridge/imported'
import { importKeras } from '../../src/shared/bridge/keras'
import { openKeras } from '../../src/shared/bridge/keras/file'
import { readSafetensors, writeSafetensors } from '../../src/shared/bridge/safetensors'
import { Training } from '../../src/trainer/session/training'
import { runToEnd } from './support'

const read = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../fixtures/keras', name))
const take = (file: string, mend: string[] = []): Promise<Imported> =>
  openKeras(read(file), (model) => importKeras(model, { replace: ['all'], mend, weightsFile: 'w.safetensors' }))
const filesOf = (imported: Imported): Record<string, Uint8Array> => ({
  'w.safetensors': writeSafetensors(imported.weights)
})

/** What our network makes of inputs, through the function that the loss applies. */
function predict(imported: Imported, x: Float32Array, count: number): number[] {
  const training = new Training(imported.experiment, filesOf(imported))
  training.build()
  try {
    const out = [...training.engine.predict(x, count)]
    const width = out.length / count
    const { id } = imported.experiment.training.loss
    if (id === 'sigmoidCrossEntropy') return out.map((z) => 1 / (1 + Math.exp(-z)))
    if (id !== 'softmaxCrossEntropy') return out
    return out.map((z, i) => {
      const row = out.slice(Math.floor(i / width) * width, (Math.floor(i / width) + 1) * width)
      return Math.exp(z) / row.reduce((sum, v) => sum + Math.exp(v), 0)
    })
  } finally {
    training.dispose()
  }
}
/** Largest difference from what Keras made of the same inputs. @param logits Keras stopped before the softmax */
async function difference(file: string, mend: string[] = [], logits = false): Promise<number> {
  const known = readSafetensors(read(file.replace(/\.\w+$/, '.safetensors')))
  const [x, y] = [known.get('x')!, known.get('y')!]
  const imported = await take(file, mend)
  if (logits) imported.experiment.training.loss = { id: 'meanSquaredError' }
  if (logits) imported.experiment.data.dataset.targets = 'numbers'
  const ours = predict(imported, x.values, x.shape[0]!)
  expect(ours.length).toBe(y.values.length)
  return Math.max(...ours.map((v, i) => Math.abs(v - y.values[i]!)))
}

describe('a model of Keras', () => {
  it.each([
    ['a convolutional net', 'picture.keras', false],
    ['the same as an .h5 file', 'picture.h5', false],
    ['a graph of recurrent layers with a model inside', 'recurrent.keras', false],
    ['the same as an .h5 file', 'recurrent.h5', false],
    ['a residual net', 'residual.keras', false],
    ['a net of symbols', 'text.keras', true]
  ])('%s makes the same of the same inputs', async (_name, file, logits) => {
    expect(await difference(file, [], logits)).toBeLessThan(1e-5)
  })
  it('makes the same when a bias that a norm takes out is left out', async () => {
    const { faults } = await take('residual.keras')
    expect(faults.map((f) => [f.code, f.layer])).toEqual([
      ['biasBeforeNorm', 'in0'],
      ['biasBeforeNorm', 'in1']
    ])
    expect(await difference('residual.keras', ['biasBeforeNorm'])).toBeLessThan(1e-5)
  })
  it('is trained on from its weights, and from others without them', async () => {
    const imported = await take('residual.keras')
    const { experiment } = imported
    experiment.training.steps = 2
    const first = async (e: typeof experiment): Promise<number> =>
      (await runToEnd(e, { files: filesOf(imported) })).log.table!.scalar(0, 0)!
    const { weights: _, ...fresh } = experiment
    expect(await first(experiment)).not.toBe(await first(fresh))
  })
  it('keeps what a remedy draws anew, and refuses weights that fit nowhere or are gone', async () => {
    const imported = await take('picture.keras')
    const started = (remedies: { id: string; [k: string]: unknown }[]): Map<string, Float32Array> => {
      const training = new Training({ ...imported.experiment, remedies }, filesOf(imported))
      training.build()
      const values = training.engine.read()
      training.dispose()
      return new Map(training.model.variables.map((v, i) => [v.name, Float32Array.from(values[i]!)]))
    }
    const [plain, treated] = [started([]), started([{ id: 'initializer', to: { id: 'lecunUniform' } }])]
    expect(plain.get('dense/kernel')).toEqual(imported.weights.get('dense/kernel')!.values)
    expect(treated.get('dense/kernel')).not.toEqual(plain.get('dense/kernel'))
    expect(treated.get('batch_normalization/gamma')).toEqual(plain.get('batch_normalization/gamma'))
    const build = (files: Record<string, Uint8Array>): void => new Training(imported.experiment, files).build()
    expect(() => build({})).toThrow('“w.safetensors” is not there')
    const alien = new Map([['x/kernel', { shape: [1], values: new Float32Array(1) }]])
    expect(() => build({ 'w.safetensors': writeSafetensors(alien) })).toThrow('fits this network')
    expect(() => build({ 'w.safetensors': filesOf(imported)['w.safetensors']!.subarray(0, 300) })).toThrow(
      'safetensors'
    )
  })
})
