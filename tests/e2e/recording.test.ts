import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decodeProject } from '@shared/project'
import { recordingBytes } from '../unit/shared/recording/files'
import { answer, launchApp, menu, temporary, until } from './harness'

/** Where each piece of a recording begins, and its end. */
function places(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const out = [8]
  while (out.at(-1)! < bytes.length) out.push(out.at(-1)! + view.getUint32(out.at(-1)!, true) + 12)
  return out
}

/** Waits for a value that is accepted. */
async function reaches<T>(read: () => Promise<T>, accepts: (value: T) => boolean, what: string): Promise<T> {
  const { value } = await until(async () => {
    const value = await read()
    return accepts(value) && { value }
  }, what)
  return value
}

it('follows a recording of another program while it grows, and keeps it in the project', async () => {
  const bytes = recordingBytes('spike')
  const at = places(bytes)
  const half = at[Math.floor(at.length / 2)]!
  const folder = temporary()
  const file = join(folder, 'train-1.gcrec')
  // Cut off in the middle of a piece, as a file may be read.
  writeFileSync(file, bytes.slice(0, half + 5))
  const launched = await launchApp({ args: [file], size: { width: 1440, height: 900 } })
  const { page } = launched
  const heatmap = page.getByTestId('heatmap')
  const frames = async (): Promise<number> => Number(await heatmap.getAttribute('data-frames'))

  await page.getByTestId('watch-page').waitFor()
  await heatmap.waitFor()
  const early = await reaches(frames, (n) => n > 5, 'the first frames are drawn')
  await expect(page.getByTestId('watch-state').getAttribute('data-state')).resolves.not.toBe('off')
  expect(await page.getByTestId('watch-state').textContent()).toContain('Transformer · Adam · pytorch')

  appendFileSync(file, bytes.slice(half + 5, at.at(-2)!))
  await reaches(frames, (n) => n > early + 5, 'new frames are drawn')
  appendFileSync(file, bytes.slice(at.at(-2)!))
  await reaches(
    () => page.getByTestId('watch-word').textContent(),
    (word) => /ended at step 140|stopped at step 140/.test(word ?? ''),
    'the training has ended'
  )

  // Three copies of a block are one group; the copy that is opened shows its modules.
  expect(await page.getByTestId('watch-copy').count()).toBe(3)
  await page.getByTestId('watch-copy').nth(1).click()
  await page.locator('[data-testid="watch-card"][data-module="blocks.1.ln1"] .main').click()
  await page.getByTestId('watch-measured').getByText('blocks.1.ln1', { exact: true }).waitFor()
  expect(await page.getByTestId('watch-measured').getByTestId('watch-source').textContent()).toContain('trainings.py:')
  await page.getByTestId('watch-filter').fill('attn.qkv')
  await reaches(
    () => page.locator('[data-testid="watch-module"][data-module$="qkv"]').count(),
    (n) => n === 3,
    'the filter shows three modules'
  )
  await page.getByTestId('watch-filter').fill('')

  // Kept in a project, and there when it is opened again.
  const project = join(folder, 'mine.gclinic')
  await answer(launched, 'showSaveDialog', { filePath: project })
  await menu(launched, 'saveAs')
  await page.locator('[data-testid="app"][data-dirty="false"]').waitFor()
  const [kept] = decodeProject(new Uint8Array(readFileSync(project))).runs
  expect(kept).toMatchObject({ watched: file, name: 'train-1', progress: { step: 140 } })
  await page.reload()
  await page.getByTestId('page-watch').click()
  await page.getByTestId('watch-page').waitFor()
  await reaches(frames, (n) => n === kept!.frames.steps.length, 'all frames are drawn again')
})
