import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { decodeProject } from '@shared/project'
import { idxBytes } from '../idxBytes'
import { answer, launchApp, temporary, until } from './harness'
import { Workbench } from './pages/workbench'

/** 300 pictures of 20 × 16: a bar, upright or lying, at one of five places: ten classes. */
const count = 300
const lit = (k: number, r: number, c: number): boolean =>
  k < 5 ? Math.floor(c / 3.2) === k : Math.floor(r / 4) === k - 5
const images = idxBytes(
  'ubyte',
  [count, 20, 16],
  Array.from({ length: count * 320 }, (_, i) =>
    lit(Math.floor(i / 320) % 10, Math.floor((i % 320) / 16), i % 16) ? 230 : (i * 7919) % 60
  )
)
const labels = idxBytes(
  'ubyte',
  [count],
  Array.from({ length: count }, (_, i) => i % 10)
)

/** 36 walks of 10 to 12 steps in three gaits; their lines stand in the file from the last to the first. */
function walks(): string {
  const lines: string[] = []
  for (let s = 0; s < 36; s++)
    for (let t = 0; t < 10 + (s % 3); t++)
      lines.push(
        `p${s},${t},${(Math.sin(t / (1 + (s % 3))) + s / 100).toFixed(4)},${((s % 3) * t).toFixed(1)},${['slow', 'usual', 'fast'][s % 3]}`
      )
  return 'subject,time,speed,angle,gait\n' + lines.reverse().join('\n') + '\n'
}

