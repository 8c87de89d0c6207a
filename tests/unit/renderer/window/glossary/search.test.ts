import { describe, expect, it } from 'vitest'
import { glossary } from '@shared/clinic/glossary'
import { searchGlossary } from '@/window/glossary/search'

const ids = (query: string): string[] =>
  searchGlossary(glossary, query).flatMap((part) => part.entries.map((entry) => entry.id as string))

describe('a search in the glossary', () => {
  it('finds everything when nothing is typed', () => {
    expect(searchGlossary(glossary, ' ')).toEqual(glossary)
  })
  it.each([
    ['bptt', 'bptt'],
    ['RMS', 'rms'],
    ['增益', 'gain'],
    ['梯度消失', 'vanishing'],
    ['fan-in', 'fanIn'],
    ['χ₁', 'chi1'],
    ['χ1', 'chi1'],
    ['norm spectral', 'spectralNorm']
  ])('"%s" finds %s', (query, id) => {
    expect(ids(query)).toContain(id)
  })
  it('puts terms that are called so before those that are explained so', () => {
    const part = searchGlossary(glossary, 'gain').find((p) => p.id === 'gradient')!
    expect(part.entries[0]!.id).toBe('gain')
    expect(part.entries.length).toBeGreaterThan(1)
  })
  it('leaves out parts without a match', () => {
    expect(searchGlossary(glossary, 'no such word')).toEqual([])
    expect(searchGlossary(glossary, 'singular').map((p) => p.id)).toEqual(['theory'])
  })
})
