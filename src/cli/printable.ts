import type { Console } from './run'

/**
 * What a terminal obeys in place of showing it: control characters but tabs and ends of lines, a return that would
 * write over a line, and marks that turn the direction of what follows.
 */

const OBEYED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|(?<!^)\r(?!\n)/g

/**
 * A text that a terminal shows as it is. Names of layers, cells of tables and messages of recorded trainings come from
 * files of others. An escape is one of JSON as well, so that JSON stays the same.
 */
export const printable = (text: string): string =>
  text.replace(OBEYED, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The same console, which a text can't command. */
export const shielded = ({ out, err }: Console): Console => ({
  out: (text) => out(printable(text)),
  err: (text) => err(printable(text))
})
