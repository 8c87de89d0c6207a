/** What is written as the window closes, and what never ends: a page that prints, and a disk that gives no answer. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeProject } from '@shared/project'
import { answer, asked, isThere, launchApp, menu, temporary, until, type Launched } from './harness'
import { backedUp } from './pages/kept'
import { Workbench } from './pages/workbench'

/** What a test leaves in main. */
interface Left {
  /** Lets what is held up go on. */
  release: () => void
  /** How often the disk was asked. */
  asks: number
  /** Process of the page that prints. */
  printer: number
}
/**
 * Lets the disk of a folder answer nothing, neither well nor badly, until it is released.
 * @param soon whether nobody has the patience that such a disk is given
 */
const holdUp = ({ app }: Launched, folder: string, soon = false): Promise<void> =>
  app.evaluate(
    (_electron, { folder, soon }) => {
      const left = globalThis as unknown as Left
      left.asks = 0
      const gate = new Promise<void>((resolve) => (left.release = resolve))
      let isHeld = true
      void gate.then(() => (isHeld = false))
      const { promises } = process.mainModule!.require('fs') as { promises: Record<string, unknown> }
      for (const name of ['open', 'stat', 'lstat', 'realpath', 'readFile', 'rename']) {
        const real = promises[name] as (path: unknown, ...more: unknown[]) => Promise<unknown>
        promises[name] = async (path: unknown, ...more: unknown[]) => {
          if (isHeld && String(path).startsWith(folder)) {
            left.asks++
            await gate
          }
          return real(path, ...more)
        }
      }
      const { setTimeout: wait } = globalThis
      if (soon)
        globalThis.setTimeout = ((work: () => void, ms: number, ...given: unknown[]) =>
          wait(work, ms >= 20_000 ? 200 : ms, ...given)) as unknown as typeof setTimeout
    },
    { folder, soon }
  )
const release = ({ app }: Launched): Promise<void> => app.evaluate(() => (globalThis as unknown as Left).release())
const asks = ({ app }: Launched): Promise<number> => app.evaluate(() => (globalThis as unknown as Left).asks)
const closeWindow = ({ app }: Launched): Promise<void> =>
  // The page that is printed has a window, too.
  app
    .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((w) => w.isVisible() && w.close()))
    .catch(() => undefined)
const exitCode = ({ app }: Launched): Promise<number | null> => {
  const main = app.process()
  return main.exitCode !== null
    ? Promise.resolve(main.exitCode)
    : new Promise((r) => main.once('exit', (code) => r(code)))
}
/** Messages of the questions that main has asked. */
const questions = async (launched: Launched): Promise<string[]> =>
  (await asked(launched)).flatMap(({ message }) => message ?? [])

/** Stops the next page that has loaded, as if its process stood still. */
const freezeNextPage = ({ app }: Launched): Promise<void> =>
  app.evaluate(({ app }) => {
    app.once('web-contents-created', (_event, contents) => {
      contents.once('did-finish-load', () => {
        const printer = contents.getOSProcessId()
        process.kill(printer, 'SIGSTOP')
        Object.assign(globalThis, { printer })
      })
    })
  })
const frozen = ({ app }: Launched): Promise<number> =>
  until(() => app.evaluate(() => (globalThis as unknown as Left).printer), 'it is being printed')

async function trained(): Promise<{ launched: Launched; bench: Workbench }> {
  const launched = await launchApp({ size: { width: 1440, height: 900 } })
  const bench = await Workbench.of(launched.page)
  await bench.inspector.fill('training.steps', 40)
  expect(await bench.trainToTheEnd()).toBe('finished')
  return { launched, bench }
}
/** Saves what is there, so that closing has nothing else to ask about. */
async function saved(launched: Launched, bench: Workbench): Promise<string> {
  const file = join(temporary(), 'p.gclinic')
  await answer(launched, 'showSaveDialog', { filePath: file })
  await menu(launched, 'save')
  await until(() => existsSync(file), 'it is saved')
  await bench.dirty.waitFor({ state: 'detached' })
  return file
}
async function exportAs({ page }: Launched, kind: string): Promise<void> {
  await page.getByTestId('export-menu').click()
  await page.getByTestId(`export-${kind}`).click()
}

describe('a window that is closed', () => {
  it('waits for the export that is being written', async () => {
    const { launched, bench } = await trained()
    await saved(launched, bench)
    const folder = temporary()
    const csv = join(folder, 'loss.csv')
    await answer(launched, 'showSaveDialog', { filePath: csv })
    await holdUp(launched, folder)
    await exportAs(launched, 'loss-csv')
    await until(async () => (await asks(launched)) > 0, 'it is being written')
    await closeWindow(launched)
    const code = exitCode(launched)
    await release(launched)
    expect(await code).toBe(0)
    expect(readFileSync(csv, 'utf8').trim().split('\n')).toHaveLength(42)
    expect(readdirSync(folder)).toEqual(['loss.csv'])
  })
  it('does not wait for ever, and nothing that stands still outlives it', async () => {
    const { launched, bench } = await trained()
    await saved(launched, bench)
    const folder = temporary()
    await answer(launched, 'showSaveDialog', { filePath: join(folder, 'report.pdf') })
    await answer(launched, 'showMessageBox', { response: 0 })
    await freezeNextPage(launched)
    await exportAs(launched, 'report-pdf')
    const printer = await frozen(launched)
    const code = exitCode(launched)
    await closeWindow(launched)
    expect(await code).toBe(0)
    await until(() => !isThere(printer), 'the page that prints has ended, too')
    expect(readdirSync(folder)).toEqual([])
  })
})

it('a report whose page stands still is given up in words, and its process ends', async () => {
  const { launched, bench } = await trained()
  const folder = temporary()
  await answer(launched, 'showSaveDialog', { filePath: join(folder, 'report.pdf') })
  await holdUp(launched, '/nowhere', true)
  await freezeNextPage(launched)
  await exportAs(launched, 'report-pdf')
  const printer = await frozen(launched)
  await bench.question.filter({ hasText: /report\.pdf.*took too long, and was ended: .*export as HTML/s }).waitFor()
  await bench.answer('ok')
  launched.expectErrors(/^the page has crashed$/)
  await until(() => !isThere(printer), 'the page that prints has ended')
  expect(readdirSync(folder)).toEqual([])
  expect(await bench.state()).toBe('finished')
})

it('a disk that gives no answer is told of, asked nothing more until it answers, and holds up no backup', async () => {
  const { launched, bench } = await trained()
  const file = await saved(launched, bench)
  await bench.rename('later')
  await holdUp(launched, join(file, '..'), true)
  const told = bench.question.filter({ hasText: /p\.gclinic could not be saved: its disk gives no answer/ })
  for (let i = 0; i < 5; i++) {
    await menu(launched, 'save')
    await told.waitFor()
    await bench.answer('ok')
    await told.waitFor({ state: 'detached' })
  }
  expect(await asks(launched)).toBe(1)
  expect(await bench.dirty.count()).toBe(1)
  await bench.rename('latest')
  await until(async () => (await backedUp(launched.userData))?.experiments[0]?.name === 'latest', 'it is backed up')
  // A second disk is no worse for it.
  const other = join(temporary(), 'q.gclinic')
  await answer(launched, 'showSaveDialog', { filePath: other })
  await menu(launched, 'saveAs')
  await until(() => existsSync(other), 'it is saved elsewhere')
  await release(launched)
  expect(decodeProject(readFileSync(other)).experiments[0]!.name).toBe('latest')
  expect(await questions(launched)).toEqual([])
})
