// cspell:ignore bugdet perscribe slrum swep
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { deepNet, told, writeDeepNet } from './elsewhere'

const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
/** With a blank and a letter beyond ASCII: scripts quote it. */
const dir = mkdtempSync(join(tmpdir(), 'clinic else where é-'))
const FILE = join(dir, 'net.json')
const exec = promisify(execFile)
/** GNU parallel; another command of that name has no --will-cite. */
const hasParallel = spawnSync('parallel', ['--will-cite', '--version']).status === 0

const COMMON = ['--seeds', '2', '--consider', 'batchNorm,clipByGlobalNorm']
const FEW = ['--seeds', '2', '--consider', 'batchNorm']

interface Ended {
  code: number
  stdout: string
  stderr: string
}
async function clinic(...args: string[]): Promise<Ended> {
  try {
    return { code: 0, ...(await exec(process.execPath, [CLINIC, ...args], { cwd: dir })) }
  } catch (error) {
    const { code, stdout, stderr } = error as Ended
    return { code, stdout, stderr }
  }
}
const listed = (out: string): string[] => readFileSync(join(out, 'jobs/list.txt'), 'utf8').split('\n').filter(Boolean)

beforeAll(async () => {
  await buildClinic()
  writeDeepNet(FILE, 80)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('a search made elsewhere', () => {
  const whole = join(dir, 'whole')
  const out = join(dir, 'slurm')
  it('comes to what it comes to in one process, job by job', async () => {
    const here = await clinic('prescribe', FILE, '--out', whole, '--jobs', '2', '--quiet', ...COMMON)
    expect(here.code, here.stderr).toBe(0)
    const asked = await clinic('prescribe', FILE, '--out', out, '--emit', 'slurm', ...COMMON)
    expect(asked.code, asked.stderr).toBe(0)
    expect(asked.stderr).toContain('sbatch search.sbatch')
    expect(readdirSync(join(out, 'runs'))).toEqual([])
    // What is untreated comes first: which candidates there are hangs on its findings.
    expect(listed(out)).toHaveLength(2)
    // The folder may be carried to another machine: nothing outside it is read.
    rmSync(FILE)
    rmSync(join(dir, 'table.csv'))
    const counts: number[] = []
    for (;;) {
      const jobs = listed(out)
      counts.push(jobs.length)
      const made = await Promise.all(jobs.map((job) => clinic('run-job', join(out, job))))
      expect(made.map((m) => m.stderr + m.code)).toEqual(jobs.map(() => '0'))
      const merged = await clinic('merge', out)
      if (merged.code === 0) break
      expect([merged.code, merged.stdout]).toEqual([3, ''])
      expect(existsSync(join(out, 'prescription.json'))).toBe(false)
    }
    expect(counts.length).toBeGreaterThan(1)
    expect(told(out)).toEqual(told(whole))
    expect(readdirSync(join(out, 'runs')).sort()).toEqual(readdirSync(join(whole, 'runs')).sort())
  })
  it('makes no job twice, and one that was lost anew', async () => {
    const [lost] = readdirSync(join(out, 'runs'))
    rmSync(join(out, 'runs', lost!), { recursive: true })
    expect((await clinic('merge', out)).code).toBe(3)
    expect(listed(out)).toEqual([`jobs/${lost}.json`])
    expect((await clinic('run-job', join(out, `jobs/${lost}.json`))).code).toBe(0)
    expect((await clinic('merge', out)).code).toBe(0)
    expect(told(out)).toEqual(told(whole))
  })
  it('brings along the files that a report and an export need', async () => {
    // The table itself was removed.
    expect(await clinic('report', out, '--out', join(dir, 'out.html'))).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(join(dir, 'out.html'), 'utf8')).toMatch(/table\.csv <span class="mono">sha256 [0-9a-f]{64}/)
    const [run] = readdirSync(join(out, 'runs'))
    const home = join(dir, 'home')
    expect(await clinic('export', join(out, 'runs', run!), home, '--to', 'pytorch')).toMatchObject({
      code: 0,
      stderr: ''
    })
    // Of a search in which nothing helps, what came nearest is no cure to take home.
    expect((await clinic('export', out, join(dir, 'none'), '--to', 'pytorch')).stderr).toMatch(/cures or helps/)
  })
  it('is scripts that a shell reads', () => {
    for (const name of ['rung.sbatch', 'search.sbatch'])
      expect(spawnSync('bash', ['-n', join(out, name)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(out, 'search.sbatch'), 'utf8')).toMatch(/sbatch --parsable --array=1-/)
  })
  it('refuses another version, other files, and what is no job of it', async () => {
    const path = join(out, 'search.json')
    const text = readFileSync(path, 'utf8')
    const [run] = readdirSync(join(out, 'runs'))
    rmSync(join(out, 'runs', run!), { recursive: true })
    await clinic('merge', out)
    const [job] = listed(out)
    const refused = async (change: (question: { versions: object; files: object[] }) => void, why: RegExp) => {
      const question = JSON.parse(text) as { versions: object; files: object[] }
      change(question)
      writeFileSync(path, JSON.stringify(question))
      const { code, stderr } = await clinic('run-job', join(out, job!))
      expect([code, stderr]).toEqual([2, expect.stringMatching(why)])
    }
    await refused((q) => Object.assign(q.versions, { engine: '0' }), /made by engine 0/)
    await refused((q) => Object.assign(q.files[0]!, { file: '../../etc/passwd' }), /search\.json.*file/)
    await refused((q) => Object.assign(q.files[0]!, { sha256: 'a' }), /not the file of this search any more/)
    writeFileSync(path, text)
    const other = join(out, 'jobs', 'abc.json')
    writeFileSync(other, readFileSync(join(out, job!)))
    expect(await clinic('run-job', other)).toMatchObject({ code: 2, stderr: expect.stringMatching(/not hold the job/) })
  })
  it('is a Job of Kubernetes with an index for each training', async () => {
    writeFileSync(FILE, JSON.stringify({ ...deepNet(80), data: { dataset: { id: 'circles' } } }))
    const yaml = join(dir, 'k8s')
    expect((await clinic('prescribe', FILE, '--out', yaml, '--emit', 'k8s', ...COMMON)).code).toBe(0)
    const text = readFileSync(join(yaml, 'rung.yaml'), 'utf8')
    expect(text).toMatch(/completionMode: Indexed\n {2}completions: 2\n/)
    const command = /- (exec clinic .*)$/m.exec(text)![1]!
    const sent = command.replace('exec clinic run-job', 'echo')
    const env = { ...process.env, JOB_COMPLETION_INDEX: '1' }
    expect(spawnSync('sh', ['-c', sent], { cwd: yaml, env, encoding: 'utf8' }).stdout.trim()).toBe(listed(yaml)[1])
  })
  it.skipIf(!hasParallel)('is made by GNU parallel (where it is installed)', async () => {
    writeFileSync(FILE, JSON.stringify({ ...deepNet(80), data: { dataset: { id: 'circles' } } }))
    const by = join(dir, 'by parallel')
    expect((await clinic('prescribe', FILE, '--out', by, '--emit', 'parallel', ...FEW)).code).toBe(0)
    await exec('bash', [join(by, 'search.sh')])
    const same = join(dir, 'same')
    expect((await clinic('prescribe', FILE, '--out', same, '--quiet', ...FEW)).code).toBe(0)
    expect(told(by)).toEqual(told(same))
  })
  it.each([
    [['prescribe', 'x.json', '--out', 'y', '--emit', 'pbs'], /--emit: "pbs" must be one of: parallel, slurm, k8s/],
    [['prescribe', 'x.json', '--out', 'y', '--emit', 'slrum'], /slurm, k8s; did you mean "slurm"\?/],
    [['prescribe', 'x.json', '--out', '--emit', 'slurm'], /--out: needs a value/],
    [['prescribe', 'x.json', '--out', 'y', '--bugdet', '9s'], /--bugdet: is not known; did you mean "--budget"\?/],
    [['prescribe', 'x.json', '--out', 'y', '-q'], /-q: is not known; known: --out/],
    [['perscribe', 'x.json'], /perscribe: is not a command; did you mean "prescribe"\?/],
    [['schema', 'swep'], /schema: "swep" must be one of: experiment, sweep; did you mean "sweep"\?/],
    [
      ['export', 'x', 'y', '--to', 'torch'],
      /--to: "torch" must be one of: pytorch, keras, npz; did you mean "pytorch"\?/
    ],
    [['prescribe', 'x.json', '--out', 'y', '--emit', 'slurm', '--budget', '9s'], /--budget: is for a search in one/],
    [['merge'], /name one folder/],
    [['merge', 'nowhere'], /nowhere: holds no search\.json: name a folder/],
    [['run-job'], /name one job/],
    [['run-job', 'package.json'], /FILE: package\.json is no job of a search: name one of the files in the folder jobs/]
  ])('%j is refused in words', async (args, why) => {
    expect(await clinic(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(why) })
  })
})
