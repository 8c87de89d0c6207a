import type { Text } from '@shared/base/text'
import type { Failure } from '@shared/run/types'

/** The calls of the main process. */
export const bridge = (): Window['clinic'] => window.clinic

/** Why a call was rejected. The bridge rejects with plain objects that may have a `text` and `problems`. */
export function failureOf(error: unknown): Failure {
  const e = error as { message?: string; text?: Text; problems?: Failure['problems'] } | undefined
  const message = e?.message || String(error)
  return { message: e?.text ?? { en: message, zh: message }, ...(e?.problems?.length ? { problems: e.problems } : {}) }
}

/** Writes a line to the log of the app. */
export const warn = (text: string): void =>
  void bridge()
    .log('warn', text)
    .catch(() => undefined)

/** Makes a call of one run by its id; a rejection goes to the log, as a run that has just ended can't be steered. */
export async function attempt(
  call: 'pauseRun' | 'resumeRun' | 'stepRun' | 'stopRun' | 'inspectRun' | 'dropRun',
  id: string | null
): Promise<void> {
  if (!id) return
  try {
    await bridge()[call](id)
  } catch (error) {
    warn(`${call} ${id}: ${failureOf(error).message.en}`)
  }
}
