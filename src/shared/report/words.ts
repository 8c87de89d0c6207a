import { rounded } from '../base/rounded'
import type { Language, Text } from '../base/text'
import type { Goal } from '../cure/types'
import { toldFigure } from '../cure/words'
import { show } from '../clinic/rules/parts/view'

/** Says something in the language of a report. */
export interface Say {
  (en: string, zh: string): string
  text(text: Text): string
  readonly language: Language
}
/** Makes what says things in one language. */
export function sayIn(language: Language): Say {
  const say = (en: string, zh: string): string => (language === 'en' ? en : zh)
  return Object.assign(say, { text: (t: Text) => t[language], language })
}

/** `95.7 ± 0.6 %`: a mean with half its 95 % interval; of a single seed without. */
export function plusMinus(goal: Goal, mean: number, [low, high]: readonly [number, number], seeds: number): string {
  if (seeds < 2 || !Number.isFinite(mean)) return toldFigure(goal, mean)
  const half = (high - low) / 2
  return goal.metric === 'accuracy'
    ? `${(100 * mean).toFixed(1)} ± ${(100 * half).toFixed(1)} %`
    : `${show(mean)} ± ${show(half)}`
}
/** A size of a gradient; `–` where none was measured. */
export const size = (value: number | undefined): string => (value === undefined ? '–' : show(value).replace('-', '−'))
/** `1,797`. */
export const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
/** `2 min 5 s`. @param seconds of a time */
export function duration(seconds: number, say: Say): string {
  const [m, s] = [Math.floor(seconds / 60), Math.round(seconds % 60)]
  if (seconds < 60) return say(`${rounded(seconds, 2)} s`, `${rounded(seconds, 2)} 秒`)
  return say(`${m} min ${s} s`, `${m} 分 ${s} 秒`)
}

/** A name of at most so many signs; one that is longer is cut, and shows it. */
export const short = (name: string, most: number): string => (name.length > most ? `${name.slice(0, most - 1)}…` : name)
