// cspell:ignore seedz hiden batchnrom
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'

const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
const dir = mkdtempSync(join(tmpdir(), 'clinic-sweep-'))
const exec = promisify(execFile)
const clinic = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  exec(process.execPath, [CLINIC, ...args], { cwd: dir })

const experiment = {
  name: 'deep',
  seed: 42,
  data: { dataset: { id: 'circles' } },
  network: {
    nodes: [
      {
        id: 'hidden',
        kind: 'repeat',
        times: 4,
        body: [{ id: 'dense', kind: 'dense', params: { units: 8, activation: 'sigmoid' } }]
      },
      { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
    ]
  },
  training: { steps: 30, loss: 'sigmoidCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
}
const plan = {
  experiment: 'deep.json',
  settings: { 'network.nodes.hidden.times': [4, 1] },
  remedies: [[], 'batchNorm'],
  seeds: 2
}
const write = (name: string, value: unknown): string => {
  const path = join(dir, name)
  writeFileSync(path, JSON.stringify(value))
  return path
}
interface Written {
  points: {
    id: string
    seeds: { seed: number; value: number; run: string }[]
    changes: { path: string }[]
    difference?: { mean: number }
  }[]
  goal: { metric: string }
}

beforeAll(async () => {
  await buildClinic()
  write('deep.json', experiment)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('clinic sweep', () => {
  it('trains every combination with the same seeds, writes the runs, and trains none of them twice', async () => {
    const out = join(dir, 'out')
    const { stdout } = await clinic('sweep', write('plan.json', plan), '--out', out, '--jobs', '2', '--quiet')
    const read = (): Written => JSON.parse(readFileSync(join(out, 'sweep.json'), 'utf8')) as Written
    const { points, goal } = read()
    expect(goal.metric).toBe('accuracy')
    expect(points.map((p) => p.id)).toEqual(['times=4', 'times=4, batchNorm', 'times=1', 'times=1, batchNorm'])
    for (const p of points) {
      expect(p.seeds.map((t) => t.seed)).toEqual([42, 43])
      expect(stdout).toContain(p.id)
      for (const { run } of p.seeds) expect(readdirSync(join(out, 'runs', run))).toContain('run.json')
    }
    expect(points[0]!.changes).toEqual([])
    expect(points[2]!.changes.map((c) => c.path)).toEqual(['network.nodes.hidden.times'])
    expect(points[1]!.difference).toBeDefined()
    expect(readFileSync(join(out, 'sweep.csv'), 'utf8').trim().split('\n')).toHaveLength(9)
    const before = read()
    await clinic('sweep', 'plan.json', '--out', out, '--jobs', '1', '--quiet')
    // Times of steps are measured anew by every training: they are the old ones.
    expect(read().points).toEqual(before.points)
  })
  it('is reported, and so are two of its runs side by side', async () => {
    const out = join(dir, 'out')
    await clinic('report', out)
    const page = readFileSync(join(out, 'report.html'), 'utf8')
    expect(page).toContain('times=1, batchNorm')
    expect(page).toMatch(/all examples: sha256 [0-9a-f]{64}/)
    expect(page).toContain('download="plan.json"')
    const [a, b] = readdirSync(join(out, 'runs')).map((name) => join(out, 'runs', name))
    await clinic('report', a!, b!, '--language', 'zh', '--out', join(dir, 'two.html'))
    const two = readFileSync(join(dir, 'two.html'), 'utf8')
    expect(two).toContain('如何复现')
    expect(two).toContain('download="gradients-b.csv"')
    await expect(clinic('report', dir)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/holds no run\.json, prescription\.json or sweep\.json/) as string
    })
  })
  it.each([
    [{ seedz: 3 }, /seedz: is not known in a plan; did you mean "seeds"\?/],
    [{ seeds: 0.5 }, /seeds: must be .*, not 0\.5/],
    [{ seeds: [1, 'a'] }, /seeds\.1: must be a number, not "a"/],
    [{ settings: { 'training.steps': 10 } }, /settings\.training\.steps: must be a list, not 10/],
    [{ experiment: undefined }, /experiment: is missing/],
    [{ settings: { 'training.steps': [] } }, /settings\.training\.steps: must have >=1 members, not 0/],
    [{ settings: { 'training.optimizer.learningRat': [1] } }, /learningRat: .*did you mean "learningRate"/],
    [{ settings: { 'network.nodes.hiden.times': [1] } }, /hiden: does not exist; there are: hidden, out; did you mean/],
    [{ settings: { 'training.steps': [10, -1] } }, /settings, steps=-1.*training\.steps/],
    [{ remedies: ['batchnrom'] }, /remedies\.0: "batchnrom" is not one of.*did you mean "batchNorm"/],
    [
      { seeds: 80 },
      /trainings: the plan comes to 2 × 2 × 80 = 320 trainings, and allows for 200: set "trainings" to 320/
    ],
    [{ goal: 'beauty' }, /goal: "beauty" is not measured here; there are: loss, accuracy/],
    [{ experiment: 'none.json' }, /none\.json: there is no such file/]
  ])('refuses %j in words', async (change, said) => {
    const file = write('bad.json', { ...plan, ...change })
    await expect(clinic('sweep', file, '--out', join(dir, 'bad'))).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(said) as string
    })
  })
  it('prints the schema of a plan', async () => {
    const { stdout } = await clinic('schema', 'sweep')
    const schema = JSON.parse(stdout) as { properties: Record<string, unknown>; required: string[] }
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(plan)))
    expect(schema.required).toEqual(['experiment'])
    await expect(clinic('schema', 'sweeps')).rejects.toMatchObject({ code: 2 })
  })
})
