import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { ENGINE_VERSION } from '../../src/trainer/engineVersion'
import { deepSigmoids } from '../deepSigmoids'

const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
const dir = mkdtempSync(join(tmpdir(), 'clinic-prescribe-'))
const FILE = join(dir, 'deep.json')
const exec = promisify(execFile)

const experiment = deepSigmoids(32, 120)
const COMMON = ['--seeds', '2', '--jobs', '2', '--consider', 'batchNorm,clipByGlobalNorm', '--quiet']
const clinic = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  exec(process.execPath, [CLINIC, ...args], { cwd: dir })

interface Written {
  goal: { metric: string }
  case: { untreated: { seeds: unknown[] }; findings: string[] }
  candidates: { id: string; group: string; rank?: number; seeds: { seed: number; value: number; run: string }[] }[]
  verdict: { state: string; text: { en: string; zh: string } }
}
const prescription = (out: string): Written =>
  JSON.parse(readFileSync(join(out, 'prescription.json'), 'utf8')) as Written
/** What every seed of every candidate came to: no times. */
const figures = (out: string): unknown =>
  prescription(out)
    .candidates.map((c) => [c.id, c.group, c.seeds.map((t) => [t.seed, t.value, t.run])])
    .sort()

beforeAll(async () => {
  await buildClinic()
  writeFileSync(FILE, JSON.stringify(experiment))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('clinic prescribe', () => {
  const out = join(dir, 'whole')
  it('finds the cure of a net whose gradient vanishes, and proves it by its runs', async () => {
    const { stdout } = await clinic('prescribe', FILE, '--out', out, ...COMMON, '--apply')
    const found = prescription(out)
    expect(found.verdict.state).toBe('cured')
    expect(found.goal.metric).toBe('accuracy')
    expect(found.case.findings).toContain('vanishing')
    const [best] = found.candidates
    expect([best!.id, best!.group, best!.rank]).toEqual(['batchNorm', 'cures', 1])
    expect(best!.seeds.map((t) => t.seed)).toEqual([42, 43])
    expect(found.candidates.filter((c) => c.id.startsWith('clip')).map((c) => c.group)).not.toContain('cures')
    expect(stdout).toContain(found.verdict.text.en)
    for (const { seeds } of found.candidates)
      for (const { run } of seeds)
        expect(readdirSync(join(out, 'runs', run))).toEqual(
          expect.arrayContaining(['run.json', 'loss.csv', 'frames.csv', 'events.csv'])
        )
    expect(readFileSync(join(out, 'prescription.csv'), 'utf8').split('\n')[0]).toMatch(/^candidate,group,rank,seed/)
    // What is said of the cure holds when it is applied: the same bits as in the search.
    await clinic('run', join(out, 'cured.json'), '--out', join(dir, 'cured'), '--threads', '1', '--quiet')
    const run = JSON.parse(readFileSync(join(dir, 'cured', 'run.json'), 'utf8')) as {
      final: { validation: { accuracy: number } }
    }
    expect(run.final.validation.accuracy).toBe(best!.seeds[0]!.value)
    // The second seed was trained in a process that had trained before, perhaps with the same graph.
    const [fresh, second] = [join(dir, 'fresh'), join(out, 'runs', best!.seeds[1]!.run)]
    const { experiment: trained } = JSON.parse(readFileSync(join(second, 'run.json'), 'utf8')) as Record<
      string,
      unknown
    >
    writeFileSync(join(dir, 'second.json'), JSON.stringify(trained))
    await clinic('run', join(dir, 'second.json'), '--out', fresh, '--threads', '1', '--quiet')
    for (const file of ['frames.csv', 'loss.csv'])
      expect(readFileSync(join(fresh, file)).equals(readFileSync(join(second, file)))).toBe(true)
  })
  it('comes to the same when it is killed, goes on, and a worker is killed', async () => {
    const again = join(dir, 'again')
    const begin = (): { search: ReturnType<typeof spawn>; ended: Promise<number | null> } => {
      const search = spawn(process.execPath, [CLINIC, 'prescribe', FILE, '--out', again, ...COMMON], { cwd: dir })
      return { search, ended: new Promise((resolve) => search.on('exit', resolve)) }
    }
    const jobs = (): string[] => {
      try {
        return readdirSync(join(again, 'runs')).filter((name) => !name.startsWith('.'))
      } catch {
        return []
      }
    }
    // As soon as a run is there, the next ones are under way.
    const until = async (count: number, { search }: ReturnType<typeof begin>): Promise<void> => {
      while (jobs().length < count && search.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const first = begin()
    await until(1, first)
    first.search.kill('SIGKILL')
    await first.ended
    expect(readdirSync(again)).toEqual(['runs'])
    const times = jobs().map((job) => [job, statSync(join(again, 'runs', job)).mtimeMs] as const)
    const second = begin()
    await until(times.length + 1, second)
    // The run that was waited for may be of a worker that outlived the first search: this one's may not have begun.
    // Number 0 would be the process group of these tests.
    const { pid } = second.search
    const workers = (): number[] =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean)
    let worker: number | undefined
    while ((worker = workers()[0]) === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    process.kill(worker, 'SIGKILL')
    expect(await second.ended).toBe(0)
    expect(figures(again)).toEqual(figures(out))
    for (const [job, time] of times) expect(statSync(join(again, 'runs', job)).mtimeMs).toBe(time)
  })
  it('goes on from what was trained: nothing is trained twice', async () => {
    const before = prescription(out)
    const { stderr } = await exec(process.execPath, [CLINIC, 'prescribe', FILE, '--out', out, ...COMMON], { cwd: dir })
    expect(stderr).toBe('')
    // Times of steps are measured anew by every training: they are the old ones.
    expect(prescription(out)).toEqual(before)
  })
  it('writes the same bytes for a job wherever it is made, and tells of the machine beside them', () => {
    const [one, other] = [join(out, 'runs'), join(dir, 'again', 'runs')]
    const jobs = readdirSync(one)
    expect(readdirSync(other).sort()).toEqual([...jobs].sort())
    for (const job of jobs) {
      for (const file of readdirSync(join(one, job)).filter((name) => name !== 'machine.json'))
        expect(readFileSync(join(one, job, file)).equals(readFileSync(join(other, job, file))), file).toBe(true)
      const { host, versions } = JSON.parse(readFileSync(join(one, job, 'machine.json'), 'utf8')) as {
        host: string
        versions: Record<string, string>
      }
      expect([host, versions['threads'], versions['engine']]).toEqual([hostname(), '1', ENGINE_VERSION])
      expect(readFileSync(join(one, job, 'run.json'), 'utf8')).not.toMatch(/createdAt|"cpu"/)
    }
  })
  it('makes anew what is damaged, and nothing else', async () => {
    const runs = join(out, 'runs')
    const jobs = readdirSync(runs)
    const stamps = (): number[] => jobs.map((job) => statSync(join(runs, job)).ino)
    const [before, then] = [stamps(), prescription(out)]
    writeFileSync(join(runs, jobs[0]!, 'loss.csv'), 'step,lo')
    rmSync(join(runs, jobs[1]!, 'result.json'))
    rmSync(join(out, 'prescription.json'))
    await clinic('prescribe', FILE, '--out', out, ...COMMON)
    expect(stamps().map((ino, i) => ino === before[i])).toEqual(jobs.map((_, i) => i > 1))
    expect(figures(out)).toEqual(
      then.candidates.map((c) => [c.id, c.group, c.seeds.map((t) => [t.seed, t.value, t.run])]).sort()
    )
  })
  it('says when its budget ends before there is an answer', async () => {
    const brief = join(dir, 'brief')
    await clinic('prescribe', FILE, '--out', brief, ...COMMON, '--budget', '0.01s')
    expect(prescription(brief).verdict.state).toBe('unfinished')
  })
  it('makes no more trainings than it may, and goes on when it may make more', async () => {
    const few = join(dir, 'few')
    for (const most of [1, 3]) {
      await clinic('prescribe', FILE, '--out', few, ...COMMON, '--trainings', String(most))
      expect(readdirSync(join(few, 'runs'))).toHaveLength(most)
      expect(prescription(few).verdict.state).toBe('unfinished')
    }
  })
  it.each([
    [['--goal', 'beauty'], /--goal: "beauty" is not measured here; there are: loss, accuracy/],
    [['--goal', '>=3'], /--goal: .* must be a metric/],
    [['--seeds', '0'], /--seeds: "0" must be a whole number from 1/],
    [['--trainings', '0'], /--trainings: "0" must be a whole number from 1/],
    [['--budget', 'soon'], /--budget: .* must be a time/],
    [['--consider', 'magic'], /--consider: "magic" is not a remedy; there are: activation/]
  ])('refuses %j in words', async (args, said) => {
    await expect(clinic('prescribe', FILE, '--out', join(dir, 'bad'), ...args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(said) as string
    })
  })
})
