import { InputError, type Problem } from '../base/problems'
import type { Text } from '../base/text'

/** An error whose message exists in every language. */
export class TextError extends Error {
  readonly text: Text
  constructor(text: Text) {
    super(text.en)
    this.name = 'TextError'
    this.text = text
  }
}
/** The error of a call that was pending, or is made, after the other side of the channel has gone. */
export class ClosedError extends TextError {}
/** How an error crosses a boundary. */
export interface ErrorData {
  message: Text
  problems: Problem[]
}

/** Whether a value is a text in both languages. */
export const isText = (v: unknown): v is Text =>
  typeof v === 'object' && v !== null && typeof (v as Text).en === 'string' && typeof (v as Text).zh === 'string'

/** Any thrown value as plain data. */
export function errorToData(error: unknown): ErrorData {
  const e = error as { message?: unknown; text?: unknown; problems?: unknown } | null | undefined
  const message = typeof e?.message === 'string' && e.message ? e.message : String(error)
  const problems = Array.isArray(e?.problems)
    ? (e.problems as Problem[]).filter((p) => typeof p?.path === 'string' && isText(p.message))
    : []
  return {
    message: isText(e?.text)
      ? e.text
      : { en: message, zh: problems.map((p) => `${p.path}: ${p.message.zh}`).join('\n') || message },
    problems
  }
}

/** The other way round: InputError when there are problems, else TextError. */
export function errorFromData(data: ErrorData): Error {
  return data.problems.length ? new InputError(data.problems) : new TextError(data.message)
}
