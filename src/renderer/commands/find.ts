import type Fuzzysort from 'fuzzysort'
import { shallowRef } from 'vue'

/** What finds scattered letters. It is loaded when something is searched for the first time: nothing else needs it. */
const engine = shallowRef<typeof Fuzzysort>()
let loading: Promise<void> | undefined
/** Loads what finds letters, once. Until then only what stands in a text as typed is found. */
export const finderReady = (): Promise<void> =>
  (loading ??= import('fuzzysort').then((found) => void (engine.value = found.default)))

/** What a search finds in a text. */
export interface Match {
  /** 1 for the same, 0.5 for what just counts; comparable between texts. */
  score: number
  /** Indices of the letters found. */
  at: number[]
}
/** Below, letters are scattered over a text by coincidence. */
const ENOUGH = 0.5
/** What words count that stand together as typed: fuzzysort takes each for itself. */
const TOGETHER = 0.04

/**
 * Finds the letters of a search in a text, in English or Chinese, whole words and their starts before scattered ones.
 * @returns undefined when they are not there. An empty search fits everything equally
 */
export function match(query: string, text: string): Match | undefined {
  if (!query.trim()) return { score: 0, at: [] }
  if (!engine.value) return asTyped(query, text)
  const found = engine.value.single(query, text)
  return found && found.score >= ENOUGH
    ? { score: Math.min(1, found.score + TOGETHER * together(query, text)), at: [...found.indexes] }
    : undefined
}
/** The same without scattered letters. What is found is looked for anew when they can be found, too. */
function asTyped(query: string, text: string): Match | undefined {
  void finderReady()
  const typed = query.trim().toLowerCase()
  const from = text.toLowerCase().indexOf(typed)
  return from < 0 ? undefined : { score: ENOUGH, at: Array.from(typed, (_, i) => from + i) }
}
/**
 * Share of the search's neighbouring words that are neighbours in the text: "layer norm" in "Add a layer: Layer norm".
 */
function together(query: string, text: string): number {
  const words = query.trim().toLowerCase().split(/\s+/)
  const pairs = words.slice(1).map((word, i) => `${words[i]} ${word}`)
  return pairs.filter((pair) => text.toLowerCase().includes(pair)).length / Math.max(1, pairs.length)
}
/** Whether one of an entry's texts fits a search. */
export const fits = (query: string, texts: readonly string[]): boolean => texts.some((text) => match(query, text))
