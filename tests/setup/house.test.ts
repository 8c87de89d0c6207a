import { join } from 'node:path'
import { ESLint } from 'eslint'
import { beforeAll, describe, expect, it } from 'vitest'
import { tooNew } from '../../scripts/lib/floor-css.mjs'
import { count } from '../../scripts/lib/suites.mjs'
import { ROOT } from '../../scripts/setup/paths.mjs'

let eslint: ESLint
beforeAll(() => {
  eslint = new ESLint({ cwd: ROOT })
})
/** The ids of the rules that a file of this text would break. */
async function broken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(ROOT, 'src', file) })
  return result!.messages.map((message) => message.ruleId ?? message.message)
}
const load = (what: string): string => `import * as it from '${what}'\nconsole.info(it)\n`
const types = (what: string): string => `import type * as it from '${what}'\nexport type T = typeof it\n`

describe('the layers of src/', () => {
  it.each([
    ['shared/x.ts', 'node:fs'],
    ['shared/x.ts', 'fs'],
    ['shared/x.ts', 'fs/promises'],
    ['shared/x.ts', 'electron'],
    ['shared/x.ts', 'vue'],
    ['shared/x.ts', '@tensorflow/tfjs-core'],
    ['shared/x.ts', 'echarts'],
    ['shared/catalog/layers/x.ts', '../../../trainer/run'],
    ['shared/catalog/layers/x.ts', '../../../main/index'],
    ['shared/base/x.ts', '../catalog/layers'],
    ['shared/base/random/x.ts', '@shared/run/types'],
    ['shared/catalog/layers/x.ts', '../../experiment/types'],
    ['shared/experiment/x.ts', '../clinic/remedies'],
    ['shared/run/x.ts', '../theory/predict'],
    ['shared/theory/x.ts', '../clinic/judge'],
    ['shared/clinic/rules/x.ts', '../../project/types'],
    ['shared/project/x.ts', '../ipc/app'],
    ['shared/run/x.ts', '../stray'],
    ['shared/x.ts', '@/stores/runs'],
    ['main/x.ts', '@tensorflow/tfjs-node'],
    ['main/x.ts', '../trainer/run'],
    ['main/x.ts', '../renderer/i18n'],
    ['main/x.ts', 'vue'],
    ['main/x.ts', '../cli/index'],
    ['preload/x.ts', 'node:fs'],
    ['preload/x.ts', 'path'],
    ['preload/x.ts', '../main/index'],
    ['preload/x.ts', 'vue'],
    ['trainer/x.ts', 'electron'],
    ['trainer/x.ts', 'electron/main'],
    ['trainer/x.ts', 'electron-log'],
    ['trainer/x.ts', 'vue'],
    ['trainer/deep/x.ts', '../../main/host'],
    ['trainer/x.ts', '@/stores/runs'],
    ['renderer/stores/x.ts', 'node:path'],
    ['renderer/x.ts', 'fs'],
    ['renderer/x.ts', 'electron'],
    ['renderer/x.ts', '@tensorflow/tfjs'],
    ['renderer/features/views/a/x.ts', '../../../../main/index'],
    ['renderer/features/views/a/x.ts', '../../../../trainer/run'],
    ['renderer/stores/x.ts', '@/components/Icon.vue'],
    ['renderer/i18n/x.ts', '../stores/ui'],
    ['renderer/commands/x.ts', '@/features/edit/project/files'],
    ['renderer/components/x.ts', '@/features/edit/params/registries'],
    ['renderer/features/edit/data/x.ts', '@/features/edit/inspector/LossField.vue'],
    ['renderer/features/edit/params/x.ts', '../remedies/words'],
    ['renderer/features/edit/canvas/x.ts', '@/features/views/runViews/model'],
    ['renderer/features/views/runViews/x.ts', '@/features/views/export/export'],
    ['renderer/features/views/chain/x.ts', '../dock/actions'],
    ['renderer/features/views/chain/x.ts', '@/pages/build/panels'],
    ['renderer/pages/build/x.ts', '@/window/shell/tour'],
    ['renderer/pages/build/x.ts', '@/pages/compare/page'],
    ['renderer/pages/build/x.ts', '../compare/page'],
    ['renderer/window/x.ts', '@/App.vue'],
    ['renderer/window/x.ts', '@/stray'],
    ['cli/x.ts', 'electron'],
    ['cli/x.ts', 'vue'],
    ['cli/x.ts', '../main/index'],
    ['cli/x.ts', '../renderer/i18n']
  ])('src/%s must not import %s', async (file, what) => {
    expect(await broken(file, load(what))).toContain('clinic/layers')
  })

  it.each([
    ['shared/base/x.ts', load('valibot')],
    ['shared/catalog/layers/x.ts', load('../activations')],
    ['shared/experiment/x.ts', load('../catalog/layers')],
    ['shared/clinic/remedies/x.ts', load('../../experiment/edit')],
    ['shared/ipc/x.ts', load('../project/types')],
    ['shared/base/x.ts', types('@tensorflow/tfjs-core')],
    ['main/x.ts', load('electron')],
    ['main/x.ts', load('node:fs')],
    ['main/x.ts', load('@shared/ipc/app')],
    ['main/x.ts', types('../trainer/run')],
    ['preload/x.ts', load('electron')],
    ['trainer/x.ts', load('@tensorflow/tfjs-node')],
    ['trainer/x.ts', load('node:os')],
    ['trainer/x.ts', types('electron')],
    ['renderer/x.ts', load('vue')],
    ['renderer/x.ts', load('@shared/catalog/layers')],
    ['renderer/features/views/trainer/x.ts', load('../main/panel')],
    ['renderer/commands/x.ts', load('@/stores/ui')],
    ['renderer/features/edit/inspector/x.ts', load('@/features/edit/data/adapt')],
    ['renderer/features/views/chain/x.ts', load('@/features/edit/remedies/words')],
    ['renderer/pages/build/x.ts', load('./panels')],
    ['renderer/pages/build/x.ts', load('@/pages')],
    ['renderer/window/x.ts', load('@/pages/build/panels')],
    ['cli/x.ts', load('../trainer/run')]
  ])('src/%s may: %s', async (file, code) => {
    expect(await broken(file, code)).toEqual([])
  })

  it('sees every way to import, also inside a component', async () => {
    for (const code of [
      "export * from 'electron'\n",
      "export { app } from 'electron'\n",
      "export const it = () => import('electron')\n",
      "export const it = require.resolve('electron')\n",
      "export type T = import('electron').App\n",
      "import { type App, app } from 'electron'\nexport const it: App = app\n"
    ])
      expect(await broken('renderer/x.ts', code)).toContain('clinic/layers')
    expect(
      await broken(
        'renderer/X.vue',
        `<script setup lang="ts">\n${load('electron')}</script>\n\n<template><p /></template>\n`
      )
    ).toContain('clinic/layers')
  })

  it('lets no code of the window press a button or look for a test id', async () => {
    for (const code of [
      "document.querySelector<HTMLElement>('[data-testid=train]')?.click()\n",
      "document.getElementById('train')!.click()\n",
      'export const it = (id: string) => document.querySelector(`[data-testid=${id}]`)\n',
      "document.querySelectorAll('[data-testid=train]')\n"
    ])
      for (const file of ['renderer/stores/x.ts', 'renderer/features/views/a/actions.ts'])
        expect(await broken(file, code), code).toContain('no-restricted-syntax')
    expect(await broken('renderer/components/x.ts', "document.querySelector('[role=dialog]')\n")).toEqual([])
  })

  it('knows what Electron 22 lacks and what would break the seed', async () => {
    for (const file of ['main/x.ts', 'trainer/x.ts', 'preload/x.ts']) {
      expect(await broken(file, 'export const it = structuredClone({})\n')).toContain('no-restricted-globals')
      expect(await broken(file, "export const it = fetch('x')\n")).toContain('no-restricted-globals')
    }
    for (const file of ['shared/x.ts', 'trainer/x.ts'])
      expect(await broken(file, 'export const it = Math.random()\n')).toContain('no-restricted-properties')
    // A clock that is set back would hold up whatever waits by it.
    for (const file of ['shared/x.ts', 'trainer/x.ts', 'main/x.ts', 'preload/x.ts', 'renderer/x.ts', 'cli/x.ts'])
      expect(await broken(file, 'export const it = Date.now()\n')).toContain('no-restricted-properties')
    expect(await broken('shared/x.ts', 'export const it = process.pid\n')).toContain('no-restricted-globals')
    expect(
      await broken('renderer/X.vue', '<script setup lang="ts"></script>\n\n<template><p>Words</p></template>\n')
    ).toContain('vue/no-bare-strings-in-template')
  })
})

