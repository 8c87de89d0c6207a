import { fork, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Port } from '@shared/ipc/rpc'
import { trainerContract } from '@shared/ipc/trainer'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { type Experiment } from '@shared/experiment'
import type { FrameTable } from '@shared/run/frameTable'
import { RunLog } from '@shared/run/runLog'
import type { Progress } from '@shared/run/types'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildNode } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { netOf } from './support'

const BUILT = join(ROOT, 'out/trainer/trainer.cjs')
const elsewhere = mkdtempSync(join(tmpdir(), 'clinic-native-'))
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }))
const children: ChildProcess[] = []
afterEach(() => {
  for (const c of children.splice(0)) c.kill('SIGKILL')
})
beforeAll(() => buildNode('trainer', { trainer: 'src/trainer/utility.ts' }, {}))

/** The trainer as its own process, spoken to through the contract. */
function start(script = BUILT): {
  child: ChildProcess
  api: ReturnType<typeof connect<typeof trainerContract>>['api']
  exit: Promise<number | NodeJS.Signals | null>
  stderr: () => string
} {
  const child = fork(script, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
  children.push(child)
  let log = ''
  child.stderr!.on('data', (d: Buffer) => (log += d.toString()))
  const port: Port = {
    post: (m) => void child.send(m as object),
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void child.once('exit', listener)
  }
  const exit = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code))
  )
  return { child, api: connect(trainerContract, port).api, exit, stderr: () => log }
}

/**
 * Collects the run of a trainer and acknowledges its frames. @returns the run so far, and its progress once it has
 * ended
 */
function collect(
  api: ReturnType<typeof start>['api'],
  experiment: Experiment
): { log: RunLog; ended: Promise<Progress> } {
  const log = new RunLog({ id: 'a', name: experiment.name, experiment, createdAt: '' })
  const ended = new Promise<Progress>((resolve, reject) => {
    api.on(
      'runUpdate',
      ({ id, update }) => {
        expect(id).toBe('a')
        log.apply(update)
        if (update.kind === 'frames') api.ack(1).catch(() => undefined)
        if (log.over) resolve(log.progress)
      },
      reject
    )
  })
  return { log, ended }
}
/** Settles when the trainer makes steps. */
const isRunning = (api: ReturnType<typeof start>['api']): Promise<void> =>
  new Promise((resolve) =>
    api.on(
      'runUpdate',
      ({ update }) =>
        update.kind === 'progress' && update.progress.state === 'running' && update.progress.step > 0 && resolve()
    )
  )
/** Trains in a process of its own. @returns all that was recorded */
async function trained(experiment: Experiment): Promise<FrameTable> {
  const { api, child } = start()
  const { log, ended } = collect(api, experiment)
  await api.start('a', experiment, {})
  await ended
  child.disconnect()
  return log.table!
}
const bitsOf = (t: FrameTable): Buffer[] =>
  [t.steps, t.values, t.scalars].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))

describe('the trainer in a process of its own', () => {
  it('computes the same bits alone and beside another run', async () => {
    const experiment = netOf('noisy', { steps: 400 })
    const other = { ...vanishingExperiment(20), training: { ...vanishingExperiment(20).training, steps: 100_000 } }
    const alone = await trained(experiment)
    expect(alone.length).toBe(400)
    const beside = start()
    const busy = isRunning(beside.api)
    const { log } = collect(beside.api, other)
    await beside.api.start('a', other, {})
    await busy
    const together = await trained(experiment)
    // It was beside it all the time.
    expect(log.over).toBe(false)
    expect(bitsOf(together)).toEqual(bitsOf(alone))
  })
  it('warms up, trains, sends every frame, and ends when its parent lets go', async () => {
    const { api, child, exit, stderr } = start()
    const { versions } = await api.warmUp()
    expect(versions['tensorflow']).toMatch(/^2\./)
    const experiment = netOf('deepRelu', { steps: 300 })
    const { log, ended } = collect(api, experiment)
    await api.start('a', experiment, {})
    expect(await ended).toEqual({ state: 'finished', step: 300, steps: 300 })
    expect(log.table!.length).toBe(300)
    child.disconnect()
    expect(await exit, stderr()).toBe(0)
  })
  it('takes commands while it trains, and beats while it is paused', async () => {
    const { api } = start()
    const experiment = { ...vanishingExperiment(10), training: { ...vanishingExperiment(10).training, steps: 100000 } }
    const { log, ended } = collect(api, experiment)
    const running = isRunning(api)
    await api.start('a', experiment, {})
    await running
    await api.pause()
    expect(log.progress.state).toBe('paused')
    await new Promise<void>((resolve) => api.on('heartbeat', () => resolve()))
    await api.stop()
    expect(await ended).toMatchObject({ state: 'stopped' })
  })
  it('refuses what is no experiment, and a second run', async () => {
    const { api } = start()
    await expect(api.start('a', { network: 3 } as never, {})).rejects.toThrow(/network: must be an object/)
    const experiment = netOf('plain', { steps: 1 })
    const { ended } = collect(api, experiment)
    await api.start('a', experiment, {})
    await expect(api.start('b', experiment, {})).rejects.toThrow(/has a run already/)
    expect(await ended).toMatchObject({ state: 'finished' })
  })
  const broken: [string, (pkg: string) => void, RegExp][] = [
    ['missing', () => undefined, /native training library is not there: .*npm run setup/],
    [
      'damaged',
      (pkg) => (mkdirSync(join(pkg, 'lib')), writeFileSync(join(pkg, 'lib/tfjs_binding.node'), 'not a library')),
      /native training library cannot be loaded: .*npm run setup/
    ]
  ]
  it.each(broken)('says in words that the native library is %s', async (_name, damage, words) => {
    const pkg = join(elsewhere, _name, 'node_modules/@tensorflow/tfjs-node')
    mkdirSync(pkg, { recursive: true })
    writeFileSync(join(pkg, 'package.json'), JSON.stringify({ name: '@tensorflow/tfjs-node', main: 'index.js' }))
    writeFileSync(join(pkg, 'index.js'), 'module.exports = require("./lib/tfjs_binding.node")')
    damage(pkg)
    const script = join(elsewhere, _name, 'trainer.cjs')
    copyFileSync(BUILT, script)
    const { api } = start(script)
    await expect(api.warmUp()).rejects.toThrow(words)
    const experiment = netOf('plain', { steps: 1 })
    const { ended } = collect(api, experiment)
    await api.start('a', experiment, {})
    const { message } = (await ended).failure!
    expect(message.en).toMatch(words)
    expect(message.zh).toContain('npm run setup')
    expect(message.en).not.toMatch(/\n\s+at /)
  })
})
