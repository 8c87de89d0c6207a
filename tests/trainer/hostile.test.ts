// cspell:ignore Nrom
/** What `clinic prescribe`, `sweep`, `merge` and `report` say to a person who gives them what can't be. */
import { execFile, spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { deepSigmoids } from '../deepSigmoids'

const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
const dir = mkdtempSync(join(tmpdir(), 'clinic-hostile-'))
const exec = promisify(execFile)
interface Ended {
  code: number | null
  out: string
  err: string
}
const clinic = (...args: string[]): Promise<Ended> =>
  exec(process.execPath, [CLINIC, ...args], { cwd: dir }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }) => ({
      code,
      out: stdout,
      err: stderr
    })
  )
const write = (name: string, value: unknown): string => {
  const path = join(dir, name)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

const deep = deepSigmoids(16, 20)
const FEW = ['--seeds', '1', '--consider', 'clipByGlobalNorm', '--quiet']
interface Written {
  verdict: { state: string; text: { en: string; zh: string } }
  case: { seeds: number[]; untreated: { seeds: { value: number; state: string }[]; interval: [number, number] } }
}
const prescription = (out: string): Written =>
  JSON.parse(readFileSync(join(dir, out, 'prescription.json'), 'utf8')) as Written

beforeAll(async () => {
  await buildClinic()
  write('deep.json', deep)
  write('file', 'x')
  mkdirSync(join(dir, 'taken', 'prescription.json'), { recursive: true })
  mkdirSync(join(dir, 'empty'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('a place that can not be written', () => {
  // Node's own way of making folders never ends in /proc.
  it.each<[out: string, said: RegExp]>([
    ['file', /--out: cannot be written: file: a file has the name of the folder.*: choose another place/],
    ['file/below', /--out: cannot be written: file\/below: a file has the name/],
    ['taken', /--out: cannot be written: taken\/prescription\.json: a folder has this name: remove it/],
    ...(process.platform === 'linux'
      ? [['/proc/none', /\/proc\/none: the folder does not exist: choose another place/] as [string, RegExp]]
      : [])
  ])('%s is refused in words, before anything is trained', async (out, said) => {
    expect(await clinic('prescribe', 'deep.json', '--out', out, ...FEW)).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(said) as string
    })
    expect(existsSync(join(dir, out, 'runs'))).toBe(false)
  })
  it('is refused by all that write', async () => {
    write('plan.json', { experiment: 'deep.json', seeds: 1 })
    const said = { code: 2, err: expect.stringContaining('--out: cannot be written: file') as string }
    expect(await clinic('sweep', 'plan.json', '--out', 'file')).toMatchObject(said)
    expect(await clinic('run', 'deep.json', '--out', 'file')).toMatchObject(said)
    expect(await clinic('prescribe', 'deep.json', '--out', 'file', '--emit', 'slurm')).toMatchObject(said)
  })
  it.skipIf(process.getuid?.() !== 0)('a full disk is said, and nothing is left that looks like a result', async () => {
    const disk = join(dir, 'disk')
    mkdirSync(disk)
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0) return
    try {
      const said = { code: 1, err: expect.stringMatching(/the disk of \S*disk\/\S+ is full: make room/) as string }
      expect(await clinic('prescribe', 'deep.json', '--out', 'disk/search', ...FEW)).toMatchObject(said)
      expect(await clinic('sweep', 'plan.json', '--out', 'disk/sweep', '--quiet')).toMatchObject(said)
      for (const name of ['search', 'sweep']) {
        expect(readdirSync(join(disk, name))).toEqual(['runs'])
        expect(readdirSync(join(disk, name, 'runs'))).toEqual([])
      }
    } finally {
      spawnSync('umount', [disk])
    }
  })
  it.skipIf(process.getuid?.() !== 0)(
    'is said by report, export and import, which leave nothing half there',
    async () => {
      const model = join(ROOT, 'tests/fixtures/keras/padded.keras')
      expect(await clinic('run', 'deep.json', '--out', 'made', '--steps', '20', '--quiet')).toMatchObject({ code: 0 })
      expect(await clinic('import', model, '--out', 'whole.json')).toMatchObject({ code: 0 })
      const disk = join(dir, 'small')
      mkdirSync(disk)
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status !== 0) return
      try {
        // Room for the weights alone, in whole pages.
        const PAGE = 4096
        const weights = Math.ceil(statSync(join(dir, 'whole.safetensors')).size / PAGE) * PAGE
        writeFileSync(join(disk, 'filler'), Buffer.alloc(256 * 1024 - weights))
        const full = { code: 1, err: expect.stringMatching(/the disk of \S+ is full: make room/) as string }
        expect(await clinic('import', model, '--out', 'small/net.json')).toMatchObject(full)
        writeFileSync(join(disk, 'more'), Buffer.alloc(weights))
        expect(await clinic('report', 'made', '--out', 'small/report.html')).toMatchObject(full)
        expect(await clinic('export', 'made', 'small/home', '--to', 'pytorch')).toMatchObject(full)
        expect(readdirSync(disk).sort()).toEqual(['filler', 'more'])

        expect(spawnSync('mount', ['-o', 'remount,ro', disk]).status).toBe(0)
        const locked = { code: 2, err: expect.stringMatching(/the disk is read-only: choose another place/) as string }
        expect(await clinic('import', model, '--out', 'small/net.json')).toMatchObject(locked)
        expect(await clinic('report', 'made', '--out', 'small/report.html')).toMatchObject(locked)
        expect(await clinic('export', 'made', 'small/home', '--to', 'pytorch')).toMatchObject(locked)
        expect(readdirSync(disk).sort()).toEqual(['filler', 'more'])
      } finally {
        spawnSync('umount', [disk])
      }
    }
  )
})

describe('a question that can not be answered', () => {
  it.each([
    [['--goal', 'accuracy>=90'], /--goal: accuracy goes from 0 to 1, and 90 is outside: write 0\.9 for 90 %/],
    [['--goal', 'accuracy<=0.9'], /--goal: more of accuracy is better: write accuracy>=0\.9/],
    [['--goal', 'loss>=3'], /--goal: less of loss is better: write loss<=3/],
    [['--goal', 'r2'], /--goal: "r2" is not measured here; there are: loss, accuracy/],
    [['--consider', ' , '], /--consider: names no remedy: leave it out to try all/],
    [['--consider', 'batchNrom'], /--consider: "batchNrom" is not a remedy; did you mean "batchNorm"\?/],
    [['--seeds', '9999'], /--seeds: "9999" must be a whole number from 1 to 100/],
    [['--pairs', '-1'], /--pairs: "-1" must be a whole number from 0/]
  ])('%j is refused', async (args, said) => {
    expect(await clinic('prescribe', 'deep.json', '--out', 'none', ...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(said) as string
    })
    expect(existsSync(join(dir, 'none'))).toBe(false)
  })
  it('says that nothing was tried where no remedy asked for is possible, and why', async () => {
    const { code, out } = await clinic(
      'prescribe',
      'deep.json',
      '--out',
      'blocked',
      '--seeds',
      '1',
      '--quiet',
      '--consider',
      'gradientPenalty'
    )
    expect(code).toBe(0)
    expect(out).toMatch(/Nothing was tried: none of the remedies/)
    expect(out).toMatch(/not possible here: gradientPenalty: Only a critic/)
    expect(prescription('blocked').verdict).toMatchObject({
      state: 'nothing',
      text: { zh: expect.stringContaining('未作任何尝试') as string }
    })
  })
  it('says of few held-out examples that they prove nothing', async () => {
    write('three.csv', 'x,y,class\n1,2,a\n2,3,b\n3,1,a\n')
    const network = {
      nodes: [
        { id: 'hidden', kind: 'dense', params: { units: 8, activation: 'sigmoid' } },
        { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
      ]
    }
    const data = { dataset: { id: 'csv', file: 'three.csv' } }
    write('three.json', { ...deep, data, network, training: { ...deep.training, batchSize: 0 } })
    const { code, out } = await clinic('prescribe', 'three.json', '--out', 'three', ...FEW)
    expect([code, out]).toEqual([0, expect.stringMatching(/judged by 1 example, too few to tell a gain from chance/)])
  })
  it('takes NaN from the first step on as chance, and makes a report of it', async () => {
    const dense = { units: 16, activation: 'relu', initializer: { id: 'constant', value: 1e6 } }
    const nodes = [
      { id: 'hidden', kind: 'repeat', times: 9, body: [{ id: 'dense', kind: 'dense', params: dense }] },
      deep.network.nodes[1]
    ]
    write('nan.json', { ...deep, network: { nodes } })
    expect(await clinic('prescribe', 'nan.json', '--out', 'nan', ...FEW)).toMatchObject({ code: 0 })
    const { untreated } = prescription('nan').case
    expect(untreated.seeds[0]!.state).toBe('diverged')
    expect(untreated.seeds[0]!.value).toBeGreaterThan(0)
    for (const language of ['en', 'zh'])
      expect(await clinic('report', 'nan', '--language', language)).toMatchObject({ code: 0 })
  })
})

describe('prescribe', () => {
  it('counts seeds past the last one from 0, and keeps shares inside 0 and 1', async () => {
    write('last.json', { ...deep, seed: 2 ** 32 - 1 })
    expect(await clinic('prescribe', 'last.json', '--out', 'last', ...FEW, '--seeds', '2')).toMatchObject({ code: 0 })
    const { seeds, untreated } = prescription('last').case
    expect(seeds).toEqual([2 ** 32 - 1, 0])
    expect(untreated.interval[0]).toBeGreaterThanOrEqual(0)
    expect(await clinic('report', 'last')).toMatchObject({ code: 0 })
  })
  it('leaves no cured experiment of an earlier search where it finds no cure', async () => {
    mkdirSync(join(dir, 'apply'))
    write('apply/cured.json', '{}')
    const { code, out } = await clinic('prescribe', 'deep.json', '--out', 'apply', ...FEW, '--apply')
    expect([code, out]).toEqual([0, expect.stringContaining('No cure, so there is no cured.json.')])
    expect(existsSync(join(dir, 'apply', 'cured.json'))).toBe(false)
  })
  it('comes to the same where two make the same search into one folder at once', async () => {
    const both = await Promise.all([0, 1].map(() => clinic('prescribe', 'deep.json', '--out', 'both', ...FEW)))
    expect(both.map((b) => b.code)).toEqual([0, 0])
    const { runs, ...rest } = Object.fromEntries(readdirSync(join(dir, 'both')).map((name) => [name, true]))
    expect([runs, rest]).toEqual([true, { 'prescription.json': true, 'prescription.csv': true }])
    expect(readdirSync(join(dir, 'both', 'runs')).filter((name) => name.startsWith('.'))).toEqual([])
  })
  it.skipIf(process.platform !== 'linux')('lets what is under way end at Ctrl+C, and goes on from it', async () => {
    const args = ['prescribe', 'deep.json', '--out', 'stopped', '--seeds', '3', '--jobs', '2', '--steps', '300']
    const consider = ['--consider', 'batchNorm']
    const runs = (): string[] =>
      existsSync(join(dir, 'stopped', 'runs')) ? readdirSync(join(dir, 'stopped', 'runs')) : []
    // A terminal sends Ctrl+C to the whole group.
    const search = spawn(process.execPath, [CLINIC, ...args, ...consider], { cwd: dir, detached: true })
    let said = ''
    search.stderr.on('data', (text: Buffer) => (said += text.toString()))
    search.stdout.resume()
    const ended = new Promise<number | null>((resolve) => search.on('exit', resolve))
    const children = (): number[] =>
      readFileSync(`/proc/${search.pid}/task/${search.pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean)
    const until = async (count: number): Promise<void> => {
      while (runs().filter((name) => !name.startsWith('.')).length < count)
        await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await until(1)
    // Those that train go on: no other takes their place.
    const workers = children()
    for (const pid of workers) process.kill(pid, 'SIGINT')
    await until(2)
    expect(children()).toEqual(workers)
    process.kill(-search.pid!, 'SIGINT')
    expect(await ended).toBe(0)
    expect(said).toMatch(/clinic: stopping: the (?:2 trainings|training) under way ends? first; Ctrl\+C again/)
    expect(prescription('stopped').verdict.state).toBe('unfinished')
    const before = new Map(runs().map((name) => [name, statSync(join(dir, 'stopped', 'runs', name)).ino]))
    expect(await clinic(...args, ...consider, '--quiet')).toMatchObject({ code: 0 })
    expect(prescription('stopped').verdict.state).not.toBe('unfinished')
    for (const [name, ino] of before) expect(statSync(join(dir, 'stopped', 'runs', name)).ino).toBe(ino)
    expect(runs().length).toBeGreaterThan(before.size)
  })
})

describe('merge, run-job and report', () => {
  it.each([
    [['merge', 'empty'], /empty: holds no search\.json: name a folder that clinic prescribe --emit wrote/],
    [
      ['run-job', 'deep.json'],
      /deep\.json is no job of a search: name one of the files in the folder jobs that clinic prescribe --emit wrote/
    ],
    [['report', 'empty'], /empty: holds no run\.json, prescription\.json or sweep\.json: name a folder/],
    [['report', 'deep.json'], /deep\.json: holds no run that has recorded anything/],
    [['report', 'empty', '--out', ''], /--out: names no file/]
  ])('%j is refused in words', async (args, said) => {
    expect(await clinic(...args)).toMatchObject({ code: 2, err: expect.stringMatching(said) as string })
  })
  it('a search is emitted into a folder of any name, and made there', async () => {
    const odd = `od'd "na me" $(x) 中文`
    expect(await clinic('prescribe', 'deep.json', '--out', odd, ...FEW, '--emit', 'parallel')).toMatchObject({
      code: 0
    })
    for (const job of readdirSync(join(dir, odd, 'jobs')).filter((name) => name.endsWith('.json')))
      expect(await clinic('run-job', join(odd, 'jobs', job))).toMatchObject({ code: 0 })
    expect(await clinic('merge', odd)).toMatchObject({ code: 3 })
    for (const kind of ['slurm', 'k8s'])
      expect(await clinic('prescribe', 'deep.json', '--out', odd, ...FEW, '--emit', kind)).toMatchObject({ code: 0 })
    for (const name of readdirSync(join(dir, odd)).filter((n) => n.endsWith('.sh')))
      expect(spawnSync('bash', ['-n', join(dir, odd, name)]).status).toBe(0)
  })
  it('tables that are damaged are told from those of a run', async () => {
    await clinic('run', 'deep.json', '--out', 'run', '--quiet')
    const broken = async (name: string, content?: string): Promise<string> => {
      cpSync(join(dir, 'run'), join(dir, 'broken'), { recursive: true })
      rmSync(join(dir, 'broken', name))
      if (content !== undefined) write(`broken/${name}`, content)
      const { code, err } = await clinic('report', 'broken')
      expect(code).toBe(2)
      return err
    }
    expect(await broken('frames.csv')).toMatch(/broken\/frames\.csv: there is no such file/)
    for (const name of ['frames.csv', 'loss.csv'])
      expect(await broken(name, 'garbage\n')).toMatch(new RegExp(`broken/${name}: is not what clinic run writes`))
  })
})
