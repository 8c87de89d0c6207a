/** Exports to places that cannot take them: a full disk, a read-only one, a folder that has gone. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { answer, launchApp, menu, temporary, until, type Launched } from './harness'
import { HomeDialog } from './pages/home'
import { Workbench } from './pages/workbench'

/** A small disk; only root may have one. */
class SmallDisk {
  readonly folder = join(temporary(), 'disk')
  constructor() {
    mkdirSync(this.folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', this.folder])
    mounted.push(this.folder)
  }
  /** Fills it to the last byte. */
  fill(): void {
    expect(() =>
      execFileSync('dd', ['if=/dev/zero', `of=${join(this.folder, 'filler')}`, 'bs=4k'], { stdio: 'ignore' })
    ).toThrow()
  }
  /** Makes it one that can be read only. */
  lock(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.folder])
  }
  names(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder) : []
  }
}
const mounted: string[] = []
afterEach(() => {
  for (const folder of mounted.splice(0)) spawnSync('umount', ['-l', folder])
})

/** Whatever writes a file from the menu of exports, by the end of its test id. */
const KINDS = ['frames-csv', 'loss-csv', 'png', 'svg', 'report-html', 'report-pdf']
/** Tries an export, and reads what the window says. */
async function refused({ page }: Launched, bench: Workbench, kind: string): Promise<string> {
  if (!(await page.getByTestId('export-png').count())) await page.getByTestId('export-menu').click()
  await page.getByTestId(`export-${kind}`).click()
  await bench.question.waitFor()
  const said = await bench.question.innerText()
  // The menu is still open, but not over what is said.
  await bench.answer('ok')
  return said
}

describe.skipIf(process.getuid?.() !== 0)('an export', () => {
  it('to a disk that is full, read-only or gone says so, leaves nothing there and nothing is lost', async () => {
    const launched = await launchApp({ size: { width: 1440, height: 900 } })
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 40)
    expect(await bench.trainToTheEnd()).toBe('finished')

    const [full, locked] = [new SmallDisk(), new SmallDisk()]
    full.fill()
    locked.lock()
    const places: [string, RegExp][] = [
      [full.folder, /the disk is full: make room, and try again/],
      [locked.folder, /the disk is read-only: choose another place/],
      [join(full.folder, 'gone'), /the folder does not exist: choose another place/]
    ]
    for (const kind of KINDS)
      for (const [folder, why] of places) {
        await answer(launched, 'showSaveDialog', { filePath: join(folder, `out-${kind}`) })
        const said = await refused(launched, bench, kind)
        expect(said, kind).toMatch(why)
        expect(said, kind).toContain(`out-${kind}`)
      }
    if (await page.getByTestId('export-png').count()) await page.keyboard.press('Escape')

    const home = new HomeDialog(launched)
    await home.open()
    for (const [folder, why] of places) {
      await answer(launched, 'showOpenDialog', { filePaths: [folder] })
      await page.getByTestId('home-save').click()
      await page.getByText(why).first().waitFor()
      if (await bench.question.count()) await bench.answer('ok')
    }
    const parent = temporary()
    await answer(launched, 'showOpenDialog', { filePaths: [parent] })
    await page.getByTestId('home-save').click()
    await until(() => readdirSync(parent).some((name) => !name.startsWith('.')), 'it is written where there is room')
    await home.close()

    expect(full.names()).toEqual(['filler'])
    expect(locked.names()).toEqual([])
    // The run is there as it was, and goes where there is room.
    const file = join(temporary(), 'kept.gclinic')
    await answer(launched, 'showSaveDialog', { filePath: file })
    await menu(launched, 'save')
    await until(() => existsSync(file), 'it is saved')
    const csv = join(temporary(), 'loss.csv')
    await answer(launched, 'showSaveDialog', { filePath: csv })
    await page.getByTestId('export-menu').click()
    await page.getByTestId('export-loss-csv').click()
    await until(() => existsSync(csv), 'it is exported')
    expect(readFileSync(csv, 'utf8').trim().split('\n')).toHaveLength(42)
  })
})
