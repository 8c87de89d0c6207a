/** What of ruff's defaults, for layout and for faults, can be told of generated Python without it. */

const WIDTH = 88
/** Names that a statement of imports brings in. */
const imported = (line: string): string[] =>
  (/^from \S+ import (.+)$/.exec(line)?.[1] ?? /^import (.+)$/.exec(line)?.[1] ?? '')
    .split(', ')
    .filter(Boolean)
    .map((name) => name.split(' as ').at(-1)!.split('.')[0]!)

/** Names that a function binds and nothing in it reads; parts of tuples apart. */
function unread(lines: readonly string[]): string[] {
  const text = lines.join('\n')
  return lines.flatMap((line) => {
    const name = /^ +([a-z_]\w*)(?:, \(.*\))? = /.exec(line)?.[1]
    const uses = name === undefined ? [] : (text.match(new RegExp(`(?<![\\w."])${name}\\b(?! = )`, 'g')) ?? [])
    return name !== undefined && !uses.length ? [name] : []
  })
}

/** @param code of one module @returns what ruff would say of it, as far as it is seen here */
export function styleFaults(code: string): string[] {
  const lines = code.split('\n')
  const faults: string[] = []
  const say = (i: number, what: string): void => void faults.push(`${i + 1}: ${what}: ${lines[i] ?? ''}`)
  lines.forEach((line, i) => {
    if (line.length > WIDTH && !/^\s*#|"""|^\s*\S+$/.test(line)) say(i, 'is too wide')
    if (/\s$/.test(line)) say(i, 'ends with a space')
    const isTop = /^(?:class|def|@|if __name__)/.test(line) && !/^@/.test(lines[i - 1] ?? '')
    const blanks = lines
      .slice(0, i)
      .reverse()
      .findIndex((l) => l !== '')
    if (isTop && blanks !== 2) say(i, `stands behind ${blanks} blank lines`)
    if (line && !isTop && blanks > (line.startsWith(' ') ? 1 : 2)) say(i, `stands behind ${blanks} blank lines`)
    for (const name of imported(line))
      if (!new RegExp(`(?<![\\w"])${name}\\b`).test([...lines.slice(0, i), ...lines.slice(i + 1)].join('\n')))
        say(i, `imports ${name}, which is not used`)
  })
  if (!code.endsWith('\n') || code.endsWith('\n\n')) faults.push('ends with other than one line break')
  const functions = lines.flatMap((line, i) => (/^ *def /.test(line) ? [i] : []))
  for (const i of functions) {
    const indent = /^ */.exec(lines[i]!)![0].length
    const end = lines.findIndex((l, k) => k > i && l !== '' && /^ */.exec(l)![0].length <= indent && !/^ *\)/.test(l))
    for (const name of unread(lines.slice(i, end < 0 ? lines.length : end))) say(i, `binds ${name}, which is not read`)
  }
  return faults
}
