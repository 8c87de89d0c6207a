/** What the window loads before it can be used, from the build's own list and in the real app. Sizes, no times. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../scripts/setup/paths.mjs'
import { launchApp, until } from './harness'

const OUT = join(ROOT, 'out')
const KB = 1000
/** The first words of a table that ships with the app. */
const TABLE = 'mean radius,mean texture'
/** The scripts that the page names, which is all of its shell: they import nothing else at once. */
const shell = [
  ...readFileSync(join(OUT, 'renderer/index.html'), 'utf8').matchAll(/<script [^>]*src="\.\/([^"]+)"/g)
].map(([, file]) => file!)
/** Words of the canvas, the charts, the tables of encodings, and those that ship as data. */
const foreign = ['vue-flow__', '__ec_inner', 'mskanji', TABLE]
const read = (file: string): string => readFileSync(join(OUT, 'renderer', file), 'utf8')

test('the shell is two files at most, and holds neither charts nor canvas nor tables', () => {
  expect(shell.length).toBeLessThanOrEqual(2)
  const size = shell.reduce((n, file) => n + statSync(join(OUT, 'renderer', file)).size, 0)
  // Less than the floor would mean that something else than the shell was measured.
  expect(size).toBeGreaterThan(500 * KB)
  expect(size).toBeLessThan(1300 * KB)
  const text = shell.map(read).join('\n')
  for (const word of foreign) expect(text).not.toContain(word)
  // They are somewhere, by the same words.
  const all = readdirSync(join(OUT, 'renderer/assets')).map((name) => `assets/${name}`)
  const rest = all
    .filter((file) => file.endsWith('.js') && !shell.includes(file))
    .map(read)
    .join('\n')
  for (const word of foreign) expect(rest).toContain(word)
})

test('main reads little before it opens the window', () => {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    const text = readFileSync(join(OUT, 'main', file), 'utf8')
    for (const [, next] of text.matchAll(/^(?:const|let) \S+ = require\("\.\/([^"]+)"\)/gm)) visit(next!)
  }
  visit('index.js')
  const size = [...found].reduce((n, file) => n + statSync(join(OUT, 'main', file)).size, 0)
  expect(size).toBeGreaterThan(20 * KB)
  expect(size).toBeLessThan(150 * KB)
  // Nor the tables that ship as data, which lie apart, with what stands behind the window.
  const all = readdirSync(join(OUT, 'main')).filter((file) => file.endsWith('.js'))
  expect(all.filter((file) => readFileSync(join(OUT, 'main', file), 'utf8').includes(TABLE))).toEqual(['tables.js'])
})

test('the trainer starts when the window is whole, and does not compete with it', async () => {
  const { page, app } = await launchApp()
  // The system counts the start of a process from its own start, whose time of day is off where a machine has slept.
  const trainer = (): Promise<number | undefined> =>
    app.evaluate(({ app }) => {
      const all = app.getAppMetrics()
      const main = all.find((m) => m.type === 'Browser')!
      const off = main.creationTime - (Date.now() - 1000 * process.uptime())
      const found = all.find((m) => m.name?.includes('trainer'))
      return found && found.creationTime - off
    })
  await until(async () => (await trainer()) !== undefined, 'a trainer waits')
  const whole = await page.evaluate(() => performance.timeOrigin + performance.getEntriesByName('whole')[0]!.startTime)
  // The system's clock of processes is coarser than the page's.
  expect(await trainer()).toBeGreaterThan(whole - 50)
})

test('a search opened by key as soon as the shell is there takes what is typed right after', async () => {
  const { page } = await launchApp({ until: 'usable' })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('gallery')
  expect(await page.getByTestId('command-search').inputValue()).toBe('gallery')
  await page.keyboard.press('Enter')
  await page.getByTestId('gallery-dialog').waitFor()
  // A dialog that came late has the keyboard, too.
  expect(await page.getByTestId('gallery-dialog').evaluate((dialog) => dialog.contains(document.activeElement))).toBe(
    true
  )
})

test('the keyboard waits for a field that is not there yet', async () => {
  const { page } = await launchApp({ until: 'usable' })
  await page.keyboard.press('/')
  const focused = (): Promise<string | null | undefined> =>
    page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
  await until(async () => (await focused()) === 'palette-search', 'the field has the keyboard')
})
