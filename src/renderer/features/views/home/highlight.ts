/** A piece of code in one colour. */
interface Token {
  kind: '' | 'string' | 'comment' | 'keyword' | 'number' | 'name'
  text: string
}
const KINDS = ['string', 'comment', 'keyword', 'number', 'name'] as const
const TOKENS =
  /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(#.*$)|\b(import|from|class|def|for|in|if|else|elif|return|with|while|yield|lambda|not|and|or|None|True|False)\b|\b(\d+(?:\.\d+)?(?:e-?\d+)?)\b|(?<=\b(?:def|class) )(\w+)/g

/** One line of Python in colours. @param inside whether it begins inside a docstring */
function tokens(line: string, inside: boolean): Token[] {
  if (inside) return [{ kind: 'string', text: line }]
  const out: Token[] = []
  let at = 0
  for (const m of line.matchAll(TOKENS)) {
    if (m.index > at) out.push({ kind: '', text: line.slice(at, m.index) })
    out.push({ kind: KINDS[m.slice(1).findIndex((g) => g !== undefined)]!, text: m[0] })
    at = m.index + m[0].length
  }
  if (at < line.length) out.push({ kind: '', text: line.slice(at) })
  return out
}

/** A text line by line, Python in colours. @param name of the file */
export function coloured(name: string, text: string): Token[][] {
  const lines = text.replace(/\n$/, '').split('\n')
  if (!name.endsWith('.py')) return lines.map((line) => [{ kind: '', text: line }])
  let inside = false
  return lines.map((line) => {
    const marks = line.split('"""').length - 1
    const isDoc = inside || marks > 0
    if (marks % 2) inside = !inside
    return tokens(line, isDoc)
  })
}
