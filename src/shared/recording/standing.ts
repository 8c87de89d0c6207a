import type { Text } from '../base/text'
import type { RunLayer } from '../run/types'

/** Modules that are named. */
const MOST = 3

/** Whether none of a module's connections is trained. Recordings of before say how many of all its parameters are. */
export const isStill = ({ recorded }: RunLayer): boolean =>
  recorded !== undefined && (recorded.still ?? (recorded.frozen > 0 && !recorded.trainable))

/** What is said of modules that were frozen or thawed, one text for either. @param was whether each was still before */
export function changeOf(changed: readonly { layer: RunLayer; was: boolean }[]): Text[] {
  const named = (list: readonly RunLayer[]): Text => {
    const names = list.slice(0, MOST).map((l) => l.name)
    const more = list.length - names.length
    return {
      en: `${names.join(', ')}${more ? ` and ${more} more` : ''}`,
      zh: `${names.join('、')}${more ? ` 等 ${list.length} 个模块` : ''}`
    }
  }
  const of = (was: boolean): RunLayer[] =>
    changed.filter((c) => c.was === was && isStill(c.layer) !== was).map((c) => c.layer)
  const [thawed, frozen] = [of(true), of(false)]
  const are = (list: readonly RunLayer[]): string => (list.length === 1 ? 'is' : 'are')
  return [
    ...(thawed.length
      ? [
          {
            en: `${named(thawed).en} ${are(thawed)} trained from here on`,
            zh: `从此处起训练 ${named(thawed).zh}`
          }
        ]
      : []),
    ...(frozen.length
      ? [
          {
            en: `${named(frozen).en} ${are(frozen)} frozen, or taken out of the model, from here on`,
            zh: `${named(frozen).zh} 从此处起被冻结或移出模型`
          }
        ]
      : [])
  ]
}
