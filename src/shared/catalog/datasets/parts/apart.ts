/** How many times as far as the others reach a label lies beyond them that marks something. */
const APART = 3
/**
 * A class whose number lies beside all others, which count up: 255 or −1 for what has no label; undefined if none.
 * @returns that class, and the first and last of the others
 */
export function classApart(classes: readonly string[]): { apart: string; from: string; to: string } | undefined {
  const numbers = classes.map(Number)
  const countUp = (some: readonly number[]): boolean => some.length > 1 && some.at(-1)! - some[0]! === some.length - 1
  // −1, 0 and 1 are three answers.
  if (numbers[0]! < 0 && numbers[1]! >= 0 && numbers.at(-1) !== -numbers[0]! && countUp(numbers.slice(1)))
    return { apart: classes[0]!, from: classes[1]!, to: classes.at(-1)! }
  const others = numbers.slice(0, -1)
  return countUp(others) && numbers.at(-1)! - others.at(-1)! > APART * others.length
    ? { apart: classes.at(-1)!, from: classes[0]!, to: classes.at(-2)! }
    : undefined
}
