import { TEMPLATE_GROUPS, templates, type Template, type TemplateGroup } from '@shared/clinic/templates'

export interface Shelf {
  group: TemplateGroup
  list: Template[]
  /** So long that it stays folded until it is asked for. */
  long: boolean
}
const LONG = 12

/**
 * The ready experiments by group. @param word what their name or text must hold, in either language; empty: all of them
 */
export function shelves(word = ''): Shelf[] {
  const wanted = word.trim().toLowerCase()
  const fits = (x: Template): boolean =>
    !wanted || [x.id, x.name.en, x.name.zh, x.doc.en, x.doc.zh].some((s) => s.toLowerCase().includes(wanted))
  return TEMPLATE_GROUPS.map((group) => ({ group, list: templates.filter((x) => x.group === group && fits(x)) }))
    .filter((s) => s.list.length)
    .map((s) => ({ ...s, long: !wanted && s.list.length >= LONG }))
}
/** The first sentence of a paragraph, for where there is no room for all of it. */
export const firstSentence = (text: string): string => /^.*?(?:[.!?](?=\s|$)|[。！？])/s.exec(text)?.[0] ?? text
