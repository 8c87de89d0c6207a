import type { Text } from './text'

/** Says, in an entry, that a language can't say it, and why. */
export interface Unwritable {
  why: Text
}
/** How an entry is written in PyTorch and in Keras 3; or why it can't be. */
export interface Python<T, K> {
  torch: T | Unwritable
  keras: K | Unwritable
}
/** An entry that is written alike for both. */
export const inBoth = <T>(write: T): { torch: T; keras: T } => ({ torch: write, keras: write })
/** Python that stands at the top of a module, by the name that it defines. */
export type Definitions = Record<string, string>

/** Whether an entry can't be written. */
export const isUnwritable = (v: unknown): v is Unwritable => typeof v === 'object' && v !== null && 'why' in v

/** A finite number as a Python literal. @throws RangeError for any other */
export function number(v: unknown): string {
  if (typeof v !== 'number' || !Number.isFinite(v)) throw new RangeError(`${String(v)} is not a finite number`)
  return String(v).replace('e+', 'e')
}

/** A finite number as a Python float: `1` is an int there, which some arguments refuse. @throws RangeError */
export const decimal = (v: unknown): string => number(v).replace(/^-?\d+$/, '$&.0')

/** Control characters, line and paragraph separators, marks that turn the direction of text, and lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** A text as a Python string literal, in the quotes that `ruff format` chooses. */
export function quoted(text: string): string {
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replace(UNPRINTABLE, (c) => `\\U${c.codePointAt(0)!.toString(16).padStart(8, '0')}`)
  return escaped.includes('"') && !escaped.includes("'") ? `'${escaped}'` : `"${escaped.replace(/"/g, '\\"')}"`
}

/** A text for a comment or a docstring: one line, from which nothing can break out. */
export const remark = (text: string): string =>
  text.replace(UNPRINTABLE, ' ').replace(/\\/g, '/').replace(/"/g, "'").replace(/\s+/g, ' ').trim()

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case type'.split(
    ' '
  )

/**
 * A text as a Python name that is free, and takes it. @param taken names that are in use
 */
export function identifier(text: string, taken: Set<string>, fallback = 'layer'): string {
  const plain = text.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '') || fallback
  const stem = /^\d/.test(plain) ? `${fallback}_${plain}` : plain
  const used = (name: string): boolean => taken.has(name) || KEYWORDS.includes(name)
  let name = stem
  for (let i = 2; used(name); i++) name = `${stem}_${i}`
  taken.add(name)
  return name
}

/** Keyword arguments with their defaults left out: `a=1, b=2`. */
export const options = (values: Record<string, [value: string, standard?: string]>): string =>
  Object.entries(values)
    .filter(([, [value, standard]]) => value !== standard)
    .map(([k, [value]]) => `${k}=${value}`)
    .join(', ')

/** Widest line that `ruff format` writes. */
const WIDTH = 88

/** Places of the characters outside strings, at bracket depth 0, that a test accepts. */
function outer(text: string, accept: (c: string) => boolean): number[] {
  const found: number[] = []
  let depth = 0
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quote) {
      if (c === '\\') i++
      else if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else {
      if (depth === 0 && accept(c)) found.push(i)
      if ('([{'.includes(c)) depth++
      else if (')]}'.includes(c)) depth--
    }
  }
  return found
}

/** Operators between spaces, the ones that bind least first. */
const OPERATORS = [
  ['if', 'else'],
  ['or', 'and'],
  ['==', '!=', '<=', '>=', '<', '>', 'in', 'is'],
  ['+', '-'],
  ['*', '/', '//', '@', '%']
]
/** Places of the operators of an expression that bind least: of the spaces before them. */
function loosest(value: string): number[] {
  const wordAt = (at: number): string => value.slice(at + 1).split(' ', 1)[0]!
  // One that it begins with is the operator of a line above.
  const spaces = outer(value, (c) => c === ' ').filter((at) => !OPERATORS.flat().includes(value.slice(0, at)))
  const level = OPERATORS.find((words) => spaces.some((at) => words.includes(wordAt(at))))
  return spaces.filter((at) => level?.includes(wordAt(at)))
}
const cut = (text: string, at: readonly number[], behind = 0): string[] =>
  [...at, text.length].map((end, i) => text.slice(i ? at[i - 1]! + behind : 0, end).trim())
