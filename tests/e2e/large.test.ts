/** Copies of projects that are too large for what a page could send of them each second. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decodeProject, encodeProject } from '@shared/project'
import type { Project } from '@shared/project/types'
import { LONG, launchApp, menu, temporary, until } from './harness'
import { largeProject, partsOf } from './large'
import { backedUp, crashPage, inPage } from './pages/kept'
import { Workbench } from './pages/workbench'

/** A file of so many MB. */
function large(mb: number): { file: string; whole: Project } {
  const file = join(temporary(), 'large.gclinic')
  const whole = largeProject(mb)
  const bytes = encodeProject(whole)
  expect(bytes.length).toBeGreaterThan(mb * 0.9e6)
  writeFileSync(file, bytes)
  return { file, whole }
}

it('of 40 MB has every run, frame and checkpoint after a crash of the page', { timeout: LONG }, async () => {
  const { file, whole } = large(40)
  const launched = await launchApp({ args: [file] })
  const { app, userData } = launched
  await until(async () => (await backedUp(userData))?.runs.length === whole.runs.length, 'it is kept')
  await crashPage(app)
  const count = `document.querySelector('[data-testid=queue-open]')?.innerText.trim() ?? ''`
  await until(() => inPage<boolean>(app, `/${whole.runs.length}$/.test(${count})`), 'its runs are on screen again')
  await menu(launched, 'save')
  await until(() => existsSync(`${file}.bak`), 'it is saved')
  launched.expectErrors(/crashed/)
  expect(partsOf(decodeProject(readFileSync(file)))).toEqual(partsOf(whole))
})

it('of 80 MB has every run, frame and checkpoint after a kill', { timeout: LONG }, async () => {
  const { file, whole } = large(80)
  const first = await launchApp({ args: [file] })
  const bench = await Workbench.of(first.page)
  await bench.experimentName.filter({ hasText: whole.experiments[0]!.name }).waitFor()
  await bench.rename('not saved')
  await until(async () => {
    const kept = await backedUp(first.userData)
    return kept?.experiments[0]!.name === 'not saved' && kept.runs.length === whole.runs.length
  }, 'all of it is kept')
  await first.sigkill()
  const second = await launchApp({ userData: first.userData })
  await second.page.getByTestId('question-restore').click()
  const again = await Workbench.of(second.page)
  await again.experimentName.filter({ hasText: 'not saved' }).waitFor()
  await menu(second, 'save')
  await until(() => existsSync(`${file}.bak`), 'it is saved')
  expect(partsOf(decodeProject(readFileSync(file)))).toEqual(partsOf(whole))
})
