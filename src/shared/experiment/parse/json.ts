import { didYouMean } from '../../base/nearest'
import { isObject, type Json } from '../../base/objects'
import { problem, type Problem } from '../../base/problems'
import type { Text } from '../../base/text'

/** Most choices in one list: none may come twice. */
export const MAX_SPECS = 100

/**
 * An object at `path`, with unknown keys reported.
 * @param placeOf where a key belongs that is not known here
 */
export function object(
  value: unknown,
  keys: readonly string[],
  path: string,
  problems: Problem[],
  placeOf: (key: string) => Text | undefined = () => undefined
): Json {
  if (value === undefined) return {}
  if (!isObject(value)) {
    problems.push(problem(path, 'must be an object', '必须是对象'))
    return {}
  }
  let unknown = 0
  for (const k of Object.keys(value))
    if (!keys.includes(k)) {
      // Of very many the last ones are told by their number alone.
      const some = unknown++ < MAX_SPECS
      const place = some ? placeOf(k) : undefined
      const meant = some ? didYouMean(k, keys) : { en: '', zh: '' }
      problems.push(
        problem(
          path ? `${path}.${k}` : k,
          `is not known here${place ? `: ${place.en}` : `${meant.en}; known: ${keys.join(', ')}`}`,
          `此处未知${place ? `：${place.zh}` : `${meant.zh}；已知：${keys.join(', ')}`}`
        )
      )
    }
  return value
}
/** A text at `path`; one that is absent or wrong becomes `fallback`. */
export function text(value: unknown, fallback: string, path: string, problems: Problem[]): string {
  if (value === undefined) return fallback
  if (typeof value === 'string' && value.length <= 200) return value
  problems.push(problem(path, 'must be a text of at most 200 characters', '必须是不超过 200 个字符的文本'))
  return fallback
}
