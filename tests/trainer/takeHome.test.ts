/** Runs taken home: as a project that another language runs. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { datasets } from '@shared/catalog/datasets'
import { cases } from '@shared/takehome/parity'
import { readNpz } from '@shared/takehome/npz'
import { encodeProject, PROJECT_VERSION } from '@shared/project'
import { RunLog } from '@shared/run/runLog'
import { kerasProject } from '@shared/takehome/keras'
import { torchProject } from '@shared/takehome/torch'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { afterAll, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main'
import { templates } from '@shared/clinic/templates'
import { writers } from '@shared/takehome/write'
import { takeHome } from '../../src/trainer/takeHome'
import { styleFaults } from '../pythonStyle'

const root = mkdtempSync(join(tmpdir(), 'clinic-take-home-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const SOURCES = ['model.py', 'generator.py', 'data.py', 'train.py', 'check.py']
/** The code of a project in one text. */
const codeOf = (files: Record<string, unknown>): string =>
  SOURCES.filter((name) => name in files)
    .map((name) => `# ${name}\n${files[name] as string}`)
    .join('\n')

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
    'remedies-gradientPenalty',
    'remedies-residual'
  ])('%s reads as it did', async (id) => {
    const files = await project(cases().find((c) => c.id === id)!.experiment)
    await expect(codeOf(files)).toMatchFileSnapshot(`snapshots/${id}.txt`)
  })
  it.each([
    'layers-lstm',
    'optimizers-nadam',
    'remedies-adaptiveClip',
    'remedies-gradientPenalty',
    'remedies-residual'
  ])('%s reads as it did in Keras', async (id) => {
    const { experiment } = cases().find((c) => c.id === id)!
    const files = await kerasProject(await takeHome(experiment, {}, 2, { lossTable: '', version: '0.0.0-test' }))
    await expect(codeOf(files)).toMatchFileSnapshot(`snapshots/keras-${id}.txt`)
  })
  it('shows a fault of layout where there is one', () => {
    const code = ['import os', '', '', '', 'def f(x):', '    a = 1', '    return x ', ''].join('\n')
    expect(styleFaults(code).map((f) => f.split(':')[1]!.trim())).toEqual([
      'imports os, which is not used',
      'stands behind 3 blank lines',
      'ends with a space',
      'binds a, which is not read'
    ])
    expect(styleFaults(`x = ${'1 + '.repeat(40)}1\n`)).toEqual([expect.stringContaining('is too wide')])
  })
  it.each([
    'activations-prelu',
    'critics-batch norm',
    'critics-fixed noise',
    'layers-alphaDropout',
    'layers-gru',
    'optimizers-nadam',
    'remedies-adaptiveClip',
    'remedies-classWeights',
    'starter'
  ])('%s is laid out as ruff does, and has nothing idle', async (id) => {
    const experiment = templates.find((t) => t.id === id)?.make() ?? cases().find((c) => c.id === id)!.experiment
    const taken = await takeHome(experiment, {}, 1, { lossTable: '', version: '0.0.0-test' })
    for (const language of ['pytorch', 'keras'] as const) {
      const files = (await writers[language](taken)) as Record<string, string>
      for (const name of SOURCES.filter((n) => n in files))
        expect([name, styleFaults(files[name]!)]).toEqual([name, []])
    }
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
    for (const name of SOURCES.filter((n) => n in files)) {
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
  it('finds the files of a run where it says that they were, and no others', async () => {
    const run = join(root, 'elsewhere/run')
    expect((await clinic('run', join(root, 'own.json'), '--out', run, '--quiet')).code).toBe(0)
    const told = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as { files: { source: string } }
    expect(told.files.source).toBe(join('..', '..', 'own.json'))
    const home = join(root, 'elsewhere/home')
    expect((await clinic('export', run, home, '--to', 'npz')).err).toBe('')
    writeFileSync(join(root, 'own.csv'), table.replace('1', '2'))
    const other = await clinic('export', run, join(root, 'a'), '--to', 'npz')
    expect(other.code).toBe(2)
    expect(other.err).toMatch(/not those that it was trained with.* clinic export .* --to npz --data FOLDER/)
    rmSync(join(root, 'own.csv'))
    const none = await clinic('export', run, join(root, 'a'), '--to', 'npz')
    expect(none.err).toMatch(/own\.csv.*no such file.*they are not in .* clinic export .* --to npz --data FOLDER/)
    // What lies beside the run is taken, too.
    writeFileSync(join(root, 'elsewhere/own.csv'), table)
    expect((await clinic('export', run, join(root, 'elsewhere/beside'), '--to', 'npz')).err).toBe('')
    writeFileSync(join(root, 'own.csv'), table)
  })
  it('computes with as many threads as the run had: sums that are split otherwise round otherwise', async () => {
    const name = 'TF_NUM_INTRAOP_THREADS'
    const before = process.env[name]
    const file = join(root, 'run/run.json')
    const run = JSON.parse(readFileSync(file, 'utf8')) as { versions: { threads: string } }
    try {
      writeFileSync(file, JSON.stringify({ ...run, versions: { ...run.versions, threads: '3' } }))
      const args = ['export', join(root, 'run'), join(root, 'threads'), '--to', 'pytorch', '--data', root]
      expect((await clinic(...args)).err).toBe('')
      expect(process.env[name]).toBe('3')
    } finally {
      for (const n of [name, 'TF_NUM_INTEROP_THREADS'])
        if (before === undefined) delete process.env[n]
        else process.env[n] = before
    }
  })
  it('refuses a run whose losses are not reproduced here', async () => {
    const file = join(root, 'run/loss.csv')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^0,[^,]*/m, '0,123'))
    const { code, err } = await clinic('export', join(root, 'run'), join(root, 'b'), '--to', 'pytorch', '--data', root)
    expect(code).toBe(2)
    expect(err).toMatch(/step 0 gives .* here and 123 there/)
    expect(existsSync(join(root, 'b'))).toBe(false)
  })
  it('writes arrays that NumPy opens, and what was recorded', async () => {
    const home = join(root, 'arrays')
    expect((await clinic('export', join(root, 'own.json'), home, '--to', 'npz')).code).toBe(0)
    const frames = readNpz(readFileSync(join(home, 'frames.npz')))
    expect(frames.get('steps')!.shape).toEqual([30])
    expect(frames.get('loss')!.data[29]).toBeLessThan(frames.get('loss')!.data[0]!)
    expect(frames.get('statistics/weightGradientRms')!.shape).toEqual([30, 1])
    expect([...readNpz(readFileSync(join(home, 'weights.npz'))).keys()]).toEqual(['out/kernel', 'out/bias'])
    expect(readFileSync(join(home, 'README.md'), 'utf8')).toContain('Layers of the frames, from 0: `out`.')
  })
  it('takes the run of a project by its name, and says what changed', async () => {
    const base = { ...experiment, data: { dataset: { id: 'diabetes' } } }
    const before = join(root, 'before.json')
    writeFileSync(before, JSON.stringify(base))
    const treated = parseExperiment({ ...base, remedies: [{ id: 'clipByGlobalNorm' }] })
    const record = new RunLog({ id: 'r', name: 'Clipped', experiment: treated, createdAt: '' }).toRecord()
    const path = join(root, 'p.gclinic')
    writeFileSync(
      path,
      encodeProject({
        format: 'gradient-clinic/project',
        version: PROJECT_VERSION,
        name: 'p',
        experiments: [treated],
        current: 0,
        runs: [{ ...record, progress: { ...record.progress, state: 'finished', step: 3 } as never }],
        files: {}
      })
    )
    const home = join(root, 'named')
    const args = ['export', path, home, '--to', 'pytorch', '--diff', before]
    expect((await clinic(...args, '--run', 'x')).err).toContain('--run: there is no run “x”; there are: “Clipped”')
    expect((await clinic(...args, '--run', 'Clipped')).err).toBe('')
    expect(readFileSync(join(home, 'changes.diff'), 'utf8')).toMatch(/^--- a\/train\.py[^]*\n\+.*clip_grad_norm_/)
    expect(readFileSync(join(home, 'README.md'), 'utf8')).toContain('weights after')
  })
  it('takes the best cure of a search, and says what it changed', async () => {
    const nodes = [
      { id: 'hidden', kind: 'repeat', times: 3, body: [{ id: 'layer', kind: 'dense', params: { units: 8 } }] },
      { id: 'out', kind: 'dense', params: { units: 3, activation: 'linear' } }
    ]
    const sick = {
      data: { dataset: { id: 'blobs', count: 90, classes: 3 } },
      network: { nodes },
      training: { steps: 25, batchSize: 30, loss: 'softmaxCrossEntropy', optimizer: 'sgd' }
    }
    const found = join(root, 'found')
    const runs = { untreated: sick, treated: { ...sick, remedies: [{ id: 'batchNorm' }] } }
    for (const [id, given] of Object.entries(runs)) {
      writeFileSync(join(root, `${id}.json`), JSON.stringify(given))
      expect((await clinic('run', join(root, `${id}.json`), '--out', join(found, 'runs', id), '--quiet')).code).toBe(0)
    }
    const write = (group: string): void =>
      writeFileSync(
        join(found, 'prescription.json'),
        JSON.stringify({
          candidates: [{ id: 'batchNorm', group, seeds: [{ seed: 42, run: 'treated' }] }],
          case: { untreated: { seeds: [{ seed: 42, run: 'untreated' }] } }
        })
      )
    const home = join(root, 'cured')
    write('none')
    expect((await clinic('export', found, home, '--to', 'pytorch')).err).toMatch(
      /holds no candidate that cures or helps/
    )
    write('cures')
    expect((await clinic('export', found, home, '--to', 'pytorch')).err).toBe('')
    expect(readFileSync(join(home, 'changes.diff'), 'utf8')).toMatch(/\n\+ *self\..*nn\.BatchNorm1d/)
  })
  it.each(['pytorch', 'keras'])('takes a critic home with its generator, to %s', async (target) => {
    const file = join(root, 'critic.json')
    writeFileSync(file, JSON.stringify(cases().find((c) => c.id === 'losses-wasserstein')!.experiment))
    const home = join(root, `critic-${target}`)
    const { code, err, out } = await clinic('export', file, home, '--to', target)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('model.py, generator.py, ')
    expect(readFileSync(join(home, 'README.md'), 'utf8')).toContain(
      '`generator.py` | the network that it learns against'
    )
    const recorded = readNpz(readFileSync(join(home, 'check.npz')))
    // The generator learns after every fifth step.
    expect(recorded.get('noise/points')!.shape).toEqual([20, 16, 2])
    expect(recorded.get('noise/update')!.shape).toEqual([4, 16, 2])
    expect(recorded.has('noise/between')).toBe(false)
    expect([...recorded.keys()].filter((k) => k.includes('hidden'))).toEqual([])
  })
  it('names what cannot be written, and why', async () => {
    const file = join(root, 'wine.json')
    writeFileSync(file, JSON.stringify(cases().find((c) => c.id === 'datasets-wine')!.experiment))
    const wine = datasets.get('wine')
    const { python } = wine
    try {
      wine.python = { why: { en: 'it was drunk', zh: '已被喝掉' } }
      const { code, err } = await clinic('export', file, join(root, 'c'), '--to', 'pytorch')
      expect(code).toBe(2)
      expect(err).toMatch(/data\.dataset: .* cannot be written in PyTorch: it was drunk/)
    } finally {
      wine.python = python
    }
  })
  it.each([
    [['export', 'x', 'y'], /--to: must be one of: pytorch, keras, npz/],
    [['export', 'x', '--to', 'pytorch'], /a run and a folder/],
    [['export', 'x', 'y', '--to', 'toString'], /must be one of/],
    [['export', 'x', 'y', '--to', 'pytorch', '--step', '-1'], /is not a step/]
  ])('%j is refused in words', async (args, message) => {
    const { code, err } = await clinic(...args)
    expect(code).toBe(2)
    expect(err).toMatch(message)
  })
})
