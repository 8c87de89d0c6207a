import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { buildClinic } from '../../scripts/lib/build.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { BROKERS, SECRET } from '../broker'
import { answer, asked, launchApp, temporary, trainers, until, type Launched } from './harness'
import { askCure, curePhase } from './pages/cure'
import { Workbench } from './pages/workbench'

const [redis, postgres] = BROKERS

/** A window on page Cure, with a question that takes seconds. */
async function begin(): Promise<Launched> {
  const launched = await launchApp({ size: { width: 1440, height: 900 } })
  const { page } = launched
  const bench = await Workbench.of(page)
  await bench.inspector.fill('training.steps', 120)
  await askCure(page)
  return launched
}
async function ask(page: Page, url: string): Promise<void> {
  await page.getByTestId('cure-queue').fill(url)
  await page.getByTestId('cure-queue').press('Tab')
}
/** All of a search's answer but times, and the names of its runs. */
const told = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    const { prescription } = (await window.clinic.cureState())!
    return JSON.parse(
      JSON.stringify(prescription, (key, value: unknown) => (['run', 'stepMs', 'stepCost'].includes(key) ? 0 : value))
    ) as unknown
  })

const worker = (url: string, jobs: number): ChildProcess =>
  spawn(process.execPath, [join(ROOT, 'out/cli/clinic.cjs'), 'worker', '--queue', url, '--jobs', String(jobs)])
/**
 * Holds what a worker trains, in a process of its own: the worker stays, and is at work until that is let go.
 * @returns the process
 */
async function hold({ pid }: ChildProcess): Promise<number> {
  const trains = (): number[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number).filter(Boolean)
  const [held] = await until(() => trains().length > 0 && trains(), 'the worker trains')
  process.kill(held!, 'SIGSTOP')
  return held!
}
let here: unknown
/** What the search comes to on this machine. */
async function toldHere(): Promise<unknown> {
  if (here) return here
  const launched = await begin()
  await launched.page.getByTestId('cure-find').click()
  await curePhase(launched.page, 'done')
  here = await told(launched.page)
  await launched.close()
  return here
}

