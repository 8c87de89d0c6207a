/** The wheel of the recorder is what pip takes, without a network and without build tools. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ROOT, testPython } from '../../scripts/setup/paths.mjs'

const folder = mkdtempSync(join(tmpdir(), 'clinic-wheel-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the wheel is installed from its folder alone, and what it installs records', () => {
  const { executable, packages } = testPython()
  const run = (command: string, args: string[], env = {}): string =>
    execFileSync(command, args, { encoding: 'utf8', cwd: folder, env: { ...process.env, ...env } })
  run(process.execPath, [join(ROOT, 'scripts/recorder.mjs'), join(folder, 'wheels')])
  const [wheel, ...others] = readdirSync(join(folder, 'wheels'))
  expect(wheel).toMatch(/^gradient_clinic-[\d.]+-py3-none-any\.whl$/)
  expect(others).toEqual([])
  const site = join(folder, 'site')
  // NumPy and PyTorch are there beside it.
  const pip = ['-m', 'pip', 'install', '--no-index', '--no-deps', '--no-compile', '--target', site]
  run(executable, [...pip, join(folder, 'wheels', wheel!)])
  const script = `
import torch, gradient_clinic as gc
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), 0.1)
watch = gc.watch(model, optimizer, path="made.gcrec")
model(torch.ones(4, 2)).sum().backward()
optimizer.step()
watch.stop()
print(gc.__file__, gc.__version__)
`
  const said = run(executable, ['-c', script], { PYTHONPATH: [site, ...packages].join(delimiter) }).trim()
  expect(said).toBe(`${join(site, 'gradient_clinic', '__init__.py')} ${wheel!.split('-')[1]!}`)
  expect(readdirSync(folder)).toContain('made.gcrec')
})
