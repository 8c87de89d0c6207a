import type * as v from 'valibot'
import type { Problem } from './problems'
import type { Text } from './text'

/** Kinds of values, in words. What valibot writes else is an expression, such as `"a"` or `<=2`. */
const KINDS: Readonly<Record<string, Text>> = {
  Array: { en: 'a list', zh: '列表' },
  Object: { en: 'an object', zh: '对象' },
  string: { en: 'a text', zh: '文本' },
  number: { en: 'a number', zh: '数' },
  boolean: { en: 'true or false', zh: 'true 或 false' }
}
/** Chinese, with a blank before what is written in Latin letters and signs. */
const gap = (text: string): string => (/^[\x21-\x7e]/.test(text) ? ` ${text}` : text)
const kind = (name: string): Text => KINDS[name] ?? { en: name, zh: name }
/** What was expected: of a choice, each of what it may be. */
function expectedText(expected: string): Text {
  const each = [...new Set(/^\((.*)\)$/.exec(expected)?.[1]!.split(' | ') ?? [expected])].map(kind)
  return { en: each.map((t) => t.en).join(' or '), zh: each.map((t) => t.zh).join('或') }
}
/**
 * What is wrong with a value that may be of several kinds: if it is of one of them, what is wrong inside it.
 *
 * @returns issues of its members; else the issue itself
 */
function innermost(issue: v.BaseIssue<unknown>): readonly v.BaseIssue<unknown>[] {
  const inside = issue.issues?.filter((i) => i.path?.length || i.kind === 'validation') ?? []
  if (!inside.length) return [issue]
  return inside.flatMap(innermost).map((i) => ({ ...i, path: [...(issue.path ?? []), ...(i.path ?? [])] }) as typeof i)
}

/**
 * The issues that valibot found, as problems. @param path of the value that was checked, in front of each problem's own
 */
export function issuesToProblems(issues: readonly v.BaseIssue<unknown>[], path: string): Problem[] {
  return issues.flatMap(innermost).map((issue) => {
    const at = [path, ...(issue.path ?? []).map((p) => String(p.key))].filter(Boolean).join('.')
    const { expected, received } = issue
    const is = kind(received)
    if (received === 'undefined') return { path: at, message: { en: 'is missing', zh: '缺少' } }
    if (!expected) return { path: at, message: { en: issue.message, zh: `不符合要求，实际为 ${is.zh}` } }
    // Of a list or a text, these are lengths.
    const isLength = issue.type.endsWith('length')
    const must = expectedText(expected)
    return {
      path: at,
      message: isLength
        ? { en: `must have ${expected} members, not ${received}`, zh: `应有 ${expected} 项，实际为 ${received} 项` }
        : { en: `must be ${must.en}, not ${is.en}`, zh: `应为${gap(must.zh)}，实际为${gap(is.zh)}` }
    }
  })
}
