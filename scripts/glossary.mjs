/** `npm run glossary`: writes docs/glossary.md and docs/glossary.zh.md from src/shared/clinic/glossary. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { alias } from './lib/vite-base.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'
import { ROOT } from './setup/paths.mjs'

await entry(async () => {
  await ensure({ parts: ['npm'], quiet: true })
  const { runnerImport } = await import('vite')
  const { GLOSSARIES, glossaryPage } = await import('./lib/glossary.mjs')
  const { module } = await runnerImport(join(ROOT, 'src/shared/clinic/glossary/index.ts'), {
    root: ROOT,
    configFile: false,
    resolve: { alias }
  })
  for (const [language, { file }] of Object.entries(GLOSSARIES))
    await writeFile(join(ROOT, file), await glossaryPage(module.glossary, language))
})
