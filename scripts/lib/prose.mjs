/** Two rules of layout that no formatter keeps: comments are as narrow as code, and a long file says why it is long. */

const COLUMNS = 120
const LINES = 300

/** Columns a text takes: Chinese characters and full-width punctuation take two, as in Prettier. */
export const widthOf = (text) =>
  [...text].reduce(
    (sum, char) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(char)
        ? 2
        : 1),
    0
  )

/** The prose of a line that is a comment or ends in one; undefined when it has none. */
function proseOf(line) {
  const own = /^\s*(?:\/\/\/?|\/\*+|\*|#!?|<!--)\s?(?<prose>.*)$/.exec(line)
  // A `//` behind code starts a comment when no string or pattern can still be open there.
  return (own ?? /^(?=.*\S\s+\/\/ )[^'"`]*?[^:]\/\/ (?<prose>[^'"`]*)$/.exec(line))?.groups?.prose
}

/** Comment lines of a source that are wider than code may be. One long word, such as an address, can't be wrapped. */
export const wideComments = (file, text) =>
  text.split('\n').flatMap((line, i) => {
    const columns = widthOf(line)
    const prose = columns > COLUMNS ? proseOf(line) : undefined
    return prose?.trim().includes(' ') ? [`${file}:${i + 1}: ${columns} columns`] : []
  })

/** Says of a file of more than 300 lines that its first line gives no reason: a comment with "because". */
export function tooLong(file, text) {
  const lines = text.split('\n').length - 1
  const first = text.slice(0, text.indexOf('\n'))
  const reason = /^(\/\/|\/\*|<!--|#).*\bbecause\b/.test(first)
  return lines > LINES && !reason ? [`${file}: ${lines} lines, and no "because …" in a comment on the first`] : []
}
