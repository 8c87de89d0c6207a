import { readdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testPython } from '../../scripts/setup/paths.mjs'
import { LONG, answer, launchApp, temporary } from './harness'
import { Workbench } from './pages/workbench'

/** The environment of a person whose Python has PyTorch, and Keras, which runs on it. */
function withPyTorch(): Record<string, string> {
  const { executable, packages } = testPython()
  return {
    PATH: [...(executable.includes('/') ? [dirname(executable)] : []), process.env['PATH'] ?? ''].join(delimiter),
    PYTHONPATH: packages.join(delimiter)
  }
}

describe('taking a run home', () => {
  it('shows the code and what the cure changed, checks it in real PyTorch and Keras, and writes a project', async () => {
    const launched = await launchApp({ env: withPyTorch(), size: { width: 1440, height: 900 } })
    const { page } = launched
    const bench = await Workbench.of(page)
    await bench.inspector.fill('training.steps', 40)
    await bench.remedies.toggle('batchNorm', true)
    expect(await bench.trainToTheEnd()).toBe('finished')

    await page.getByTestId('export-menu').click()
    await page.getByTestId('export-home').click()
    await page.getByTestId('home-tab-model.py').waitFor({ timeout: LONG })
    expect(await page.getByTestId('home-code').innerText()).toContain('class Net(nn.Module)')
    expect(await page.getByTestId('home-cure').innerText()).toMatch(/Batch normalisation/i)
    await page.locator('[data-testid=home-check][data-state=checked]').waitFor({ timeout: LONG })
    expect(await page.getByTestId('home-check').innerText()).toMatch(/first 20 losses to \S+e-0\d.*PyTorch 2\./)

    await page.getByTestId('home-tab-diff').click()
    expect(await page.getByTestId('home-diff-model.py').innerText()).toContain('nn.BatchNorm1d')

    await page.getByTestId('home-target-keras').click()
    expect(await page.getByTestId('home-diff-model.py').innerText()).toContain('layers.BatchNormalization')
    await page.getByTestId('home-tab-model.py').click()
    expect(await page.getByTestId('home-code').innerText()).toContain('return keras.Model(inputs, x)')
    await page.locator('[data-testid=home-check][data-state=checked]').waitFor({ timeout: LONG })
    expect(await page.getByTestId('home-check').innerText()).toMatch(
      /first 20 losses to \S+e-0\d.*Keras 3\.\d+.* on torch/
    )
    await page.getByTestId('home-target-pytorch').click()

    const dir = temporary()
    await answer(launched, 'showOpenDialog', { canceled: false, filePaths: [dir] })
    await page.getByTestId('home-weights').uncheck()
    await page.getByTestId('home-save').click()
    await page.getByText(/^Saved /).waitFor()
    const [name] = readdirSync(dir)
    expect(readdirSync(dir)).toHaveLength(1)
    const files = readdirSync(join(dir, name!))
    expect(files).toEqual(expect.arrayContaining(['model.py', 'train.py', 'check.py', 'start.safetensors']))
    expect(files).not.toContain('weights.safetensors')
    expect(readFileSync(join(dir, name!, 'model.py'), 'utf8')).toContain('nn.BatchNorm1d')
    await page.getByTestId('home-close').click()
    await page.getByTestId('home-dialog').waitFor({ state: 'detached' })
  })
})
