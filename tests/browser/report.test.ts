import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { reportHtml } from '@shared/report'
import { reportRun } from '@shared/report/run'
import { float32Text } from '@shared/run/float32Text'
import { RunLog } from '@shared/run/runLog'
import { chromiumExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'
import { sampleRun } from '../unit/shared/project/sample'

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumExecutable(), args: sandboxArgs() })
})
afterAll(() => browser.close())

it('a report tells the values under the pointer', async () => {
  const { head, table: frames, ...kept } = RunLog.from(sampleRun())
  const run = reportRun({ ...kept, ...head, frames })!
  const page = await browser.newPage()
  const failed: string[] = []
  page.on('pageerror', (e) => failed.push(e.message))
  const input = { runs: [run, run], files: [], remarks: [], version: '1', made: '2026-11-29T09:00:00Z' }
  await page.setContent(reportHtml(input, 'en'))
  const tip = page.locator('#tip')
  expect(await tip.isVisible()).toBe(false)

  const columns = run.frames.scalarNames
  const told = async (kind: string, share: number): Promise<string> => {
    const plot = page.locator(`.hot[data-kind="${kind}"]`).last()
    await plot.scrollIntoViewIfNeeded()
    const box = (await plot.boundingBox())!
    await page.mouse.move(box.x + share * box.width, box.y + 1)
    return (await tip.textContent())!
  }
  for (const step of [run.frames.firstStep!, run.frames.lastStep!]) {
    const said = await told('curve', (step + 0.2) / run.progress.steps)
    const loss = float32Text(run.frames.scalar(run.frames.frameOf(step), columns.indexOf('loss'))!)
    expect(said).toMatch(new RegExp(`^step ${step} · `))
    for (const arm of ['a', 'b']) expect(said).toContain(`${arm}_loss: ${loss}`)
  }
  expect(await told('heat', 0.01)).toMatch(/^step \d+ · [\w/]+: [\d.e+-]+$/)
  await page.mouse.move(0, 0)
  expect(await tip.isVisible()).toBe(false)
  expect(failed).toEqual([])
})
