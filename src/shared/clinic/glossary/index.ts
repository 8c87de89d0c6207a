import type { Text } from '../../base/text'
import clinic from './clinic'
import gradient from './gradient'
import network from './network'
import theory from './theory'
import training from './training'
import type { Term, Terms } from './types'

const words = { ...gradient, ...theory, ...network, ...training, ...clinic }
export type TermId = keyof typeof words

export interface GlossaryEntry extends Term {
  id: TermId
}
export interface GlossaryPart {
  id: string
  name: Text
  entries: readonly GlossaryEntry[]
}

const part = (id: string, name: Text, terms: Terms): GlossaryPart => ({
  id,
  name,
  entries: Object.entries(terms).map(([key, term]) => ({ ...term, id: key as TermId }))
})

/** The terms of art that window and documents use, by subject. `npm run glossary` makes docs/glossary.md from it. */
export const glossary: readonly GlossaryPart[] = [
  part('gradient', { en: 'The gradient', zh: '梯度' }, gradient),
  part('theory', { en: 'Theory and initialisation', zh: '理论与初始化' }, theory),
  part('network', { en: 'The network', zh: '网络' }, network),
  part('training', { en: 'Training', zh: '训练' }, training),
  part('clinic', { en: 'The workbench', zh: '工作台' }, clinic)
]

/** The term of an id; the type of `id` makes sure that there is one. */
export const termOf = (id: TermId): Term => words[id]

const byId = new Map<string, Term>(Object.entries(words))
/** The term of an id that may be none, such as the id of a statistic or a kind of finding. */
export const findTerm = (id: string): Term | undefined => byId.get(id)
