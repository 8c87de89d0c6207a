/** Runs taken home, checked by real PyTorch and real Keras. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cases } from '@shared/takehome/parity'
import { afterAll, expect, test } from 'vitest'
import { takeHome } from '../../src/trainer/takeHome'
import { runChecks, writeProject, type Check } from './parity'

/** One of each way of writing: modules, cells and optimizers of PyTorch and our own, noise, penalties, clipping. */
const IDS = [
  'activations-prelu',
  'critics-batch norm',
  'critics-fixed noise',
  'critics-one-sided penalty',
  'critics-own noise',
  'critics-orthogonal start',
  'datasets-diabetes',
  'datasets-temporalOrder',
  'layers-add',
  'layers-alphaDropout',
  'layers-batchNorm',
  'layers-conv1d',
  'layers-conv2d',
  'layers-conv2d, symmetric',
  'layers-maxPool, symmetric',
  'layers-averagePool, symmetric',
  'layers-dropout',
  'layers-embedding',
  'layers-gru',
  'layers-lstm',
  'losses-huber',
  'optimizers-adam',
  'optimizers-nadam',
  'optimizers-rmsprop',
  'remedies-adaptiveClip',
  'remedies-classWeights',
  'remedies-gradientPenalty',
  'remedies-l2',
  'remedies-selu',
  'remedies-spectralNorm',
  'schedules-cosine'
]
/** As above, of Keras: its layers with their gates, classes of the project's own, penalties, what changes a step. */
const KERAS_IDS = [
  'activations-prelu',
  'critics-batch norm',
  'critics-fixed noise',
  'critics-one-sided penalty',
  'critics-own noise',
  'critics-orthogonal start',
  'layers-add',
  'layers-batchNorm',
  'layers-conv2d',
  'layers-conv2d, symmetric',
  'layers-maxPool, symmetric',
  'layers-averagePool, symmetric',
  'layers-dropout',
  'layers-embedding',
  'layers-gru',
  'layers-lstm',
  'optimizers-adamW',
  'optimizers-nadam',
  'remedies-classWeights',
  'remedies-clipByGlobalNorm',
  'remedies-l2',
  'remedies-residual',
  'schedules-cosine'
]
const IDS_OF = { pytorch: IDS, keras: KERAS_IDS }
const root = mkdtempSync(join(tmpdir(), 'clinic-take-home-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What the check of each project said. */
async function checks(language: keyof typeof IDS_OF): Promise<Map<string, Check>> {
  const folders: string[] = []
  for (const { id, experiment } of cases().filter((c) => IDS_OF[language].includes(c.id))) {
    const taken = await takeHome(experiment, {}, 2, { lossTable: '', version: '0.0.0-test' })
    folders.push(await writeProject(join(root, language, id), language, taken))
  }
  return runChecks(folders)
}

const found = { pytorch: await checks('pytorch'), keras: await checks('keras') }
function isReproduced(language: keyof typeof IDS_OF, id: string): void {
  const { ok, text } = found[language].get(id) ?? { ok: false, text: 'was not run' }
  expect(ok, text).toBe(true)
  expect(text).toMatch(/first 20 losses: differ by .*\ngradients of the first step/)
}
test.each(IDS)('%s is reproduced by PyTorch', (id) => isReproduced('pytorch', id))
test.each(KERAS_IDS)('%s is reproduced by Keras', (id) => isReproduced('keras', id))
