import type { GlossaryEntry, GlossaryPart } from '@shared/clinic/glossary'

/** Letters without case and accents, so that `Lipschitz` and `χ₁` are found as they are typed. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/**
 * The terms that hold every word of a query, by part; parts without any are left out. Both languages are searched.
 * Within a part, terms whose name holds the query come before those whose explanation does.
 */
export function searchGlossary(parts: readonly GlossaryPart[], query: string): GlossaryPart[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  const holds = (text: string): boolean => words.every((word) => plain(text).includes(word))
  const name = ({ term }: GlossaryEntry): string => `${term.en} ${term.zh}`
  const whole = (e: GlossaryEntry): string =>
    [name(e), e.short.en, e.short.zh, e.more?.en ?? '', e.more?.zh ?? ''].join(' ')
  return parts.flatMap((part) => {
    const found = part.entries.filter((e) => holds(whole(e)))
    const entries = [...found.filter((e) => holds(name(e))), ...found.filter((e) => !holds(name(e)))]
    return entries.length ? [{ ...part, entries }] : []
  })
}
