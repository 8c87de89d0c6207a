/** A text in every language the app speaks. */
export interface Text {
  en: string
  zh: string
}
export type Language = keyof Text
/** A text that begins with a capital letter, as a sentence does. */
export const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1)
/** A number with its English noun: `1 layer`, `2 layers`. @param many the noun of several; by itself the noun and s */
export const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
