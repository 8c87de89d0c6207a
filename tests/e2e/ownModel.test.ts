import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT, testPython } from '../../scripts/setup/paths.mjs'
import { answer, launchApp, menu, temporary, until } from './harness'
import { askCure, curePhase } from './pages/cure'
import { Workbench } from './pages/workbench'

/** Where the pictures of the guide are put; nowhere unless asked for. */
const PICTURES = process.env['GRADIENT_CLINIC_PICTURES']
/** What guessing one of three equal classes scores. */
const BASELINE = Math.log(3)
const story = join(ROOT, 'docs/own-model')

it('a PyTorch script that vanishes is watched, opened, cured and taken home, and its cured form learns', async () => {
  const { executable, packages } = testPython()
  const env = {
    ...process.env,
    PYTHONPATH: [join(ROOT, 'recorder'), ...packages].join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
    OMP_NUM_THREADS: '1'
  }
  const folder = temporary()
  cpSync(story, folder, { recursive: true })
  const launched = await launchApp({
    env: {
      PYTHONPATH: packages.join(delimiter),
      ...(executable.includes('/') && { PATH: `${join(executable, '..')}${delimiter}${process.env['PATH']}` })
    },
    size: { width: 1440, height: 900 }
  })
  const { page } = launched
  const theme = (process.env['GRADIENT_CLINIC_THEME'] ?? 'light') as 'light' | 'dark'
  const language = (process.env['GRADIENT_CLINIC_LANGUAGE'] ?? 'en') as 'en' | 'zh'
  const shot = async (name: string): Promise<void> => {
    if (!PICTURES) return
    mkdirSync(PICTURES, { recursive: true })
    await page.mouse.move(720, 4)
    await page.waitForTimeout(600)
    await page.screenshot({ path: join(PICTURES, `own-${name}-${theme}-${language}.png`) })
  }
  if (PICTURES) {
    await page.evaluate((s) => window.clinic.setSettings(s), { theme, language })
    await page.reload()
  }
  const bench = await Workbench.of(page)

  // Watched live: the window waits in the script's folder, and the script is started as ever.
  await page.getByTestId('page-watch').click()
  const recordings = join(folder, 'gradient-clinic')
  mkdirSync(recordings)
  await answer(launched, 'showOpenDialog', { filePaths: [recordings] })
  await page.getByTestId('watch-folder').click()
  await page.getByTestId('watch-waiting').waitFor()
  const script = spawn(executable, ['train.py'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const s of [script.stdout, script.stderr]) s.on('data', (d) => (said += String(d)))
  const ended = new Promise<number | null>((resolve) => script.once('exit', resolve))
  try {
    await page.getByTestId('watch-page').waitFor({ timeout: 60_000 })
    const frames = async (): Promise<number> =>
      Number(await page.getByTestId('heatmap').getAttribute('data-frames', { timeout: 60_000 }))
    const early = await until(async () => (await frames()) || null, 'its first frames are drawn')
    await until(async () => (await frames()) > early, 'it is seen to go on')
    const fault = page.locator('[data-testid=watch-finding][data-kind=vanishing]')
    await fault.waitFor({ timeout: 60_000 })
    await fault.locator('.kind').click()
    expect(await page.getByTestId('watch-change').first().innerText()).toMatch(/model\.py:\d+/)
    expect(await ended, said).toBe(0)
    await shot('watched')
  } finally {
    script.kill()
  }
  const [, last] = /last loss (\S+)/.exec(said) ?? []
  expect(Number(last)).toBeGreaterThan(0.9 * BASELINE)

  // Its model as an experiment, on the data that the script reads.
  await answer(launched, 'showOpenDialog', { filePaths: [join(folder, 'net.safetensors')] })
  await menu(launched, 'openModel')
  await page.getByTestId('model-dialog').waitFor()
  expect(await page.getByTestId('model-pass').innerText()).toMatch(/\de-[6-9]|\b0\b/)
  await shot('opened')
  await page.getByTestId('model-data-table').click()
  await answer(launched, 'showOpenDialog', { filePaths: [join(folder, 'rings.csv')] })
  await page.getByTestId('model-open').click()
  await page.getByTestId('model-dialog').waitFor({ state: 'detached' })
  await bench.data.count.waitFor()
  await page.getByTestId('page-build').click()
  await page.keyboard.press('Escape')
  await page.getByTestId('experiment-form').waitFor()
  await bench.inspector.fill('training.steps', 200)

  // The cure.
  await askCure(page)
  await page.getByTestId('cure-find').click()
  await curePhase(page, 'done')
  expect(await page.getByTestId('cure-verdict').getAttribute('data-verdict')).toBe('cured')
  await shot('cured')

  // Taken home: checked here, and said in the words of the person's own code.
  await page.getByTestId('cure-home').click()
  await page.locator('[data-testid=home-check][data-state=checked]').waitFor({ timeout: 240_000 })
  await page.getByTestId('home-tab-diff').click()
  expect(await page.getByTestId('home-own').innerText()).toMatch(/model\.py:9.*nn\.Linear\(width, width\)/)
  await shot('home')
  const dir = temporary()
  await answer(launched, 'showOpenDialog', { canceled: false, filePaths: [dir] })
  await page.getByTestId('home-save').click()
  await page.getByText(/^(?:Saved|已保存) /).waitFor()
  const home = join(dir, readdirSync(dir)[0]!)
  await launched.close()

  // The project learns, and so does the script itself with the lines that were told.
  const run = (cwd: string): string => {
    const { status, stdout, stderr } = spawnSync(executable, ['train.py'], { cwd, env, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    return stdout
  }
  const losses = [...run(home).matchAll(/^step \d+: loss (\S+)$/gm)].map((m) => Number(m[1]))
  expect(losses.at(-1)).toBeLessThan(0.75 * BASELINE)
  const told = readFileSync(join(home, 'own-code.txt'), 'utf8')
  for (const [, file, was, becomes] of told.matchAll(/\((\S+):\d+\)\n# was: (.*)\n(.*)/g)) {
    expect(basename(file!)).toBe('model.py')
    const text = readFileSync(file!, 'utf8')
    expect(text).toContain(was)
    writeFileSync(
      file!,
      text.replace(was!, () => becomes!)
    )
  }
  const [, cured] = /last loss (\S+)/.exec(run(folder)) ?? []
  expect(Number(cured)).toBeLessThan(0.5 * BASELINE)
})
