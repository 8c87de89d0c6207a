/** Models that real Keras saved, taken over, and their first forward passes compared. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@shared/base/problems'
import { startFile } from '@shared/bridge/importer'
import { openModel } from '@shared/bridge/open'
import { afterAll, expect, test } from 'vitest'
import { firstPass } from '../../src/trainer/firstPass'
import { written } from './written'

const root = mkdtempSync(join(tmpdir(), 'clinic-keras-models-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Array1 {
  shape: number[]
  values: number[]
}
interface Told {
  name: string
  file: string
  x: Array1
  y: Array1
}
/** What becomes of a model: the same function, other layers in some places, or why it is refused. */
async function fate({ file, x, y }: Told): Promise<string> {
  try {
    const imported = await openModel(readFileSync(join(root, file)), { replace: ['all'], weightsFile: 'w' })
    const { replaced, notes, layers } = imported
    const drawn = layers.flatMap((l) => l.texts.filter((t) => t.en.includes('drawn anew')))
    if (replaced.length) return `other: ${[...replaced.flatMap((r) => r.texts), ...drawn].map((t) => t.en).join('; ')}`
    const tensor = (t: Array1): { shape: number[]; values: Float32Array } => ({
      ...t,
      values: Float32Array.from(t.values)
    })
    const difference = firstPass({ ...imported, sample: { x: tensor(x), y: tensor(y) } }, { w: startFile(imported) })
    const isRough = notes.some((n) => n.en.includes('16 bits'))
    return difference! < (isRough ? 1e-2 : 1e-5) ? (isRough ? 'equal in 16 bits' : 'equal') : `differs by ${difference}`
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return `refused: ${error.problems.map((p) => p.message.en).join('; ')}`
  }
}

test('each is the same here, or it is said what is not', async () => {
  const fates: Record<string, string> = {}
  for (const told of written<Told[]>('keras_models.py', root)) fates[told.name] = await fate(told)
  expect(fates).toMatchInlineSnapshot(`
    {
      "A layer of one’s own": "refused: a “own>Dense” has no counterpart here: write it in layers that are known, or watch the training with gradient_clinic.KerasWatch, which takes any layer",
      "A layer that does nothing": "equal",
      "A pool at the end": "equal",
      "Activations that are layers": "equal",
      "An activation of one’s own": "other: its activation “own>twice” has no counterpart: linear takes its place",
      "Axes moved": "refused: a “Permute” has no counterpart here: give the data in that order of axes",
      "Batch norm on another axis": "refused: normalises another axis than the last: make it with axis=-1",
      "Batch norm without its scale": "other: it gets a scale γ that is learnt",
      "Bidirectional LSTM": "other: only its forward half is taken over: there is no reverse direction here; its kernel is drawn anew: of 8 × 2 there, it is 4 × 2 behind what is another layer here",
      "Causal convolution": "refused: pads by “causal”: pad by “same” or “valid”, or by a ZeroPadding layer before it",
      "Convolution over time": "refused: repeats another layer than Dense over time: use Conv1D over the steps, or repeat a Dense",
      "Dense at each place": "equal",
      "Dense over time": "equal",
      "Difference of layers": "refused: a “Subtract” has no counterpart here: write Add, with the weights of one input negative",
      "Dropout of whole rows": "other: single values are dropped, not whole rows",
      "ELU with a slope": "equal",
      "GRU": "equal",
      "GRU, reset after": "other: its reset gate acts after the product (reset_after=True); here it acts before it",
      "LSTM with a mask": "other: time steps are not masked",
      "LSTM without biases": "equal",
      "Lambda": "refused: a “Lambda” has no counterpart here: write it in layers that are known, or watch the training with gradient_clinic.KerasWatch, which takes any layer",
      "Layer norm over two axes": "refused: normalises over several axes: make it with axis=-1",
      "Mixed precision": "equal in 16 bits",
      "Models in models": "equal",
      "Names in Chinese, legacy": "equal",
      "Normalisation": "other: inputs are not normalised inside the network: standardise the data",
      "Operations": "refused: a “Relu” has no counterpart here: write the layer keras.layers.ReLU in place of ops.relu",
      "Pooled to one place": "other: its axes of length 1 are left out",
      "Product of layers": "refused: a “Multiply” has no counterpart here: write it in layers that are known, or watch the training with gradient_clinic.KerasWatch, which takes any layer",
      "ReLU with a limit": "other: its activation “ReLU” has no counterpart: relu takes its place",
      "Rescaling": "other: inputs are not rescaled inside the network: scale the data",
      "Separable convolution": "refused: a “SeparableConv2D” has no counterpart here: put a Conv2D in its place",
      "Shape left open": "refused: doesn’t say the shape of its input: build it (model.build, or a first call) before it is saved, with every axis but the batch given",
      "Softmax inside": "other: its activation “softmax” has no counterpart: linear takes its place",
      "Strided convolutions": "equal",
      "Sum by a sign": "equal",
      "Sum of three": "refused: adds more than two results: write it as several additions",
      "Sum with a number": "refused: adds a number or a fixed tensor: let the bias of the layer before it learn that",
      "Two branches, regularised": "equal",
      "Zeros around": "equal",
    }
  `)
})
