import { describe, expect, it } from 'vitest'
import { launchApp } from './harness'
import { Workbench } from './pages/workbench'

describe('a page that is reloaded', () => {
  it('shows the project and the run it showed before, never a fresh one beside it', async () => {
    const { page } = await launchApp()
    const bench = await Workbench.of(page)
    await bench.rename('Mine alone')
    await bench.inspector.fill('training.steps', 40)
    expect(await bench.trainToTheEnd()).toBe('finished')
    const said = await bench.diagnosis()
    await page.reload()
    const again = await Workbench.of(page)
    await again.experimentName.filter({ hasText: 'Mine alone' }).waitFor()
    await again.waitForState('finished')
    expect(await again.diagnosis()).toEqual(said)
    expect(await again.inspector.value('training.steps')).toBe('40')
    expect(await again.dirty.count()).toBe(1)
  })
})
