import fuzzysort from 'fuzzysort'

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
  const found = fuzzysort.single(query, text)
  return found && found.score >= ENOUGH
    ? { score: Math.min(1, found.score + TOGETHER * together(query, text)), at: [...found.indexes] }
    : undefined
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