describe('styles', () => {
  it.each([
    ['.a { color: color-mix(in srgb, red, blue) }', /color-mix/],
    ['.a { color: oklch(0.5 0.1 20) }', /oklch/],
    ['.a { background: light-dark(white, black) }', /light-dark/],
    ['.a { & .b { color: red } }', /nesting/],
    ['.a { grid-template-rows: subgrid }', /subgrid/]
  ])('%s is too new', (css, name) => {
    expect(tooNew(css).join()).toMatch(name)
  })
  it.each([
    '.a{color:rgb(1 2 3 / 50%)}.a .b{background:linear-gradient(red,blue)}',
    '@media (min-width:1px){.a{color:red}}',
    '/* color-mix() */ .a{content:"&{"}'
  ])('%s is fine', (css) => {
    expect(tooNew(css)).toEqual([])
  })
})

describe('what npm test counts', () => {
  const file = (status: string, ...tests: [string, string][]) => ({
    name: join(ROOT, 'tests/unit/x.test.ts'),
    status,
    message: 'cannot be loaded\nmore',
    assertionResults: tests.map(([fullName, status]) => ({ fullName, status }))
  })
  it('passed and failed tests', () => {
    const report = { testResults: [file('failed', ['a', 'passed'], ['b', 'failed']), file('passed', ['c', 'passed'])] }
    expect(count('unit', report, 1)).toEqual({ passed: 2, failed: 1, problems: ['tests/unit/x.test.ts › b'] })
  })
  it('a skipped test, a file that cannot be loaded, an empty project, a stray error and a crash as failures', () => {
    expect(
      count('unit', { testResults: [file('passed', ['a', 'passed'], ['b', 'skipped'], ['c', 'todo'])] }, 0)
    ).toMatchObject({
      passed: 1,
      failed: 2
    })
    expect(count('unit', { testResults: [file('failed'), file('passed', ['c', 'passed'])] }, 1)).toMatchObject({
      passed: 1,
      problems: ['tests/unit/x.test.ts: cannot be loaded']
    })
    expect(count('unit', { testResults: [] }, 0)).toMatchObject({ passed: 0, failed: 1 })
    expect(count('unit', { testResults: [file('passed', ['a', 'passed'])] }, 1)).toMatchObject({ passed: 1, failed: 1 })
    expect(count('unit', null, 137)).toMatchObject({ passed: 0, failed: 1 })
  })
})
