// cspell:ignore jobacct linuxproc Proctrack sched scancel sinfo squeue
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { freePort } from '../broker'
import { told, writeDeepNet } from './elsewhere'

const CLINIC = join(ROOT, 'out/cli/clinic.cjs')
/** Slurm's daemons start jobs as their users: they belong to root. */
const isRoot = process.getuid?.() === 0
const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
const isThere = isRoot && ['slurmctld', 'slurmd', 'sbatch', 'munged'].every(has)
const dir = mkdtempSync(join(tmpdir(), 'clinic-slurm-'))
const at = (name: string): string => join(dir, name)
const exec = promisify(execFile)
const FEW = ['--seeds', '2', '--consider', 'batchNorm']
const env = { ...process.env, SLURM_CONF: at('slurm.conf') }
const daemons: { child: ChildProcess; ended: Promise<void> }[] = []

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100))
function daemon(command: string, ...args: string[]): void {
  const child = spawn(command, args, { env, stdio: 'ignore' })
  daemons.push({ child, ended: new Promise((resolve) => child.once('exit', () => resolve())) })
}
/** A Slurm of this machine alone, with its own key, ports and folders. */
async function startSlurm(): Promise<void> {
  for (const name of ['state', 'spool', 'munge']) mkdirSync(at(name))
  writeFileSync(at('munge/key'), randomBytes(1024), { mode: 0o400 })
  const host = hostname().split('.')[0]!
  const settings = {
    ClusterName: 'clinic',
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmctldPort: await freePort(),
    SlurmdPort: await freePort(),
    AuthType: 'auth/munge',
    AuthInfo: `socket=${at('munge/socket')}`,
    SlurmUser: 'root',
    SlurmdUser: 'root',
    StateSaveLocation: at('state'),
    SlurmdSpoolDir: at('spool'),
    SlurmctldPidFile: at('slurmctld.pid'),
    SlurmdPidFile: at('slurmd.pid'),
    SlurmctldLogFile: at('slurmctld.log'),
    SlurmdLogFile: at('slurmd.log'),
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    JobAcctGatherType: 'jobacct_gather/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_Core',
    MpiDefault: 'none',
    SlurmdParameters: 'config_overrides',
    SchedulerParameters: 'sched_min_interval=200000'
  }
  const lines = [
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    `NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus().length} State=UNKNOWN`,
    `PartitionName=main Nodes=${host} Default=YES State=UP`
  ]
  writeFileSync(env.SLURM_CONF, lines.map((line) => `${line}\n`).join(''))
  const files = ['socket', 'key-file', 'pid-file', 'log-file', 'seed-file']
  const places = ['socket', 'key', 'pid', 'log', 'seed'].map((name, i) => `--${files[i]!}=${at(`munge/${name}`)}`)
  daemon('munged', '--foreground', '--force', ...places)
  while (!existsSync(at('munge/socket'))) await pause()
  daemon('slurmctld', '-D', '-f', env.SLURM_CONF)
  daemon('slurmd', '-D', '-f', env.SLURM_CONF)
  while (!/idle/.test(spawnSync('sinfo', ['-h', '-o', '%T'], { env, encoding: 'utf8' }).stdout)) await pause()
}
beforeAll(async () => {
  if (!isThere) return
  await buildClinic()
  writeDeepNet(at('net.json'), 80)
  await startSlurm()
})
afterAll(async () => {
  spawnSync('scancel', ['--user=root'], { env, timeout: 10_000 })
  for (const { child, ended } of daemons.reverse()) {
    child.kill()
    await ended
  }
  rmSync(dir, { recursive: true, force: true })
})

describe.skipIf(!isThere)('a search by Slurm', () => {
  it('goes from array to array by itself, and comes to what it comes to in one process', async () => {
    const [by, same] = [at('by'), at('same')]
    const prescribe = (out: string, ...more: string[]): Promise<unknown> =>
      exec(process.execPath, [CLINIC, 'prescribe', at('net.json'), '--out', out, ...FEW, ...more])
    await prescribe(by, '--emit', 'slurm')
    await exec('sbatch', ['search.sbatch'], { cwd: by, env })
    const waits = async (): Promise<boolean> => (await exec('squeue', ['-h'], { env })).stdout.trim() !== ''
    // Between the end of one job and the next there is always one in the queue: the search sends it itself.
    while (await waits()) await pause()
    const logs = readdirSync(by).filter((name) => name.startsWith('slurm-'))
    const said = logs.map((name) => readFileSync(join(by, name), 'utf8')).join('')
    expect(existsSync(join(by, 'prescription.json')), said).toBe(true)
    // Two rungs at least: untreated, and what their findings advise.
    expect(logs.filter((name) => name.includes('_')).length).toBeGreaterThan(3)
    await prescribe(same, '--quiet')
    expect(told(by)).toEqual(told(same))
  })
})
