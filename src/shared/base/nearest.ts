import { distance } from 'fastest-levenshtein'
import type { Text } from './text'

const letters = (word: string): string => word.replace(/[^\p{L}\d]/gu, '')
/** mse for meanSquaredError. */
const initials = (word: string): string => (word[0]! + word.slice(1).replace(/[^A-Z]/g, '')).toLowerCase()
/** Either is a part of the other, and long enough to tell: kernelInitializer for initializer. */
const holds = (known: string, word: string): boolean =>
  Math.min(known.length, word.length) > 4 && (known.includes(word) || word.includes(known))
/** Longer words are none that a person has mistyped. */
const LONGEST = 100

/**
 * "Did you mean …?" for a word that isn't known, to be put behind a message; empty where no known word is near: within
 * a third of its letters (at least one, of words of more than four letters two, which is two letters the wrong way
 * round), its initials, or a part of it.
 */
export function didYouMean(word: string, known: readonly string[]): Text {
  if (word.length > LONGEST) return { en: '', zh: '' }
  const lower = word.toLowerCase()
  let best: { word: string; far: number } | undefined
  for (const k of known) {
    const far = distance(lower, k.toLowerCase())
    if (far < (best?.far ?? Math.max(word.length > 4 ? 2 : 1, Math.floor(word.length / 3)) + 1)) best = { word: k, far }
  }
  const short = known.find((k) => initials(k) === lower) ?? known.find((k) => holds(k.toLowerCase(), letters(lower)))
  best ??= short === undefined ? undefined : { word: short, far: 0 }
  return best ? { en: `; did you mean "${best.word}"?`, zh: `；是否指“${best.word}”？` } : { en: '', zh: '' }
}