describe('page Cure with a queue', () => {
  it.skipIf(!redis.isThere)(
    'has a worker train, shows its runs, and comes to what it comes to on this machine',
    async () => {
      await buildClinic()
      const server = await redis.make(join(temporary(), 'redis'))
      await server.start()
      let only: ChildProcess | undefined
      try {
        const launched = await begin()
        const { page, userData } = launched
        const before = await trainers(launched)
        await answer(launched, 'showMessageBox', { response: 0 })
        await ask(page, server.url)
        // A password is seen by nobody but who types it.
        expect(await page.getByTestId('cure-queue').inputValue()).toBe(server.url.replace(/\/\/.*@/, '//'))
        await page.getByTestId('cure-find').click()
        await page.getByTestId('cure-notice').getByText('No worker waits').waitFor()
        expect((await asked(launched)).map((q) => q.message).join()).toContain('127.0.0.1')
        only = worker(server.url, 2)
        await curePhase(page, 'done')
        expect(await trainers(launched)).toEqual(before)
        expect(await page.getByTestId('cure-verdict').getAttribute('data-verdict')).toBe('cured')
        const runs = await page.evaluate(async () => {
          const { kept, id } = (await window.clinic.cureState())!
          const records = await Promise.all(kept.map((k) => window.clinic.getRun(k.result.trial.run)))
          return records.map((r) => ({
            own: r!.search === id,
            frames: r!.frames.steps.length,
            state: r!.progress.state
          }))
        })
        expect(runs.length).toBeGreaterThan(3)
        for (const run of runs) expect(run).toEqual({ own: true, frames: expect.any(Number), state: 'finished' })
        expect(Math.min(...runs.map((r) => r.frames))).toBeGreaterThan(5)
        const byQueue = await told(page)

        // The search is saved with its runs, and the password is nowhere.
        const path = join(temporary(), 'search.gclinic')
        await answer(launched, 'showSaveDialog', { canceled: false, filePath: path })
        await page.keyboard.press('Control+s')
        await page.getByTestId('dirty').waitFor({ state: 'detached' })
        await until(
          () => readFileSync(join(userData, 'settings.json'), 'utf8').includes('redis://127.0.0.1'),
          'the place of the queue is remembered'
        )
        await launched.close()
        const files = [userData, join(path, '..')].flatMap((folder) =>
          readdirSync(folder, { withFileTypes: true, recursive: true })
            .filter((f) => f.isFile())
            .map((f) => join(f.parentPath, f.name))
        )
        expect(files).toContain(path)
        for (const file of files) expect(readFileSync(file, 'latin1').includes(SECRET), file).toBe(false)
        expect(launched.output()).not.toContain(SECRET)
        expect(byQueue).toEqual(await toldHere())
      } finally {
        only?.kill()
        await server.stop()
      }
    }
  )

  it.skipIf(!postgres.isThere)(
    'goes on over PostgreSQL when a worker is lost and the broker restarts, and says so',
    async () => {
      await buildClinic()
      const server = await postgres.make(join(temporary(), 'postgres'))
      await server.start()
      const crew: ChildProcess[] = []
      const held: number[] = []
      try {
        const launched = await begin()
        const { page } = launched
        const workers = (text: string): Promise<void> =>
          page.getByTestId('cure-workers').getByText(text, { exact: true }).waitFor()
        const notice = page.getByTestId('cure-notice')
        await answer(launched, 'showMessageBox', { response: 0 })
        await ask(page, server.url.replace(SECRET, 'another'))
        await page.getByTestId('cure-find').click()
        await page.getByTestId('cure-failure').getByText('refuses this name and password').waitFor()
        expect(await page.getByTestId('cure-failure').innerText()).toContain('The queue at postgres://127.0.0.1:')
        expect(await page.locator('body').innerText()).not.toContain('another')

        await ask(page, server.url)
        await page.getByTestId('cure-find').click()
        await workers('No worker yet')
        await notice.getByText('No worker waits').waitFor()
        // Each is held at its training: what is said of them stays until they are let go.
        crew.push(worker(server.url, 1))
        held.push(await hold(crew[0]!))
        await workers('1 worker trains')
        crew.push(worker(server.url, 1))
        held.push(await hold(crew[1]!))
        await workers('2 workers train')
        await notice.waitFor({ state: 'detached' })
        const ongoing = () => page.evaluate(async () => (await window.clinic.cureState())!.ongoing.map((o) => o.waits))
        await until(async () => (await ongoing()).includes(undefined), 'a worker has begun a training')

        crew[0]!.kill('SIGKILL')
        await notice.getByText('A worker is gone').waitFor()
        await workers('1 worker trains')
        await server.stop()
        await notice.getByText('waiting for it').waitFor()
        await server.start()
        await notice.getByText('waiting for it').waitFor({ state: 'detached' })
        process.kill(held[1]!, 'SIGCONT')
        await curePhase(page, 'done')
        expect(await notice.count()).toBe(0)
        expect(await told(page)).toEqual(await toldHere())
        expect(launched.output()).not.toContain(SECRET)
        expect(readFileSync(join(launched.userData, 'settings.json'), 'utf8')).not.toContain(SECRET)
      } finally {
        crew.forEach((child) => child.kill('SIGKILL'))
        // What is held does not see that its worker is gone.
        for (const pid of held) if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL')
        await server.stop()
      }
    }
  )

  it('says what is wrong with a queue, and sends nothing before the person agrees', async () => {
    const launched = await begin()
    const { page } = launched
    await ask(page, 'mysql://host/jobs')
    expect(await page.getByTestId('cure-queue-wrong').innerText()).toContain('must be redis://')
    expect(await page.getByTestId('cure-find').isDisabled()).toBe(true)

    await answer(launched, 'showMessageBox', { response: 1 })
    await ask(page, 'redis://127.0.0.1:1')
    await page.getByTestId('cure-find').click()
    await page.getByTestId('cure-failure').getByText('Nothing was sent to the queue').waitFor()

    await answer(launched, 'showMessageBox', { response: 0 })
    await ask(page, `redis://:${SECRET}@127.0.0.1:1`)
    await page.getByTestId('cure-find').click()
    await page.getByTestId('cure-failure').getByText('127.0.0.1:1 does not answer: ECONNREFUSED').waitFor()
    expect(await page.locator('body').innerText()).not.toContain(SECRET)
    // Without a queue this machine trains.
    await ask(page, '')
    await page.getByTestId('cure-find').click()
    await curePhase(page, 'done')
  })
})
