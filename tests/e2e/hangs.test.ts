/** Processes that stand still: they are told of, and end with the app. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ALLOCATOR } from '@shared/base/allocator'
import { isThere, launchApp, trainers, until, type Launched } from './harness'
import { Workbench } from './pages/workbench'

async function training(): Promise<{ launched: Launched; bench: Workbench }> {
  const launched = await launchApp()
  const bench = await Workbench.of(launched.page)
  await bench.inspector.fill('training.steps', 100_000)
  await bench.train.click()
  await until(async () => Number(await bench.runState.getAttribute('data-step')) > 20, 'it trains')
  return { launched, bench }
}

it.skipIf(process.platform === 'win32')(
  'a trainer that stands still while paused is told of, and goes on',
  async () => {
    const { launched, bench } = await training()
    await launched.page.getByTestId('pause').click()
    await bench.waitForState('paused')
    const step = async (): Promise<number> => Number(await bench.runState.getAttribute('data-step'))
    const before = await step()
    const held = await trainers(launched)
    // A process that was forked and not started anew would show its parent's. Some C libraries take the value apart
    // where it lies.
    const [first] = ALLOCATOR.split(':')
    if (process.platform === 'linux')
      for (const pid of held) expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain(`GLIBC_TUNABLES=${first}`)
    for (const pid of held) process.kill(pid, 'SIGSTOP')
    const silent = bench.runState.filter({ hasText: /no answer for \d+ s/ })
    await silent.waitFor()
    await launched.page.getByTestId('resume').click()
    for (const pid of held) process.kill(pid, 'SIGCONT')
    await silent.waitFor({ state: 'detached' })
    await until(async () => (await step()) > before, 'it goes on')
    await launched.page.getByTestId('stop').click()
    await bench.waitForState('stopped')
  }
)

it.skipIf(process.platform === 'win32')('no process that stands still outlives the app', async () => {
  const { launched, bench } = await training()
  const held = await trainers(launched)
  expect(held.length).toBeGreaterThan(0)
  for (const pid of held) process.kill(pid, 'SIGSTOP')
  try {
    await bench.runState.filter({ hasText: /no answer for \d+ s/ }).waitFor()
    await launched.close()
    await until(() => !held.some(isThere), 'they have ended, too')
  } finally {
    for (const pid of held.filter(isThere)) process.kill(pid, 'SIGKILL')
  }
})
