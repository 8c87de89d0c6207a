/** Where the letters of a search were found in a text, and how well they fit. */
export interface Match {
  /** Higher is better; comparable between texts for one search. */
  score: number
  /** Indices into the text. */
  at: number[]
}

/**
 * Finds the letters of `query` in `text` in their order, preferring starts of words and runs of letters.
 * @returns undefined when they are not all there. An empty search fits everything equally.
 */
export function fuzzy(query: string, text: string): Match | undefined {
  const q = query.toLowerCase().replace(/\s+/g, '')
  const t = text.toLowerCase()
  if (!q) return { score: 0, at: [] }
  const n = t.length
  const starts = Array.from(t, (_, i) => i === 0 || !/[\p{L}\p{N}]/u.test(t[i - 1]!) || /\p{Script=Han}/u.test(t[i]!))
  // best[i]: of the letters so far with the last one at i; filled letter by letter.
  let best: { score: number; at: number[] }[] = []
  for (let k = 0; k < q.length; k++) {
    const next: { score: number; at: number[] }[] = []
    let before: { score: number; at: number[] } | undefined
    for (let i = 0; i < n; i++) {
      const previous = best[i - 1]
      if (k > 0 && i >= 2 && best[i - 2] && (!before || best[i - 2]!.score > before.score)) before = best[i - 2]
      if (t[i] !== q[k]) continue
      const own = 1 + (starts[i] ? 4 : 0)
      if (k === 0) next[i] = { score: own - i * 0.02, at: [i] }
      else {
        const run = previous && { score: previous.score + own + 5, at: [...previous.at, i] }
        const leap = before && { score: before.score + own - 0.5, at: [...before.at, i] }
        // The next word, right behind the last: as good as going on.
        const over =
          best[i - 2] && !/[\p{L}\p{N}]/u.test(t[i - 1]!)
            ? { score: best[i - 2]!.score + own + 2, at: [...best[i - 2]!.at, i] }
            : undefined
        const leaps = leap && over ? (over.score >= leap.score ? over : leap) : (over ?? leap)
        const taken = run && leaps ? (run.score >= leaps.score ? run : leaps) : (run ?? leaps)
        if (taken) next[i] = taken
      }
    }
    best = next
  }
  const found = Object.values(best).filter(Boolean) as Match[]
  if (!found.length) return undefined
  const top = found.reduce((a, b) => (b.score > a.score ? b : a))
  return { score: top.score - n * 0.01, at: top.at }
}
