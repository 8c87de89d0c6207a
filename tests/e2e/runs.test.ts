import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { progressOf, recordOf, rejection, smallExperiment, startRun, told } from './bridge'
import { launchApp, temporary, trainers, until } from './harness'

const LONG = 200_000

describe('a run in its own process', () => {
  it('trains natively, and every recorded step reaches the window before it says finished', async () => {
    const { page } = await launchApp()
    await startRun(page, 'a', smallExperiment(500))
    await until(async () => (await told(page, 'a')).states.includes('finished'), 'the run has finished')
    const t = await told(page, 'a')
    expect(t.steps).toEqual(Array.from({ length: 500 }, (_, i) => i))
    const order = t.states.filter((s, i) => s !== t.states[i - 1])
    expect(order).toEqual(['queued', 'starting', 'running', 'finished'])
    const r = await recordOf(page, 'a')
    expect(r.steps).toEqual(t.steps)
    expect(r.finite).toBe(true)
    expect(r.schema!.versions).toBeTruthy()
  })
  it('gives the same bits twice', async () => {
    const { page } = await launchApp()
    for (const id of ['a', 'b']) {
      await startRun(page, id, smallExperiment(60))
      await until(async () => (await progressOf(page, id)).state === 'finished', `${id} has finished`)
    }
    const [a, b] = [await recordOf(page, 'a'), await recordOf(page, 'b')]
    expect(a.values.length).toBeGreaterThan(100)
    expect(a.values).toEqual(b.values)
  })
  it('pauses, steps one step, resumes and stops', async () => {
    const { page } = await launchApp()
    await startRun(page, 'a', smallExperiment(LONG))
    await until(async () => (await progressOf(page, 'a')).step > 5, 'it has run some steps')
    await page.evaluate(() => window.clinic.pauseRun('a'))
    const paused = await until(async () => {
      const p = await progressOf(page, 'a')
      return p.state === 'paused' && p
    }, 'it is paused')
    await page.evaluate(() => window.clinic.stepRun('a'))
    const stepped = await until(async () => {
      const p = await progressOf(page, 'a')
      return p.step > paused.step && p
    }, 'it has made a step')
    expect(stepped).toMatchObject({ step: paused.step + 1, state: 'paused' })
    await page.evaluate(() => window.clinic.resumeRun('a'))
    await until(async () => (await progressOf(page, 'a')).step > stepped.step + 5, 'it runs again')
    await page.evaluate(() => window.clinic.stopRun('a'))
    await until(async () => (await progressOf(page, 'a')).state === 'stopped', 'it has stopped')
    const r = await recordOf(page, 'a')
    expect(r.steps.at(-1)! + 1).toBe(r.progress.step)
  })
  it('waits in the queue when the cores are taken, and starts when one is free', async () => {
    const { page } = await launchApp()
    const slots = await page.evaluate(async () => (await window.clinic.info()).threads)
    for (let i = 0; i <= slots; i++) await startRun(page, `r${i}`, smallExperiment(LONG))
    const last = `r${slots}`
    expect((await progressOf(page, last)).state).toBe('queued')
    await page.evaluate(() => window.clinic.stopRun('r0'))
    await until(async () => (await progressOf(page, last)).state === 'running', 'the queued run has started')
    for (let i = 1; i <= slots; i++) await page.evaluate((id) => window.clinic.dropRun(id), `r${i}`)
    expect(await page.evaluate(async () => (await window.clinic.listRuns()).map((r) => r.id))).toEqual(['r0'])
  })
})

it.skipIf(process.platform !== 'linux')('ten trainings leave no process and no descriptor of main', async () => {
  const launched = await launchApp()
  const { page, app } = launched
  /** Trains, and waits until only the trainer in waiting is left. */
  const train = async (id: string): Promise<void> => {
    const before = await trainers(launched)
    await startRun(page, id, smallExperiment(5))
    await until(async () => (await progressOf(page, id)).state === 'finished', `${id} has finished`)
    await until(async () => {
      const now = await trainers(launched)
      return now.length === 1 && !before.includes(now[0]!)
    }, 'another trainer waits')
  }
  const descriptors = (): number => readdirSync(`/proc/${app.process().pid}/fd`).length
  for (const id of ['first', 'second']) await train(id)
  const before = descriptors()
  for (let n = 0; n < 10; n++) await train(`r${n}`)
  await until(() => descriptors() <= before + 4, `descriptors are ${before} as before, or as good as that`)
})

