import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'

/** The problems that a rejected call of the bridge names; one without a place when it is any other error. */
export function problemsOf(error: unknown): Problem[] {
  const e = error as { problems?: Problem[]; text?: Text; message?: string } | undefined
  if (e?.problems?.length) return e.problems
  const message = e?.message ?? String(error)
  return [{ path: '', message: e?.text ?? { en: message, zh: message } }]
}
