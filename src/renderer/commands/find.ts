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

/**
 * Finds the letters of a search in a text, in English or Chinese, whole words and their starts before scattered ones.
 * @returns undefined when they are not there. An empty search fits everything equally
 */
export function match(query: string, text: string): Match | undefined {
  if (!query.trim()) return { score: 0, at: [] }
  const found = fuzzysort.single(query, text)
  return found && found.score >= ENOUGH ? { score: found.score, at: [...found.indexes] } : undefined
}
/** Whether one of an entry's texts fits a search. */
export const fits = (query: string, texts: readonly string[]): boolean => texts.some((text) => match(query, text))
