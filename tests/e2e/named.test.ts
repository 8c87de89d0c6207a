/** Files that are named as the app starts, while work of an earlier session waits for an answer. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { parseExperiment } from '@shared/experiment'
import { decodeProject, encodeProject } from '@shared/project'
import { project, smallExperiment } from './bridge'
import { answer, asked, launchApp, menu, temporary, until } from './harness'
import { backedUp } from './pages/kept'
import { Workbench } from './pages/workbench'

/** A project file whose project and experiment have its name. */
function fileOf(name: string): string {
  const file = join(temporary(), `${name}.gclinic`)
  writeFileSync(file, encodeProject(project(name, parseExperiment(smallExperiment(10, { name })))))
  return file
}
/** A session that was killed with an edit that is not saved. @param file opened at its start @returns its folder */
async function killed(name: string, file?: string): Promise<string> {
  const { page, userData, sigkill } = await launchApp({ args: file === undefined ? [] : [file] })
  const bench = await Workbench.of(page)
  // An edit made while the file is still being read would be one of the work before it.
  if (file !== undefined) await bench.experimentName.filter({ hasText: basename(file, '.gclinic') }).waitFor()
  await bench.rename(name)
  await until(async () => (await backedUp(userData))?.experiments[0]?.name === name, 'it is backed up')
  await sigkill()
  return userData
}

test('a file named at a start is asked for after work was taken up, and opened once that is saved', async () => {
  const userData = await killed('earlier work')
  const named = fileOf('named')
  const launched = await launchApp({ userData, args: [named] })
  const bench = await Workbench.of(launched.page)
  // The next question takes the place of this one at once.
  await launched.page.getByTestId('question-restore').click()
  const question = bench.question.filter({ hasText: 'Save your changes first?' })
  await question.filter({ hasText: 'Then named.gclinic is opened.' }).waitFor()
  await bench.experimentName.filter({ hasText: 'earlier work' }).waitFor()

  const saved = join(temporary(), 'earlier.gclinic')
  await answer(launched, 'showSaveDialog', { filePath: saved })
  await bench.answer('save')
  await bench.experimentName.filter({ hasText: /^named$/ }).waitFor()
  expect(decodeProject(readFileSync(saved)).experiments[0]!.name).toBe('earlier work')
  expect(await bench.dirty.count()).toBe(0)
})

test('a file that is canceled then leaves the work on screen, unsaved and backed up', async () => {
  const userData = await killed('earlier work')
  const named = fileOf('named')
  const launched = await launchApp({ userData, args: [named] })
  const bench = await Workbench.of(launched.page)
  await launched.page.getByTestId('question-restore').click()
  await bench.question.filter({ hasText: 'Then named.gclinic is opened.' }).waitFor()
  await bench.answer('cancel')
  await bench.experimentName.filter({ hasText: 'earlier work' }).waitFor()
  expect(await bench.dirty.count()).toBe(1)
  await launched.sigkill()
  expect((await backedUp(userData))!.experiments[0]!.name).toBe('earlier work')
})

test('the file whose newer work was taken up is not opened over it', async () => {
  const named = fileOf('named')
  const userData = await killed('newer than the file', named)
  const launched = await launchApp({ userData, args: [named] })
  const bench = await Workbench.of(launched.page)
  await bench.answer('restore')
  await bench.experimentName.filter({ hasText: 'newer than the file' }).waitFor()
  await menu(launched, 'save')
  await until(() => existsSync(`${named}.bak`), 'it is saved to its file, unasked')
  expect(decodeProject(readFileSync(named)).experiments[0]!.name).toBe('newer than the file')
  expect(await asked(launched)).toEqual([])
  expect(await bench.question.count()).toBe(0)
})
