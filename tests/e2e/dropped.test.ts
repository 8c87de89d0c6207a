import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import type { Page } from 'playwright'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseExperiment } from '@shared/experiment'
import { encodeProject } from '@shared/project'
import { project, rejection, smallExperiment } from './bridge'
import { answer, launchApp, menu, temporary } from './harness'
import { Workbench } from './pages/workbench'

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name)
/** Drops files of the disk on the window, as a person does from a file manager. */
async function drop(page: Page, ...files: string[]): Promise<void> {
  const debug = await page.context().newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await debug.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data })
  await debug.detach()
}

describe('a file dropped on the window', () => {
  let file: string, json: string, table: string
  beforeEach(() => {
    const dir = temporary()
    ;[file, json, table] = [join(dir, 'kept.gclinic'), join(dir, 'plan.json'), join(dir, 'table.csv')]
    const experiment = (name: string): object => ({ ...smallExperiment(10), name })
    writeFileSync(file, encodeProject(project('kept', parseExperiment(experiment('first of the kept')))))
    writeFileSync(json, JSON.stringify(experiment('planned')))
    writeFileSync(table, 'a,b\n1,2\n3,4\n')
  })

  it('that is a project or an experiment is opened from its place, and asks first about unsaved work', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await drop(page, file)
    await bench.experimentName.filter({ hasText: 'first of the kept' }).waitFor()
    expect(await page.evaluate(() => window.clinic.recentFiles())).toEqual([file])
    await bench.rename('edited')
    await bench.dirty.waitFor()
    await drop(page, json)
    await bench.question.waitFor()
    expect(await bench.question.textContent()).toContain('Save your changes first?')
    await bench.answer('discard')
    await bench.experimentName.filter({ hasText: 'planned' }).waitFor()
  })
  it.each(['keras/residual.json', 'keras/picture.keras', 'torch/net.safetensors'])(
    'that is a model is looked at as one: %s',
    async (name) => {
      const { page } = await launchApp()
      await Workbench.of(page)
      await drop(page, fixture(name))
      await page.getByTestId('model-dialog').waitFor()
    }
  )
  it('beside others is refused where it would take the place of all, and nothing changes', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const before = await bench.experimentName.textContent()
    await drop(page, file, table)
    await bench.question.waitFor()
    expect(await bench.question.textContent()).toMatch(/Too many files at once.*by itself/s)
    await bench.answer('ok')
    expect(await bench.experimentName.textContent()).toBe(before)
    expect(await bench.dirty.count()).toBe(0)
  })
  it('that is a folder, empty, no table or one of several is refused in words, and the data stay', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const data = page.getByTestId('node-data')
    const before = await data.innerText()
    const [folder, empty] = [temporary('clinic-folder-'), join(temporary(), 'empty.csv')]
    const other = join(folder, 'other.csv')
    writeFileSync(empty, '')
    writeFileSync(other, 'a,b\n1,2\n')
    const [picture, sheets] = [join(folder, 'photo.csv'), join(folder, 'sheets.zip')]
    writeFileSync(picture, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
    writeFileSync(sheets, zipSync({ 'a.csv': strToU8('a,b\n1,2\n'), 'b.csv': strToU8('a,b\n1,2\n') }))
    for (const [files, said] of [
      [[folder], /Nothing was opened.*clinic-folder.*can’t be read\. Of a folder drop the files in it/s],
      [[empty], /Nothing was opened.*empty\.csv.*the file is empty: write or copy it again/s],
      [[picture], /photo\.csv could not be opened.*photo\.csv is a PNG picture, not a table in text/s],
      [[sheets], /sheets\.zip could not be opened.*sheets\.zip is a zip of 2 files \(a\.csv, b\.csv\)/s],
      [[empty, table], /empty\.csv.*the file is empty/s],
      [[table, other], /Too many files at once.*table\.csv.*other\.csv.*one table/s]
    ] as const) {
      await drop(page, ...files)
      await bench.question.waitFor()
      expect(await bench.question.textContent()).toMatch(said)
      await bench.answer('ok')
      expect(await data.innerText()).toBe(before)
      expect(await bench.dirty.count()).toBe(0)
    }
  })
  it('and one chosen in the dialog that is no table leave the data alike', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    const before = await page.getByTestId('node-data').innerText()
    const picture = join(temporary(), 'photo.csv')
    writeFileSync(picture, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
    await answer(launched, 'showOpenDialog', { filePaths: [picture] })
    await menu(launched, 'openCsv')
    await bench.question.waitFor()
    expect(await bench.question.textContent()).toMatch(/photo\.csv could not be opened.*photo\.csv is a PNG picture/s)
    await bench.answer('ok')
    expect(await page.getByTestId('node-data').innerText()).toBe(before)
    expect(await bench.dirty.count()).toBe(0)
  })
  it('that the page made itself has no place, and no way to name one', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const transfer = await page.evaluateHandle((name) => {
      const t = new DataTransfer()
      t.items.add(new File(['x'], name))
      return t
    }, basename(file))
    for (const type of ['dragenter', 'dragover', 'drop'])
      await page.getByTestId('canvas').dispatchEvent(type, { dataTransfer: transfer })
    await bench.question.waitFor()
    expect(await bench.question.textContent()).toContain('has no place on this machine')
    await bench.answer('ok')
    expect(await page.evaluate(() => 'fileDropped' in window.clinic)).toBe(false)
    expect(await page.evaluate((path) => window.clinic.openProject(path), file)).toMatchObject({ ok: false })
    expect(await rejection(page, 'openProject', 7)).toMatchObject({ name: 'InputError' })
  })
})