describe('a trainer that is killed in mid-run', () => {
  it('leaves a failed run with its cause and everything recorded; the next run starts', async () => {
    const launched = await launchApp()
    const { page } = launched
    await startRun(page, 'a', smallExperiment(LONG))
    await until(async () => (await told(page, 'a')).steps.length > 20, 'frames have come')
    const pids = await trainers(launched)
    expect(pids.length).toBe(1)
    process.kill(pids[0]!, 'SIGKILL')
    await until(async () => (await told(page, 'a')).states.includes('failed'), 'the run has failed')
    const r = await recordOf(page, 'a')
    expect(r.progress.failure!.message.en).toMatch(
      /The training process (was ended from outside|ended before it was done)/
    )
    expect(r.steps.length).toBeGreaterThan(20)
    expect((await told(page, 'a')).steps).toEqual(r.steps)
    await startRun(page, 'b', smallExperiment(50))
    await until(async () => (await progressOf(page, 'b')).state === 'finished', 'the next run has finished')
  })
  it.each(['SIGSEGV', 'SIGABRT'] as const)('or crashes with %s says so', async (signal) => {
    const launched = await launchApp()
    const { page } = launched
    await startRun(page, 'a', smallExperiment(LONG))
    await until(async () => (await progressOf(page, 'a')).step > 5, 'it runs')
    process.kill((await trainers(launched))[0]!, signal)
    const failed = await until(async () => {
      const p = await progressOf(page, 'a')
      return p.state === 'failed' && p
    }, 'the run has failed')
    expect(failed.failure!.message.en).toContain('crashed in native code')
  })
  it('or hangs says how long it has been silent, and Stop ends it', async () => {
    const launched = await launchApp()
    const { page } = launched
    await startRun(page, 'a', smallExperiment(LONG))
    await until(async () => (await progressOf(page, 'a')).step > 5, 'it runs')
    const [pid] = await trainers(launched)
    process.kill(pid!, 'SIGSTOP')
    await until(async () => (await progressOf(page, 'a')).waiting, 'its silence is told')
    await page.evaluate(() => window.clinic.stopRun('a'))
    await until(async () => (await progressOf(page, 'a')).state === 'stopped', 'the run has stopped')
    await until(async () => !(await trainers(launched)).includes(pid!), 'the process is gone')
    expect((await recordOf(page, 'a')).steps.length).toBeGreaterThan(0)
  })
})

describe('a window in mid-run', () => {
  it('that is reloaded takes the run up again', async () => {
    const { page } = await launchApp()
    await startRun(page, 'a', smallExperiment(LONG))
    await until(async () => (await told(page, 'a')).steps.length > 20, 'frames have come')
    await page.reload()
    const known = await recordOf(page, 'a')
    expect(known.progress.state).toBe('running')
    expect(known.steps.length).toBeGreaterThan(20)
    // Frames come on their own from here, exactly where the record ended.
    const next = await page.evaluate(
      () =>
        new Promise<number[]>((done) => {
          window.clinic.on('runUpdate', ({ update }) => update.kind === 'frames' && done([...update.frames.steps]))
          void window.clinic.getRun('a').then(async (r) => {
            for (let i = 0; i < 2; i++) await window.clinic.ackFrames(r!.id, 1)
          })
        })
    )
    expect(next.length).toBeGreaterThan(0)
    expect(next.every((s, i) => i === 0 || s === next[i - 1]! + 1)).toBe(true)
    await page.evaluate(() => window.clinic.stopRun('a'))
    await until(async () => (await progressOf(page, 'a')).state === 'stopped', 'it stops')
  })
  it('that crashes comes back, and the run went on', async () => {
    const launched = await launchApp()
    const { app, page } = launched
    await startRun(page, 'a', smallExperiment(LONG))
    await until(async () => (await told(page, 'a')).steps.length > 5, 'frames have come')
    const before = (await progressOf(page, 'a')).step
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer())
    launched.expectErrors(/crashed/)
    const state = await until(
      () =>
        app.evaluate(({ BrowserWindow }) => {
          const contents = BrowserWindow.getAllWindows()[0]!.webContents
          if (contents.isCrashed() || contents.isLoading()) return null
          const asked = contents.executeJavaScript('window.clinic.listRuns()') as Promise<
            { progress: { state: string; step: number } }[]
          >
          // A page that is just going never answers.
          return Promise.race([asked.catch(() => null), new Promise<null>((r) => setTimeout(r, 1000, null))])
        }),
      'the page is back'
    )
    expect(state[0]!.progress.state).toBe('running')
    expect(state[0]!.progress.step).toBeGreaterThan(before)
    launched.errors.splice(0)
  })
  it('that stands still neither slows the run nor makes memory grow, and gets all in the end', async () => {
    const launched = await launchApp()
    const { app, page } = launched
    await startRun(page, 'a', smallExperiment(20_000))
    await until(async () => (await told(page, 'a')).steps.length > 20, 'frames have come')
    const [trainer] = await trainers(launched)
    const renderer = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId()
    )
    const heap = (): Promise<number> => app.evaluate(() => process.memoryUsage().rss)
    process.kill(renderer, 'SIGSTOP')
    try {
      const before = await heap()
      await until(
        async () => !(await trainers(launched)).includes(trainer!),
        'the run has finished while the window stood still'
      )
      // The record itself (some 50 figures a step) is 4 MB; the rest is slack for main's own garbage.
      expect((await heap()) - before).toBeLessThan(120e6)
    } finally {
      process.kill(renderer, 'SIGCONT')
    }
    await until(async () => (await told(page, 'a')).states.includes('finished'), 'the window knows')
    expect((await told(page, 'a')).steps).toEqual(Array.from({ length: 20_000 }, (_, i) => i))
  })
})

