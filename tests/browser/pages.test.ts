import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { chromium, type Browser } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { WEB_TARGET } from '../../scripts/lib/vite-base.mjs'
import { chromiumExecutable, ROOT, sandboxArgs } from '../../scripts/setup/paths.mjs'
import { FakeBridge } from './bridge'

vi.mock('../../src/main/log', () => ({ log: vi.fn() }))

/** A whole page: one folder with its description and its component. */
const PAGE = {
  'page.ts': `import type { Page } from '@/pages'
import BlankPage from './BlankPage.vue'

export default {
  id: 'blank',
  title: { en: 'Blank', zh: '空白' },
  icon: 'file',
  order: 4,
  keys: ['Alt+7'],
  component: BlankPage,
  commands: () => [
    { id: 'blank-say', group: 'view', page: 'blank', name: { en: 'Say nothing', zh: '不说' }, run: () => undefined }
  ],
  parts: ['.blank']
} satisfies Page
`,
  'BlankPage.vue': `<script setup lang="ts"></script>

<template>
  <section class="blank"><button class="btn">{{ 'Nothing' }}</button></section>
</template>
`
}

let tree: string
let browser: Browser
beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'clinic-page-'))
  for (const folder of ['src', 'resources']) cpSync(join(ROOT, folder), join(tree, folder), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(tree, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'), 'dir')
  const folder = join(tree, 'src/renderer/pages/blank')
  mkdirSync(folder)
  for (const [name, text] of Object.entries(PAGE)) writeFileSync(join(folder, name), text)
  await build({
    configFile: false,
    logLevel: 'warn',
    root: join(tree, 'src/renderer'),
    base: './',
    plugins: [vue()],
    resolve: { alias: { '@shared': join(tree, 'src/shared'), '@': join(tree, 'src/renderer') } },
    build: { outDir: join(tree, 'out'), target: WEB_TARGET, minify: false, chunkSizeWarningLimit: 9000 }
  })
  browser = await chromium.launch({ executablePath: chromiumExecutable(), args: sandboxArgs() })
})
afterAll(async () => {
  await browser?.close()
  rmSync(tree, { recursive: true, force: true })
})

it('a page is one folder: switcher, command palette, list of keys and F6 cycle find it', async () => {
  const bridge = new FakeBridge()
  const errors: string[] = []
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.on('page', (p) => p.on('pageerror', (e) => void errors.push(e.stack ?? e.message)))
  try {
    await bridge.attach(context, join(tree, 'out'))
    const page = context.pages()[0]!
    // Nothing else in the tree knows of it.
    expect(readdirSync(join(tree, 'src/renderer/pages')).sort()).toEqual(
      [...readdirSync(join(ROOT, 'src/renderer/pages')), 'blank'].sort()
    )

    const switches = page.getByTestId(/^page-/)
    await switches.first().waitFor()
    const others = readdirSync(join(ROOT, 'src/renderer/pages'), { withFileTypes: true }).filter((d) => d.isDirectory())
    expect(await switches.count()).toBe(others.length + 1)
    expect((await switches.allInnerTexts()).at(-1)).toBe('Blank')
    expect(await page.locator('.blank').count()).toBe(0)

    await page.keyboard.press('Control+K')
    await page.getByTestId('command-search').fill('page blank')
    await page.getByTestId('command-page-blank').waitFor()
    await page.getByTestId('command-search').fill('say nothing')
    await page.getByTestId('command-blank-say').click()
    await page.locator('.blank').waitFor()
    expect(await page.getByTestId('canvas').isVisible()).toBe(false)

    await page.getByTestId('page-build').click()
    await page.locator('.blank').waitFor({ state: 'detached' })
    await page.keyboard.press('F1')
    const shortcut = page.getByTestId('shortcut-page-blank')
    await shortcut.waitFor()
    expect(await shortcut.locator('dt').innerText()).toBe('Page: Blank')
    expect(await shortcut.locator('kbd').allInnerTexts()).toEqual(['Alt+7'])
    await page.keyboard.press('Escape')
    await shortcut.waitFor({ state: 'detached' })

    await page.keyboard.press('Alt+7')
    await page.locator('.blank').waitFor()
    const visited: string[] = []
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('F6')
      visited.push(
        await page.evaluate(
          () => document.activeElement?.closest('.top, .blank, [data-testid=status-line]')?.className ?? ''
        )
      )
    }
    expect(visited.map((c) => c.split(' ')[0]!)).toContain('blank')
    expect(new Set(visited).size).toBe(3)
    expect(errors).toEqual([])
    expect(bridge.logged.filter((l) => l.startsWith('error'))).toEqual([])
  } finally {
    await context.close()
    bridge.close()
  }
})
