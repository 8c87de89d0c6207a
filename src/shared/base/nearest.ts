import { distance } from 'fastest-levenshtein'
import type { Text } from './text'

/**
 * "Did you mean …?" for a word that isn't known, to be put behind a message; empty where no known word is near: within
 * a third of its letters, at least one.
 */
export function didYouMean(word: string, known: readonly string[]): Text {
  const lower = word.toLowerCase()
  let best: { word: string; far: number } | undefined
  for (const k of known) {
    const far = distance(lower, k.toLowerCase())
    if (far < (best?.far ?? Math.max(1, Math.floor(word.length / 3)) + 1)) best = { word: k, far }
  }
  return best ? { en: `; did you mean "${best.word}"?`, zh: `；是否指“${best.word}”？` } : { en: '', zh: '' }
}