describe('numbers that are none', () => {
  it('are recorded and reach the window as they are', async () => {
    const { page } = await launchApp()
    const training = { steps: 200, batchSize: 32, loss: 'sumOfSquares', optimizer: { id: 'sgd', learningRate: 10 } }
    const nodes = ['a', 'b', 'c'].map((id) => ({
      id,
      kind: 'dense',
      params: { units: id === 'c' ? 3 : 30, activation: 'linear' }
    }))
    await startRun(page, 'a', smallExperiment(200, { training, network: { nodes } }))
    await until(async () => (await told(page, 'a')).states.includes('diverged'), 'the run has ended')
    const counts = await page.evaluate(async () => {
      const { frames, findings, verdict } = (await window.clinic.getRun('a'))!
      return {
        nan: frames.values.filter((x) => Number.isNaN(x)).length,
        loss: [...frames.scalars].some((x) => Number.isNaN(x)),
        kinds: findings.map((f) => f.kind),
        verdict: verdict?.state
      }
    })
    expect(counts.verdict).toBe('diverged')
    expect(counts.nan).toBeGreaterThan(0)
    expect(counts.loss).toBe(true)
    expect(counts.kinds.some((k) => k === 'lossNaN' || k === 'weightsNaN')).toBe(true)
  })
})

describe('without the training library', () => {
  it('the app opens, says what is missing, and a run fails with the same words', async () => {
    // The same build in a folder from which the library cannot be found.
    const app = temporary()
    mkdirSync(join(app, 'node_modules'))
    cpSync(join(process.env['GRADIENT_CLINIC_APP'] ?? ROOT, 'out'), join(app, 'out'), { recursive: true })
    cpSync(join(ROOT, 'package.json'), join(app, 'package.json'))
    symlinkSync(join(ROOT, 'node_modules', 'electron-log'), join(app, 'node_modules', 'electron-log'))
    writeFileSync(join(app, 'README'), '')
    const { page } = await launchApp({ app })
    const banner = page.getByTestId('native-problem')
    await banner.waitFor()
    expect(await banner.innerText()).toContain('npm run setup')
    expect(await banner.getAttribute('role')).toBe('alert')
    expect(await page.getByTestId('train').isDisabled()).toBe(true)
    const [lies, bar] = [(await banner.boundingBox())!, (await page.locator('.top').boundingBox())!]
    expect([lies.y >= bar.y + bar.height - 1, lies.width > 300, lies.height < 60]).toEqual([true, true, true])
    const info = await page.evaluate(() => window.clinic.info())
    expect(info.native).toMatchObject({
      ok: false,
      problems: [
        {
          message: {
            en: expect.stringContaining('npm run setup') as string,
            zh: expect.stringContaining('npm run setup') as string
          }
        }
      ]
    })
    await startRun(page, 'a', smallExperiment(10))
    const failed = await until(async () => {
      const p = await progressOf(page, 'a')
      return p.state === 'failed' && p
    }, 'the run has failed')
    expect(failed.failure!.message.en).toMatch(/tfjs-node|training library/)
  })
})

describe('a bad experiment', () => {
  it('is refused, naming the field', async () => {
    const { page } = await launchApp()
    const bad = smallExperiment(10, { network: { nodes: [{ id: 'a', kind: 'dense', params: { units: 0 } }] } })
    const error = await rejection(page, 'startRun', 'a', bad, {})
    expect(error!.problems[0]).toMatchObject({ path: 'network.nodes.a.params.units' })
    expect(await page.evaluate(() => window.clinic.listRuns())).toEqual([])
  })
})
