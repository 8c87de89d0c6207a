import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { glossary, termOf } from '@shared/clinic/glossary'
import type { Text } from '@shared/base/text'
import { GLOSSARIES, glossaryPage } from '../../../../scripts/lib/glossary.mjs'
import { ROOT } from '../../../../scripts/setup/paths.mjs'

const entries = glossary.flatMap((part) => part.entries)
const ids = entries.map((entry) => entry.id)

describe('the glossary', () => {
  it('has each term once, under its id', () => {
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, ...term } of entries) expect(term).toEqual(termOf(id))
    for (const language of ['en', 'zh'] as const) {
      const terms = entries.map((entry) => entry.term[language])
      expect(new Set(terms).size).toBe(terms.length)
    }
  })
  it('refers to other terms that exist', () => {
    for (const { id, see = [] } of entries) {
      expect(see.filter((other) => other === id || !(ids as string[]).includes(other))).toEqual([])
      expect(new Set(see).size).toBe(see.length)
    }
  })
  it.each(entries.map((entry) => [entry.id, entry] as const))('%s is explained in both languages', (_id, entry) => {
    const texts: Text[] = [entry.term, entry.short, ...(entry.more ? [entry.more] : [])]
    for (const text of texts) {
      expect(text.en.trim()).toBe(text.en)
      expect(text.en).not.toMatch(/[\u3000-\u9fff]/)
      expect(text.en).not.toBe('')
      expect(text.zh).not.toBe('')
    }
    // One sentence, short enough for a tooltip.
    expect(entry.short.en.replace('et al.', 'et al')).toMatch(/^[^.]+\.$/)
    expect(entry.short.en.length).toBeLessThanOrEqual(180)
    expect(entry.short.zh).toMatch(/^[^。]+。$/)
  })
  it.each(['en', 'zh'] as const)('is the page of docs/ in %s: npm run glossary writes it', async (language) => {
    const page = readFileSync(join(ROOT, GLOSSARIES[language].file), 'utf8')
    expect(page).toBe(await glossaryPage(glossary, language))
  })
})
