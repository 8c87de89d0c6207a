import type { Text } from '@shared/base/text'
import type { HomeCheck, Lack, PassedOver } from '@shared/ipc/home'

type Say = (key: string, values: Record<string, unknown>, plural?: number) => string
const lacksOf = (lacks: readonly Lack[], t: Say): string =>
  lacks
    .map(({ version, ...rest }) =>
      version === undefined ? t('home.lack', rest) : t('home.lackOld', { ...rest, version })
    )
    .join(t('home.comma', {}))

/** Why the Python that the person chose was not used. */
export function passedOf(passed: PassedOver, t: Say): string {
  const { python } = passed
  if (passed.why === 'lacks') return t('home.passedLacks', { python, lacks: lacksOf(passed.lacks, t) })
  if (passed.why !== 'fails') return t(`home.passed.${passed.why}`, { python })
  return passed.text ? t('home.passedFails', { python, text: passed.text }) : t('home.passedSilent', { python })
}
/** Why a check did not say whether a project is right: there was nothing to run it with, or it did not end. */
export function reasonOf(
  check: Exclude<HomeCheck, { state: 'checked' | 'failed' }>,
  t: Say,
  tx: (text: Text) => string
): string {
  if (check.state === 'slow') return t('home.slow', { minutes: check.minutes }, check.minutes)
  if (check.state === 'stopped') return t('home.stopped', {})
  if (check.state === 'broken') {
    const text = typeof check.text === 'string' ? check.text : tx(check.text)
    return text ? t('home.broken', { text }) : t('home.silent', {})
  }
  const { nearest, modules } = check
  if (!nearest) return t('home.nowhere', { modules: modules.join(t('home.comma', {})) })
  return t('home.lacks', { python: nearest.python, lacks: lacksOf(nearest.lacks, t) })
}
