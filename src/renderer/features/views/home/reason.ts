import type { Text } from '@shared/base/text'
import type { HomeCheck } from '@shared/ipc/home'

/** Why a check did not say whether a project is right: there was nothing to run it with, or it did not end. */
export function reasonOf(
  check: Exclude<HomeCheck, { state: 'checked' | 'failed' }>,
  t: (key: string, values: Record<string, unknown>, plural?: number) => string,
  tx: (text: Text) => string
): string {
  if (check.state === 'slow') return t('home.slow', { minutes: check.minutes }, check.minutes)
  if (check.state === 'broken')
    return t('home.broken', { text: typeof check.text === 'string' ? check.text : tx(check.text) })
  const { nearest, modules } = check
  const comma = t('home.comma', {})
  if (!nearest) return t('home.nowhere', { modules: modules.join(comma) })
  const lacks = nearest.lacks.map(({ version, ...rest }) =>
    version === undefined ? t('home.lack', rest) : t('home.lackOld', { ...rest, version })
  )
  return t('home.lacks', { python: nearest.python, lacks: lacks.join(comma) })
}
