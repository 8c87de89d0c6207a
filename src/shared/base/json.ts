import { parseTree, printParseErrorCode, visit, type ParseError } from 'jsonc-parser'
import { InputError, problem, type Problem } from './problems'
import type { Text } from './text'

const WHAT: Readonly<Record<string, Text>> = {
  InvalidCommentToken: { en: 'JSON has no comments: remove it', zh: 'JSON 不支持注释：请删除' },
  PropertyNameExpected: { en: 'a name in double quotes is expected here', zh: '此处应为双引号中的名称' },
  ValueExpected: { en: 'a value is expected here', zh: '此处应有值' },
  ColonExpected: { en: 'a colon is expected here', zh: '此处应为冒号' },
  CommaExpected: { en: 'a comma is expected here', zh: '此处应为逗号' },
  CloseBraceExpected: {
    en: 'the file ends before a brace } is closed: is it cut off?',
    zh: '文件在 } 之前结束：是否被截断？'
  },
  CloseBracketExpected: {
    en: 'the file ends before a bracket ] is closed: is it cut off?',
    zh: '文件在 ] 之前结束：是否被截断？'
  },
  EndOfFileExpected: { en: 'there is more behind the end of the document', zh: '文档结束后还有内容' },
  InvalidNumberFormat: { en: 'is no number as JSON writes it', zh: '不是 JSON 写法的数字' },
  UnexpectedEndOfString: { en: 'a text in quotes is not closed', zh: '引号中的文本未闭合' },
  UnexpectedEndOfComment: { en: 'JSON has no comments: remove it', zh: 'JSON 不支持注释：请删除' },
  InvalidEscapeCharacter: { en: 'after \\ only " \\ / b f n r t u may stand', zh: '\\ 之后只能是 " \\ / b f n r t u' },
  InvalidCharacter: {
    en: 'a text holds a control character: write \\n, \\t or \\u…',
    zh: '文本中有控制字符：请写成 \\n、\\t 或 \\u…'
  }
}
const VAIN: Text = { en: 'this comma is one too many: remove it', zh: '此逗号多余：请删除' }
const ZERO: Text = { en: 'no number of JSON begins with a 0 before other digits', zh: 'JSON 的数字不能以 0 开头' }
const SINGLE: Text = {
  en: 'texts stand in double quotes (") in JSON, not in single ones',
  zh: 'JSON 的文本须用双引号（"），不能用单引号'
}
const DECIMAL: Text = {
  en: 'a number of JSON has a decimal point, no comma: write 0.1',
  zh: 'JSON 的小数用点，不用逗号：请写 0.1'
}
const GROUPED: Text = { en: 'a number of JSON has no signs between its digits', zh: 'JSON 的数字中不能有分隔符' }
/** What other languages write in the place of JSON, by what stands at the fault, and what JSON has instead. */
const FOREIGN: readonly [rest: RegExp, what: Text][] = [
  [/^'/, SINGLE],
  [/^[“”„‟«»]/, { en: 'texts stand in straight double quotes (") in JSON', zh: 'JSON 的文本须用直双引号（"）' }],
  [
    /^[\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]/,
    {
      en: 'an invisible character stands here that is no plain blank: remove it',
      zh: '此处有一个不可见字符，不是普通空格：请删除'
    }
  ],
  [
    /^[：，｛｝［］＂]/,
    { en: 'signs of JSON have half the width of this one: write : , { } [ ] "', zh: '请用半角符号：: , { } [ ] "' }
  ],
  [/^_\d/, GROUPED],
  [/^#/, WHAT['InvalidCommentToken']!],
  [/^;/, { en: 'a comma separates values in JSON, not a semicolon', zh: 'JSON 的值以逗号分隔，不用分号' }],
  [
    /^[-+]?(?:NaN|Inf|Infinity)(?![\w$])/i,
    { en: 'JSON has no NaN and no Infinity: write a finite number', zh: 'JSON 没有 NaN 和 Infinity：请写有限的数' }
  ],
  [
    /^(?:true|false)(?![\w$])/i,
    { en: 'JSON writes true and false in small letters', zh: 'JSON 的 true 和 false 须小写' }
  ],
  [/^(?:None|nil|null|undefined|NA)(?![\w$])/i, { en: 'JSON writes null for nothing', zh: 'JSON 以 null 表示空值' }],
  [/^[\p{L}_$][\w$-]*\s*:/u, { en: 'names stand in double quotes (") in JSON', zh: 'JSON 的名称须用双引号（"）' }],
  [/^(?:\+\.?\d|\.\d)/, { en: 'a number of JSON begins with a digit or a minus', zh: 'JSON 的数字以数字或负号开头' }]
]
const asJson = (en: string, zh: string): Text => ({
  en: `the file looks like ${en}: write the same as JSON, { "name": … }`,
  zh: `文件像是 ${zh}：请改写为 JSON，即 { "name": … }`
})
/** What a file is that does not begin as JSON does, by its start. */
const OTHERS: readonly [starts: RegExp, what: Text][] = [
  [/^\s*```/, { en: 'lines of ``` stand around the JSON: take them out', zh: 'JSON 前后有 ``` 行：请删除这些行' }],
  [/^\s*(?:---\s*\n|(?:[ \t]*#.*\n)*(?:- )?[A-Za-z_][\w-]*:(?:[ \t]|\r?\n))/, asJson('YAML', 'YAML')],
  [
    /^\s*(?:export|module|const|let|var|import|from|def|function|class)\b|^\s*[A-Za-z_]\w* = [{[(]/,
    asJson('the code of a program', '程序代码')
  ],
  [/^\s*(?:\[[\w.]+\]\s*\n|[A-Za-z_][\w.]* ?= ?)/, asJson('TOML or INI', 'TOML 或 INI')]
]
const HEX: Text = { en: 'JSON has no hexadecimal numbers', zh: 'JSON 没有十六进制数' }
/** Levels of lists and objects within one another, of which a parser that calls itself comes to no harm. */
export const LEVELS = 500

/** Line and column of a place in a text, both 1-based. */
function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
/** A fault of a parser, and the text around it. */
interface Place {
  text: string
  before: string
  /** What stands at the fault and behind it, up to 80 characters. */
  rest: string
  token: string
  /** The parser's name of the fault. */
  name: string
}
/** A comma with nothing behind it: where it stands in the text before a fault. */
function vainComma({ before, rest, name }: Place): number | undefined {
  const comma = /,\s*$/.exec(before)
  return comma && /Name|Value/.test(name) && /^[\s,\]}]/.test(rest) ? comma.index : undefined
}
const endsInZero = ({ before }: Place): boolean => /[:[,\s]-?0$/.test(before)
/** 1,000 is two values of a list, and in an object one and a name that is none. */
const isSecondNumber = ({ name, before }: Place): boolean => name === 'PropertyNameExpected' && /\d,$/.test(before)

const firstOf = (list: readonly [fits: RegExp, what: Text][], text: string): Text | undefined =>
  list.find(([fits]) => fits.test(text))?.[1]
/** What may be wrong at a place: the first that is found is said. */
const FAULTS: readonly ((at: Place) => Text | undefined)[] = [
  (at) => (vainComma(at) === undefined ? undefined : VAIN),
  ({ before, text }) => (/^\s*\[?$/.test(before) ? firstOf(OTHERS, text) : undefined),
  (at) => (isSecondNumber(at) && /^\d{3}(?!\d)/.test(at.rest) ? GROUPED : undefined),
  (at) => (endsInZero(at) && /^x[\da-f]/i.test(at.rest) ? HEX : undefined),
  (at) => (isSecondNumber(at) && /^\d/.test(at.rest) ? DECIMAL : undefined),
  (at) => (at.name === 'CommaExpected' && endsInZero(at) && /^\d/.test(at.token) ? ZERO : undefined),
  ({ rest }) => firstOf(FOREIGN, rest),
  ({ name }) => WHAT[name]
]
/** What is wrong at a place, in words. */
function faultOf(at: Place): Text {
  for (const find of FAULTS) {
    const found = find(at)
    if (found) return found
  }
  const token = JSON.stringify(at.token)
  return { en: `${token} is no JSON`, zh: `${token} 不是 JSON` }
}
function faultAt(text: string, { error, offset, length }: ParseError): Text {
  const at: Place = {
    text,
    before: text.slice(0, offset),
    rest: text.slice(offset, offset + 80),
    token: text.slice(offset, offset + Math.min(length, 30)).split('\n')[0]!,
    name: printParseErrorCode(error)
  }
  const fault = faultOf(at)
  const { line, column } = placeOf(text, vainComma(at) ?? offset)
  return { en: `line ${line}, column ${column}: ${fault.en}`, zh: `第 ${line} 行第 ${column} 列：${fault.zh}` }
}
/** Where a JSON text is nested more than `LEVELS` deep: a place in it; undefined where it is not. */
export function tooDeepAt(text: string): number | undefined {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const c = text[index]
    if (quoted) {
      if (c === '\\') index++
      else if (c === '"' || c === '\n') quoted = false
      continue
    }
    if (c === '"') quoted = true
    else if (c === '[' || c === '{') depth++
    else if (c === ']' || c === '}') depth--
    if (depth > LEVELS) return index
  }
  return undefined
}
/** @throws InputError with line and column where a text is nested too deep */
function refuseDeep(text: string, path: string): void {
  const index = tooDeepAt(text)
  if (index === undefined) return
  const { line, column } = placeOf(text, index)
  throw new InputError([
    problem(
      path,
      `line ${line}, column ${column}: is nested more than ${LEVELS} levels deep`,
      `第 ${line} 行第 ${column} 列：嵌套超过 ${LEVELS} 层`
    )
  ])
}
/** Keys that an object has twice: of the first value JSON keeps nothing. */
function duplicates(text: string, path: string): Problem[] {
  const problems: Problem[] = []
  const open: Map<string, number>[] = []
  visit(text, {
    onObjectBegin: () => void open.push(new Map()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty(key, _offset, _length, line) {
      const seen = open[open.length - 1]!
      const first = seen.get(key)
      if (first !== undefined)
        problems.push(
          problem(
            path,
            first === line + 1
              ? `"${key}" stands twice in line ${first}: remove one of them`
              : `"${key}" stands in line ${first} and again in line ${line + 1}: remove one of them`,
            first === line + 1
              ? `“${key}”在第 ${first} 行出现两次：请删除其中一个`
              : `“${key}”在第 ${first} 行和第 ${line + 1} 行重复：请删除其中一个`
          )
        )
      else seen.set(key, line + 1)
    }
  })
  return problems
}

/**
 * The value of a JSON text.
 * @param path of the text, for problems
 * @param byHand whether a person may have written it: keys that come twice are looked for then
 * @throws InputError with line and column of the first fault, or with both lines of each key that an object has twice
 */
export function parseJsonText(text: string, path: string, byHand: boolean): unknown {
  if (text.trim() === '') throw new InputError([problem(path, 'is empty', '是空的')])
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    refuseDeep(text, path)
    const errors: ParseError[] = []
    parseTree(text, errors, { disallowComments: true, allowEmptyContent: false })
    // What one parser refuses and the other doesn't is a stray byte-order mark or the like, at the start.
    const what = errors[0]
      ? faultAt(
          text,
          errors.reduce((a, b) => (b.offset < a.offset ? b : a))
        )
      : faultAt(text, { error: 1, offset: 0, length: 1 })
    throw new InputError([problem(path, `is not JSON: ${what.en}`, `不是 JSON：${what.zh}`)])
  }
  if (byHand) refuseDeep(text, path)
  const twice = byHand ? duplicates(text, path) : []
  if (twice.length) throw new InputError(twice)
  return value
}
