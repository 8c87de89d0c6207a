/**
 * The theoretical profile of the activation-gradient RMS at initialisation, scaled to meet the measured value of the
 * topmost row that has both.
 * @param predicted gradient by row, relative to that at the network's output; undefined where the theory makes no
 *   statement
 * @param measured gradient by row
 */
export function theoryProfile(
  predicted: (number | undefined)[],
  measured: (number | undefined)[]
): (number | undefined)[] {
  let r = measured.length - 1
  const usable = (x: number | undefined): boolean => x !== undefined && Number.isFinite(x) && x > 0
  while (r >= 0 && !(usable(measured[r]) && usable(predicted[r]))) r--
  return predicted.map((p) => (r < 0 || p === undefined ? undefined : (measured[r]! * p) / predicted[r]!))
}
/**
 * The mean factor per row on the way back: the geometric mean between the ends of a profile; undefined with fewer than
 * two values.
 */
export function meanGain(predicted: (number | undefined)[]): number | undefined {
  const known = predicted.flatMap((p, r) => (p !== undefined && p > 0 ? [[r, p] as const] : []))
  const [first, last] = [known[0], known[known.length - 1]]
  return first && last && last[0] > first[0] ? (first[1] / last[1]) ** (1 / (last[0] - first[0])) : undefined
}