/** An expression within brackets, one operand a line, and again where one of them is too long. */
function operands(value: string, indent: string): string[] {
  const at = loosest(value)
  if (indent.length + value.length <= WIDTH || !at.length) return [broken(indent + value)]
  return cut(value, at).flatMap((part) => operands(part, indent))
}
/**
 * The value of an assignment or a return that `ruff format` puts into brackets of its own, with one operand or one item
 * of a tuple a line; undefined where it breaks in the brackets that it ends with.
 */
function parted(line: string): string | undefined {
  const [, head, value] = /^( *(?:return|[^()[\]{}"'=]+ =)) (.+)$/.exec(line) ?? []
  if (head === undefined || value === undefined) return undefined
  const indent = /^ */.exec(line)![0]
  const wrapped = (lines: readonly string[]): string => [`${head} (`, ...lines, `${indent})`].join('\n')
  const commas = outer(value, (c) => c === ',')
  if (commas.length) return wrapped(cut(value, commas, 1).map((item) => broken(`${indent}    ${item},`)))
  const at = loosest(value)
  if (!at.length || (at.length === 1 && /[^([{][)\]}]$/.test(value))) return undefined
  return wrapped(operands(value, `${indent}    `))
}

/**
 * One logical line, broken as `ruff format` breaks it: its value at operators, or the line at its last outer brackets,
 * their content on one line where it fits, else one item a line. A line without brackets stays.
 */
export function broken(line: string): string {
  if (line.length <= WIDTH || line.trimStart().startsWith('#')) return line
  const inBrackets = parted(line)
  if (inBrackets !== undefined) return inBrackets
  const indent = /^ */.exec(line)![0]
  const opens = outer(line, (c) => '([{'.includes(c))
  // The last ones are left alone where what stands before them is too long itself: `Dense(…)(x)` breaks inside.
  const open = opens.filter((at) => at < WIDTH).pop() ?? opens.pop()
  if (open === undefined) return line
  const rest = line.slice(open + 1)
  const close = open + 1 + outer(rest, (c) => ')]}'.includes(c))[0]!
  const content = line.slice(open + 1, close).trim()
  const [head, tail] = [line.slice(0, open + 1), line.slice(close)]
  const inner = `${indent}    `
  const fits = inner.length + content.length <= WIDTH
  const clause = outer(content, (c) => c === ' ').find((at) => content.startsWith(' for ', at))
  if (fits || clause !== undefined) {
    const parts = fits ? [content] : [content.slice(0, clause), content.slice(clause! + 1)]
    return [head, ...parts.map((p) => broken(inner + p)), indent + tail].join('\n')
  }
  const commas = outer(content, (c) => c === ',')
  // Brackets that call nothing hold one value: a comma would make a tuple of it.
  const isGroup = line[open] === '(' && !commas.length && !/[\w)\]]/.test(line[open - 1] ?? ' ')
  if (isGroup) return [head, ...operands(content, inner), indent + tail].join('\n')
  const items = [...commas, content.length].map((end, i) => content.slice(i ? commas[i - 1]! + 1 : 0, end).trim())
  return [head, ...items.filter(Boolean).map((item) => broken(`${inner}${item},`)), indent + tail].join('\n')
}

/** Lines as a module's text. */
export const moduleText = (lines: readonly string[]): string =>
  lines
    .flatMap((l) => l.split('\n'))
    .map(broken)
    .join('\n')
    .replace(/\s*$/, '\n')

/** Lines of Python that treat a fault in the program that was recorded. */
export interface CodeChange {
  /**
   * Where they go: once behind the making of model or optimizer or gradient scaler; in each step before or behind that
   * of the optimizer, or where a batch is read; or where the module itself is made.
   */
  place: 'model' | 'optimizer' | 'scaler' | 'beforeStep' | 'afterStep' | 'batch' | 'module'
  /**
   * Of `module`: each hidden module of which kind it is about. Its one line is the expression that takes the place of
   * the one that makes the module, or that goes `behind` it.
   */
  each?: { kind: 'activation' | 'dense'; behind?: true }
  lines: string[]
}

/** A line of the code that a person's own model or training is written in. */
export interface CodeLine {
  file: string
  /** From 1. */
  line: number
  text: string
}
/** Where a person's code makes a layer, and the activation that belongs to it here, where that is a module there. */
export interface LayerCode extends CodeLine {
  activation?: CodeLine
}