describe('files of one’s own', () => {
  it('images in the IDX format are opened, seen by class, trained on as images, saved and found again', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    const dir = temporary()
    const [imageFile, labelFile] = [join(dir, 'bars-idx3-ubyte'), join(dir, 'bars-idx1-ubyte.gz')]
    writeFileSync(imageFile, images)
    writeFileSync(labelFile, gzipSync(labels))

    // What is no IDX file says so, and changes nothing.
    const broken = join(dir, 'broken')
    writeFileSync(broken, images.subarray(0, 5000))
    await bench.data.open()
    await answer(launched, 'showOpenDialog', { filePaths: [broken] })
    await page.getByTestId('open-idx').click()
    await bench.question.filter({ hasText: /300 × 20 × 16 ubyte\) makes 96,016 bytes, it has 5,000/ }).waitFor()
    await bench.answer('ok')
    expect(await page.getByTestId('node-data').innerText()).not.toMatch(/IDX/)

    await answer(launched, 'showOpenDialog', { filePaths: [labelFile, imageFile] })
    await page.getByTestId('open-idx').click()
    await bench.data.count.filter({ hasText: /^300$/ }).waitFor()
    expect(await bench.data.task.innerText()).toBe('10 classes')
    expect(await page.getByTestId('node-data').innerText()).toMatch(/320 → 10/)
    // Each column of the picture is one class: where its bar stands, the pictures of the column are bright.
    const pictures = page.getByTestId('data-pictures')
    const bright = await pictures.evaluate((canvas: HTMLCanvasElement) => {
      const [w, h] = [canvas.width, canvas.height]
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, w, h)
      return Array.from({ length: 5 }, (_, k) => {
        const left = (k * (262 + 4)) / 10
        const tile = (262 - 36) / 10
        // A picture is taller than wide: it stands in the middle of its tile.
        const at = (place: number): number => Math.round(((left + tile * (0.1 + 0.8 * ((place + 0.5) / 5))) * w) / 262)
        let best = 0
        const sums = Array.from({ length: 5 }, (_, place) => {
          let sum = 0
          for (let y = Math.round(h * 0.2); y < h; y++) sum += data[4 * (y * w + at(place)) + 3]!
          return sum
        })
        sums.forEach((s, i) => s > sums[best]! && (best = i))
        return best
      })
    })
    expect(bright).toEqual([0, 1, 2, 3, 4])

    await page.getByTestId('field-dataset.shape').click()
    await page.getByTestId('field-dataset.shape-option-image').click()
    await page
      .getByTestId('node-data')
      .filter({ hasText: /20×16×1/ })
      .waitFor()
    for (let left = await bench.builder.nodes(); left.length; left = await bench.builder.nodes())
      await bench.builder.remove(left[0]!)
    const output = await bench.builder.dragBetween('dense', 'data', 'loss')
    await bench.builder.dragBetween('flatten', 'data', output)
    await bench.builder.select(output)
    await bench.inspector.fill('params.units', 10)
    await bench.builder.unselect()
    await bench.inspector.fill('training.steps', 20)
    expect(await bench.trainToTheEnd()).toBe('finished')

    const file = join(dir, 'bars.gclinic')
    await answer(launched, 'showSaveDialog', { filePath: file })
    await page.keyboard.press('Control+s')
    await until(async () => (await bench.dirty.count()) === 0, 'it is saved')
    const saved = decodeProject(readFileSync(file))
    expect(Object.keys(saved.files).sort()).toEqual(['bars-idx1-ubyte.gz', 'bars-idx3-ubyte'])
    expect(gunzipSync(saved.files['bars-idx3-ubyte'] as Uint8Array)).toEqual(images)
    expect(gunzipSync(saved.files['bars-idx1-ubyte.gz'] as Uint8Array)).toEqual(labels)
    expect(saved.runs[0]!.schema!.info).toMatchObject({ inputShape: [20, 16, 1], count })
    await launched.close()

    const again = await launchApp({ userData: launched.userData })
    const second = await Workbench.of(again.page)
    await answer(again, 'showOpenDialog', { filePaths: [file] })
    await again.page.keyboard.press('Control+o')
    // What is opened takes the place of what is selected.
    await again.page.getByTestId('node-data').filter({ hasText: /IDX/ }).waitFor()
    await second.data.open()
    await second.data.count.filter({ hasText: /^300$/ }).waitFor()
    expect(await second.trainToTheEnd()).toBe('finished')
  })

  it('a table is read as sequences, and an LSTM trained on them', async () => {
    const launched = await launchApp()
    const { page } = launched
    const bench = await Workbench.of(page)
    for (let left = await bench.builder.nodes(); left.length; left = await bench.builder.nodes())
      await bench.builder.remove(left[0]!)
    await bench.data.drop('walks.csv', walks())
    expect(await page.getByTestId('data-remarks').innerText()).toMatch(
      /“?"subject" and "time" look as if each line was a step/
    )
    expect(await page.getByTestId('field-dataset.series').count()).toBe(0)
    await page.getByTestId('field-dataset.lines').click()
    await page.getByTestId('field-dataset.lines-option-steps').click()
    await page
      .getByTestId('node-data')
      .filter({ hasText: /12×2 → 3/ })
      .waitFor()
    expect(await bench.data.count.innerText()).toBe('36')
    expect(await bench.data.column('subject').innerText()).toMatch(/sequence/)
    expect(await bench.data.column('time').innerText()).toMatch(/time/)
    expect(await page.getByTestId('data-remarks').innerText()).toMatch(
      /24 of 36 sequences are shorter than 12 time steps: zeros stand before them/
    )
    expect(await page.getByTestId('data-lines').innerText()).toMatch(/12 sequences over 12 steps: speed, angle/)

    const output = await bench.builder.dragBetween('dense', 'data', 'loss')
    await bench.builder.dragBetween('lstm', 'data', output)
    await bench.builder.select(output)
    await bench.inspector.fill('params.units', 3)
    await bench.builder.unselect()
    await bench.inspector.fill('training.steps', 20)
    expect(await bench.trainToTheEnd()).toBe('finished')

    // As windows there is another target, one ahead, and the class can't be told from nothing.
    await bench.data.open()
    await page.getByTestId('field-dataset.lines').click()
    await page.getByTestId('field-dataset.lines-option-windows').click()
    expect(
      await until(async () => {
        const text = await page.getByTestId('problems').first().innerText()
        return /both of time/.test(text) ? text : null
      }, 'the times are refused')
    ).toMatch(/lines \d+ and \d+ are both of time/)
    await page.getByTestId('field-dataset.series').click()
    await page.getByTestId('field-dataset.series-option-subject').click()
    await page.getByTestId('field-dataset.target').click()
    await page.getByTestId('field-dataset.target-option-speed').click()
    await bench.data.task.filter({ hasText: 'regression' }).waitFor()
    expect(await page.getByTestId('field-dataset.horizon').isVisible()).toBe(true)
  })

  it('what was made of a table is said before training, also when it is refused, with what to press', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    const lines = Array.from({ length: 60 }, (_, i) => `${i % 7}.5;${i % 10 ? i : 'n.d.'};3;${i % 2 ? 'yes' : 'no'}`)
    await bench.data.drop('odd.csv', `# measured by hand\na;b;c;t\n${lines.join('\n')}\n`)
    await page.getByTestId('problems-pill').waitFor()
    expect(await bench.train.isEnabled()).toBe(false)
    expect(await page.getByTestId('data-remarks').innerText()).toMatch(/"c" is 3 everywhere/)
    await page
      .getByTestId('data-offer')
      .filter({ hasText: /“n.d.” marks a missing value/ })
      .click()
    await page.getByTestId('remarks-pill').waitFor()
    expect(await bench.data.count.innerText()).toBe('54')
    await page.getByTestId('remarks-pill').click()
    const said = page.getByTestId('pill-remarks')
    await said.waitFor()
    const all = page.getByTestId('problems-all')
    if (await all.count()) await all.first().click()
    expect(await said.innerText()).toMatch(/"c" is 3 everywhere/)
    // Clicked, one leads to the data.
    await said.getByTestId('problem').locator('button').first().click()
    await page.getByTestId('data-panel').waitFor()
  })
})
