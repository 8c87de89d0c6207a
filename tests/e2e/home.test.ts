import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testPython } from '../../scripts/setup/paths.mjs'
import { LONG, answer, isThere, launchApp, temporary, until } from './harness'
import { HomeDialog } from './pages/home'
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
  it.skipIf(process.platform === 'win32')(
    'says of each Python why it did not check, and "checked" of one that did',
    async () => {
      const dir = temporary()
      const program = (name: string, text: string, mode = 0o755): string => {
        const path = resolve(dir, name)
        writeFileSync(path, `#!/bin/sh\n${text}\n`)
        chmodSync(path, mode)
        return path
      }
      const ALL = { torch: '2.6', keras: '3.9', tensorflow: '2.18', numpy: '2.0', safetensors: '0.5' }
      /** A Python that says these versions of its modules, and does something when it checks. */
      const python = (name: string, check: string, versions: Record<string, string | null> = ALL): string =>
        program(name, `if [ "$1" = -c ]; then echo '${JSON.stringify(versions)}'; else ${check}; fi`)
      const FIGURES = `echo "first 20 losses: differ by 1e-07 at most (step 1)"
echo "gradients of the first step: differ by 2e-07 at most (a)"`
      /** Waits until the process whose id a program has written is gone. */
      const ended = async (file: string): Promise<void> => {
        const pid = Number(await until(() => existsSync(file) && readFileSync(file, 'utf8').trim(), 'it has begun'))
        await until(() => !isThere(pid), 'the check has ended')
      }

      const env = { PATH: temporary(), VIRTUAL_ENV: '', CONDA_PREFIX: '' }
      const launched = await launchApp({ env, size: { width: 1440, height: 900 } })
      const { page } = launched
      const bench = await Workbench.of(page)
      await bench.inspector.fill('training.steps', 20)
      expect(await bench.trainToTheEnd()).toBe('finished')
      const home = new HomeDialog(launched)
      await home.open()
      await home.says('missing', /no Python that works was found[^]*torch/)
      expect(await page.getByTestId('home-passed').count()).toBe(0)

      await home.choose(join(dir, 'absent'))
      await home.passesOver(/absent, was not used: it is not there/)
      await home.choose(program('text', 'exit 0', 0o644))
      await home.passesOver(/text, was not used: it is not a program that may be run/)
      await home.choose(program('broken', 'echo "no module named encodings" >&2; exit 1'))
      await home.passesOver(/broken, was not used: it does not run Python code. It said: no module named encodings/)
      await home.says('missing', /no Python that works was found/)

      await home.choose(python('bare', 'exit 0', { ...ALL, torch: null, keras: '2.15' }))
      await home.says('missing', /bare lacks torch 2\.\d+ or later\. Install it there/)
      await page.getByTestId('home-target-keras').click()
      await home.says('missing', /bare lacks keras 3\.\d+ or later \(it has 2\.15\)/)
      await page.getByTestId('home-target-pytorch').click()

      await home.choose(python('stops', 'echo "MemoryError" >&2; exit 1'))
      await home.says('broken', /Not checked here: the check stopped before its end, with these words: MemoryError/)
      await home.choose(python('silent', 'exit 1'))
      await home.says('broken', /the check stopped before its end without a word\. Run it yourself:/)
      await home.choose(python('differs', `${FIGURES}; echo "NOT reproduced with PyTorch 2.6"; exit 1`))
      await home.says('failed', /Not reproduced here\.[^]*NOT reproduced with PyTorch 2\.6/)
      await home.choose(python('claims', 'echo "reproduced with PyTorch 2.6"'))
      expect(await home.says('broken', /with these words: reproduced with/)).not.toContain('Checked on this machine')

      // One that hangs is ended by a click, and with the dialog.
      const hanging = (name: string): string => python(name, `echo $$ > '${join(dir, name)}.id'; exec /bin/sleep 1000`)
      await home.choose(hanging('hangs'))
      await until(() => existsSync(join(dir, 'hangs.id')), 'the check runs')
      expect(await home.says('checking', /Checking on this machine/)).not.toContain('Checked')
      await page.getByTestId('home-stop').click()
      await home.says('stopped', /the check was stopped\. Run it yourself/)
      await ended(join(dir, 'hangs.id'))
      await page.getByTestId('home-target-keras').click()
      await home.says('stopped', /the check was stopped/)
      await page.getByTestId('home-target-pytorch').click()
      await home.choose(hanging('again'))
      await until(() => existsSync(join(dir, 'again.id')), 'the check runs')
      await home.close()
      await ended(join(dir, 'again.id'))

      // What was lacking is installed while the dialog is open.
      python('again', 'exit 0', { ...ALL, torch: null })
      await bench.setLanguage('zh')
      await home.open()
      await home.says('missing', /again 缺少 torch 2\.\d+ 或更新版本/)
      await home.close()
      await bench.setLanguage('en')
      await home.open()
      await home.says('missing', /again lacks torch/)
      python('again', `${FIGURES}; echo "reproduced with PyTorch 2.6"`)
      await page.getByTestId('home-again').click()
      await home.says('checked', /Checked on this machine\.[^]*first 20 losses to 1e-07[^]*\(PyTorch 2\.6\)/)
      expect(await page.getByTestId('home-again').count()).toBe(0)

      // Another one that is found is used in place of the chosen one, and that is said.
      python(join(env.PATH, 'python3'), `${FIGURES}; echo "reproduced with PyTorch 2.6"`)
      await home.choose(join(dir, 'bare'))
      await home.says('checked', /Checked on this machine/)
      await home.passesOver(/bare, was not used: it lacks torch/)
      await home.close()
    }
  )
})
