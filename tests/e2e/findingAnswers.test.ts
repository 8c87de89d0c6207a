/** What helps where no remedy does: the data to look at, and as many steps as a run would have needed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseExperiment } from '@shared/experiment'
import { encodeProject } from '@shared/project'
import { sampleProject } from '../unit/shared/project/sample'
import { project } from './bridge'
import { launchApp, temporary, until, type Launched } from './harness'
import { Workbench } from './pages/workbench'

const dense = (id: string, units: number, activation: string): object => ({
  id,
  kind: 'dense',
  params: { units, activation, initializer: activation === 'relu' ? 'heNormal' : 'glorotUniform' }
})
/** Every line has the same target. */
const table = ['x,y', ...Array.from({ length: 200 }, (_, i) => `${Math.sin(i).toFixed(4)},7`)].join('\n')
const experiment = (name: string, data: object, outputs: number, training: object): object =>
  parseExperiment({
    name,
    seed: 3,
    data: { validation: 0.25, standardize: false, ...data },
    network: { nodes: [dense('hidden', 64, 'relu'), dense('out', outputs, 'linear')] },
    training: { batchSize: 64, optimizer: { id: 'adam', learningRate: 0.0005 }, ...training }
  })

async function opened(name: string, e: object, files: Record<string, string> = {}): Promise<Launched> {
  const file = join(temporary(), `${name}.gclinic`)
  writeFileSync(file, encodeProject({ ...project(name, e), files }))
  const launched = await launchApp({ args: [file], size: { width: 1280, height: 800 } })
  const bench = await Workbench.of(launched.page)
  await bench.experimentName.filter({ hasText: name }).waitFor()
  await bench.trainToTheEnd()
  await bench.watch.tab('findings')
  return launched
}

it('a finding about the data opens them', async () => {
  const e = experiment('same', { dataset: { id: 'csv', file: 't.csv', target: 'y', task: 'regression' } }, 1, {
    steps: 20,
    loss: 'meanSquaredError'
  })
  const { page } = await opened('same', e, { 't.csv': table })
  const finding = page.locator('[data-testid=finding][data-kind=sameTargets]')
  expect(await finding.innerText()).toContain('the same target (7)')
  await finding.getByTestId('finding-data').click()
  await page.getByTestId('data-panel').waitFor()
})

it('a finding of too few steps sets as many as it measured, once, and that is undone', async () => {
  const file = join(temporary(), 'short.gclinic')
  const whole = sampleProject()
  const [run] = whole.runs
  const [shown] = whole.experiments
  const finding = {
    ...{ rule: 'tooFewSteps', kind: 'tooFewSteps', severity: 'warn' as const, from: 0, to: 1, layers: [] },
    ...{ measured: { steps: 4321 }, threshold: {}, text: { en: 'too few', zh: '太少' }, advice: [] }
  }
  const runs = [{ ...run!, experiment: shown!, findings: [finding] }]
  writeFileSync(file, encodeProject({ ...whole, current: 0, runs }))
  const { page } = await launchApp({ args: [file], size: { width: 1280, height: 800 } })
  const bench = await Workbench.of(page)
  await bench.experimentName.filter({ hasText: shown!.name }).waitFor()
  await bench.watch.tab('findings')
  const button = page.getByTestId('finding-steps')
  expect(await button.innerText()).toContain('4,321 steps')
  const before = await bench.inspector.value('training.steps')
  await button.click()
  expect(await bench.inspector.value('training.steps')).toBe('4321')
  expect(await button.isDisabled()).toBe(true)
  await page.keyboard.press('Control+z')
  await until(async () => (await bench.inspector.value('training.steps')) === before, 'the steps are as they were')
  expect(await button.isDisabled()).toBe(false)
})
