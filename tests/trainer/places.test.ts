import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { main } from '../../src/cli/main'

const root = mkdtempSync(join(tmpdir(), 'clinic-places-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const at = (...names: string[]): string => join(root, ...names)

/** Runs a command line. @returns what it said of a failure, or '' */
async function clinic(...args: string[]): Promise<string> {
  let err = ''
  const code = await main(args, '0.0.0-test', { out: () => undefined, err: (t) => (err += t) })
  return code === 0 ? '' : err
}
const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
/** Runs it in a process of its own: some commands start others of its kind. @throws when it fails */
const clinicApart = (...args: string[]): Buffer => execFileSync(process.execPath, [CLINIC, ...args], { stdio: 'pipe' })
/** As that. @returns what it said of a failure, or '' */
function failureApart(...args: string[]): string {
  const { status, stderr } = spawnSync(process.execPath, [CLINIC, ...args], { encoding: 'utf8' })
  return status === 0 ? '' : stderr
}
const tiny = {
  name: 'Tiny',
  data: { dataset: { id: 'blobs', count: 90 } },
  network: {
    nodes: [
      { id: 'first', kind: 'dense', params: { units: 3, activation: 'tanh' } },
      { id: 'out', kind: 'dense', params: { units: 3, activation: 'linear' } }
    ]
  },
  training: { steps: 3, batchSize: 16, loss: 'softmaxCrossEntropy', optimizer: 'sgd' }
}
const MODEL = join(__dirname, '..', 'fixtures', 'keras', 'residual.keras')
const sweep = { experiment: 'tiny.json', settings: { 'training.batchSize': [8] }, seeds: 1 }
/** Each command that writes into a folder, with a file that it writes there. */
const COMMANDS: Record<string, { args: string[]; writes: string }> = {
  run: { args: ['run', at('tiny.json'), '--quiet', '--out'], writes: 'loss.csv' },
  'range-test': { args: ['range-test', at('tiny.json'), '--quiet', '--out'], writes: 'range-test.json' },
  prescribe: {
    args: ['prescribe', at('tiny.json'), '--seeds', '2', '--trainings', '2', '--quiet', '--out'],
    writes: 'prescription.csv'
  },
  sweep: { args: ['sweep', at('plan.json'), '--quiet', '--out'], writes: 'sweep.csv' }
}

beforeAll(async () => {
  await buildClinic()
  writeFileSync(at('tiny.json'), JSON.stringify(tiny))
  writeFileSync(at('plan.json'), JSON.stringify(sweep))
  writeFileSync(at('file'), 'mine')
  symlinkSync('nowhere', at('dangling'))
  symlinkSync('loop', at('loop'))
  expect(await clinic('run', at('tiny.json'), '--quiet', '--out', at('run'))).toBe('')
})

describe.each(Object.entries(COMMANDS))('clinic %s', (name, { args, writes }) => {
  it('writes again where it has written', () => {
    clinicApart(...args, at(name, 'again'))
    clinicApart(...args, at(name, 'again'))
    expect(readdirSync(at(name, 'again'))).toContain(writes)
  })
  it('leaves a file that it did not write, and says which', async () => {
    mkdirSync(at(name, 'mine'), { recursive: true })
    writeFileSync(at(name, 'mine', writes), 'a;b\n1;2\n')
    expect(await clinic(...args, at(name, 'mine'))).toContain(`${at(name, 'mine', writes)} is there already`)
    expect(readFileSync(at(name, 'mine', writes), 'utf8')).toBe('a;b\n1;2\n')
    expect(readdirSync(at(name, 'mine'))).toEqual([writes])
  })
  it.each(['file', 'file/x', 'loop/x', 'dangling'])('names the option where %s cannot be a folder', async (place) => {
    expect(await clinic(...args, at(place))).toMatch(/^clinic: --out: cannot be written/m)
    expect(readFileSync(at('file'), 'utf8')).toBe('mine')
  })
})

describe('clinic report', () => {
  it.each(['report.html', 'run.json', 'loss.csv'])('writes over %s only if that is a report', async (name) => {
    const file = at('run', name)
    const isReport = name.endsWith('.html')
    if (isReport) expect(await clinic('report', at('run'), '--out', file)).toBe('')
    const before = readFileSync(file)
    const said = await clinic('report', at('run'), '--out', file)
    if (isReport) return expect(said).toBe('')
    expect(said).toContain(`${file} is there already`)
    expect(readFileSync(file)).toEqual(before)
  })
  it.each(['file', 'file/x', 'loop/x', 'dangling'])('names the option where %s cannot be a report', async (place) => {
    expect(await clinic('report', at('run'), '--out', at(place))).toMatch(/^clinic: --out: /m)
    expect(readFileSync(at('file'), 'utf8')).toBe('mine')
  })
})

describe('clinic import', () => {
  it.each(['file', 'file/x.json', 'loop/x.json', 'dangling'])('names the option where %s cannot be', (place) => {
    expect(failureApart('import', MODEL, '--out', at(place))).toMatch(/^clinic: --out: /m)
    expect(readFileSync(at('file'), 'utf8')).toBe('mine')
  })
  it('leaves weights of that name, and writes nothing', () => {
    mkdirSync(at('weights'))
    writeFileSync(at('weights', 'net.safetensors'), 'mine')
    expect(failureApart('import', MODEL, '--out', at('weights', 'net.json'))).toContain(
      'net.safetensors is there already'
    )
    expect(readFileSync(at('weights', 'net.safetensors'), 'utf8')).toBe('mine')
    expect(readdirSync(at('weights'))).toEqual(['net.safetensors'])
  })
})

describe('clinic prescribe --apply', () => {
  it('does not replace the experiment that it is given', async () => {
    mkdirSync(at('own'))
    writeFileSync(at('own', 'cured.json'), JSON.stringify(tiny))
    const args = ['--apply', '--seeds', '2', '--trainings', '2', '--quiet', '--out', at('own')]
    expect(await clinic('prescribe', at('own', 'cured.json'), ...args)).toContain('cured.json there is FILE itself')
    expect(readFileSync(at('own', 'cured.json'), 'utf8')).toBe(JSON.stringify(tiny))
  })
})
