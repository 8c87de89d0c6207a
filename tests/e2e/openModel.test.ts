import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answer, asked, launchApp, menu, resize, temporary, until } from './harness'
import { idxBytes } from '../idxBytes'
import { Workbench } from './pages/workbench'

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name)
/** Where pictures of the dialog are put, to be looked at; nowhere unless asked for. */
const PICTURES = process.env['GRADIENT_CLINIC_PICTURES']

describe('a model of one’s own', () => {
  it('is opened from the menu, shows what was found, and becomes an experiment beside the others', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    const shot = async (name: string): Promise<void> => {
      if (!PICTURES) return
      mkdirSync(PICTURES, { recursive: true })
      await page.screenshot({ path: join(PICTURES, `${name}.png`) })
    }

    // What is no model says so, and changes nothing.
    const broken = join(temporary(), 'broken.keras')
    writeFileSync(broken, Uint8Array.from([0x80, 2, 0x63, 0x6f, 0x73]))
    await answer(launched, 'showOpenDialog', { filePaths: [broken] })
    await menu(launched, 'openModel')
    await page.getByText('The model could not be opened').first().waitFor()
    await page.keyboard.press('Escape')

    // From the page of other programs' trainings, too.
    await page.getByTestId('page-watch').click()
    await answer(launched, 'showOpenDialog', { filePaths: [fixture('torch/net.safetensors')] })
    await menu(launched, 'openModel')
    const dialog = page.getByTestId('model-dialog')
    await dialog.waitFor()
    const text = await dialog.innerText()
    expect(text).toContain('PyTorch')
    expect(text).toContain('2 silent faults')
    expect(await page.getByTestId('model-pass').innerText()).toMatch(
      /differs from PyTorch [\d.]+ by \d\.\de-[6-9]|by 0/
    )
    // Enter opens it; each layer says what it hands on and has to learn, as its own data make it.
    await page.waitForFunction(() => (document.activeElement as HTMLElement).dataset['testid'] === 'model-open')
    const last = page.getByTestId('model-layer-5')
    expect((await last.innerText()).split(/\s+/).slice(-2)).toEqual(['10', '650'])
    await page.getByTestId('model-only-note').click()
    await last.waitFor({ state: 'detached' })
    await page.getByTestId('model-only-note').click()
    await last.click()
    await last.getByText('Units 10').waitFor()
    await shot('open-model')
    if (PICTURES) {
      await page.emulateMedia({ colorScheme: 'dark' })
      await resize(launched, { width: 1024, height: 700 })
      await shot('open-model-dark')
    }
    // A fault that need not be mended stays when its switch is off.
    expect(await dialog.innerText()).toContain('6 layers, 698 params before repairs')
    await page.getByTestId('model-mend-biasBeforeNorm').click()
    await dialog.getByText('6 layers, 698 params. Your file').waitFor()
    await page.getByTestId('model-open').click()
    // A note goes by itself: it is looked for first.
    await page.getByTestId('toast-ok').filter({ hasText: 'is open: 6 layers, with its weights' }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    const layers = ['conv2d', 'batchNorm', 'activation', 'maxPool', 'flatten', 'dense']
    const isThere = async (): Promise<boolean> => (await bench.builder.nodes()).sort().join() === layers.sort().join()
    await until(isThere, 'the experiment is in view')
    await page.getByTestId('canvas').waitFor({ state: 'visible' })
    // Nothing is lost: one step back is what was there before.
    await page.keyboard.press('Control+z')
    await until(async () => !(await isThere()), 'it is taken back')
    await launched.close()
  })

  it('has its data before the dialog goes, and keeps the dialog where no file is chosen', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    const dir = temporary()
    const [imageFile, labelFile] = ['eights-idx3-ubyte', 'eights-idx1-ubyte'].map((f) => join(dir, f))
    const images = idxBytes(
      'ubyte',
      [200, 8, 8],
      Array.from({ length: 200 * 64 }, (_, i) => (i * 7919) % 251)
    )
    writeFileSync(imageFile!, images)
    writeFileSync(
      labelFile!,
      idxBytes(
        'ubyte',
        [200],
        Array.from({ length: 200 }, (_, i) => i % 10)
      )
    )
    const before = await bench.builder.nodes()
    await answer(launched, 'showOpenDialog', { filePaths: [fixture('torch/net.safetensors')] })
    await menu(launched, 'openModel')
    await page.getByTestId('model-dialog').waitFor()
    await page.getByTestId('model-data-images').click()

    // Nothing chosen: nothing done, and everything can still be chosen otherwise.
    await answer(launched, 'showOpenDialog', { canceled: true, filePaths: [] })
    const times = (await asked(launched)).length
    await page.getByTestId('model-open').click()
    await until(async () => (await asked(launched)).length > times, 'the file is asked for')
    await page.locator('[data-testid=model-open]:enabled').waitFor()
    await page.getByTestId('model-dialog').waitFor()
    expect(await bench.builder.nodes()).toEqual(before)

    await answer(launched, 'showOpenDialog', { filePaths: [imageFile!, labelFile!] })
    await page.getByTestId('model-open').click()
    await page.getByTestId('model-dialog').waitFor({ state: 'detached' })
    // At once, without a wait: what comes later would come under a person's hands.
    expect(await page.getByTestId('node-data').innerText()).toMatch(/IDX/)
    expect(await bench.builder.nodes()).toContain('conv2d')
    await bench.data.count.filter({ hasText: /^200$/ }).waitFor()
    await launched.close()
  })
})
