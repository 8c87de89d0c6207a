/** Runs taken home: as a project that another language runs. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cases } from '@shared/takehome/parity'
import { torchProject } from '@shared/takehome/torch'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { afterAll, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main'
import { takeHome } from '../../src/trainer/takeHome'

const root = mkdtempSync(join(tmpdir(), 'clinic-take-home-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const SOURCES = ['model.py', 'data.py', 'train.py', 'check.py']

async function clinic(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await main(args, '0.0.0-test', { out: (t) => (out += t), err: (t) => (err += t) })
  return { code, out, err }
}
const project = async (experiment: Experiment): Promise<Record<string, string>> =>
  torchProject(await takeHome(experiment, {}, 2, { lossTable: '', version: '0.0.0-test' })) as Record<string, string>

describe('a project for PyTorch', () => {
  it.each([
    'activations-prelu',
    'layers-conv2d',
    'layers-lstm',
    'layers-dropout',
    'optimizers-adam',
    'schedules-cosine',
    'remedies-adaptiveClip',
    'remedies-residual'
  ])('%s reads as it did', async (id) => {
    const files = await project(cases().find((c) => c.id === id)!.experiment)
    await expect(SOURCES.map((name) => `# ${name}\n${files[name]!}`).join('\n')).toMatchFileSnapshot(
      `snapshots/${id}.txt`
    )
  })
  it('executes nothing of a text that a project holds', async () => {
    const evil = '"""\nimport os\nos.system("echo broken out")\n"""\\'
    const files = await project(
      parseExperiment({
        name: evil,
        data: { dataset: { id: 'blobs', count: 60 } },
        network: {
          nodes: [
            { id: 'forward', name: evil, kind: 'dense', params: { units: 4 } },
            { id: 'out', kind: 'dense', params: { units: 3, activation: 'linear' } }
          ]
        },
        training: { steps: 3, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: 'sgd' }
      })
    )
    for (const name of SOURCES) {
      expect(files[name]).not.toContain('\nos.system')
      expect(files[name]).not.toMatch(/^import os/m)
    }
    expect(files['model.py']).toContain('self.forward_2 = nn.Linear')
  })
})

describe('clinic export', () => {
  const table =
    'a,b,y\n' +
    Array.from({ length: 40 }, (_, i) => `${i % 7},${(i * i) % 11},${(i % 7) * 2 - ((i * i) % 11)}\n`).join('')
  const experiment = {
    name: 'Own table',
    data: { dataset: { id: 'csv', file: 'own.csv', target: 'y' } },
    network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }] },
    training: { steps: 30, batchSize: 8, loss: 'meanSquaredError', optimizer: 'sgd' }
  }
  it('writes a folder that clinic run wrote as a project', async () => {
    writeFileSync(join(root, 'own.csv'), table)
    writeFileSync(join(root, 'own.json'), JSON.stringify(experiment))
    const run = join(root, 'run')
    expect((await clinic('run', join(root, 'own.json'), '--out', run, '--quiet')).code).toBe(0)
    expect((await clinic('export', run, join(root, 'a'), '--to', 'pytorch')).err).toMatch(/own\.csv.*no such file/)
    const { code, out, err } = await clinic('export', run, join(root, 'home'), '--to', 'pytorch', '--data', root)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('model.py, data.py, train.py, check.py')
    expect(readFileSync(join(root, 'home/losses.csv'), 'utf8')).toBe(readFileSync(join(run, 'loss.csv'), 'utf8'))
    expect(readFileSync(join(root, 'home/README.md'), 'utf8')).toContain('weights after 30 steps')
    // Nothing is written over.
    expect((await clinic('export', run, join(root, 'home'), '--to', 'pytorch', '--data', root)).err).toContain(
      'not empty'
    )
  })
  it('refuses a run whose losses are not reproduced here', async () => {
    const file = join(root, 'run/loss.csv')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^0,[^,]*/m, '0,123'))
    const { code, err } = await clinic('export', join(root, 'run'), join(root, 'b'), '--to', 'pytorch', '--data', root)
    expect(code).toBe(2)
    expect(err).toMatch(/step 0 gives .* here and 123 there/)
    expect(existsSync(join(root, 'b'))).toBe(false)
  })
  it('names what cannot be written, and why', async () => {
    const file = join(root, 'critic.json')
    const critic = cases().find((c) => c.id === 'losses-wasserstein')!.experiment
    writeFileSync(file, JSON.stringify(critic))
    const { code, err } = await clinic('export', file, join(root, 'c'), '--to', 'pytorch')
    expect(code).toBe(2)
    expect(err).toMatch(/data\.dataset: 8 Gaussians cannot be written in PyTorch: a critic learns against a generator/)
  })
  it.each([
    [['export', 'x', 'y'], /--to: must be one of: pytorch/],
    [['export', 'x', '--to', 'pytorch'], /a run and a folder/],
    [['export', 'x', 'y', '--to', 'toString'], /must be one of/],
    [['export', 'x', 'y', '--to', 'pytorch', '--step', '-1'], /is not a step/]
  ])('%j is refused in words', async (args, message) => {
    const { code, err } = await clinic(...args)
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })
})
