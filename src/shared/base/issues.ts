import type * as v from 'valibot'
import type { Problem } from './problems'

/**
 * The issues that valibot found, as problems. @param path of the value that was checked, in front of each problem's own
 */
export function issuesToProblems(issues: readonly v.BaseIssue<unknown>[], path: string): Problem[] {
  return issues.map((issue) => {
    const at = [path, ...(issue.path ?? []).map((p) => String(p.key))].filter(Boolean).join('.')
    // valibot has no Chinese texts; what it expected and received are expressions such as `number`, `"a"` or `<=2`.
    const { expected, received } = issue
    if (received === 'undefined') return { path: at, message: { en: 'is missing', zh: '缺少' } }
    if (!expected) return { path: at, message: { en: issue.message, zh: `不符合要求，实际为 ${received}` } }
    // Of a list or a text, these are lengths.
    const isLength = issue.type.endsWith('length')
    return {
      path: at,
      message: isLength
        ? { en: `must have ${expected} members, not ${received}`, zh: `应有 ${expected} 项，实际为 ${received} 项` }
        : { en: `must be ${expected}, not ${received}`, zh: `应为 ${expected}，实际为 ${received}` }
    }
  })
}
