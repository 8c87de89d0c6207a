import type * as v from 'valibot'
import type { Problem } from './problems'

/**
 * The issues that valibot found, as problems. @param path of the value that was checked, in front of each problem's own
 */
export function issuesToProblems(issues: readonly v.BaseIssue<unknown>[], path: string): Problem[] {
  return issues.map((issue) => {
    const at = [path, ...(issue.path ?? []).map((p) => String(p.key))].filter(Boolean).join('.')
    // valibot has no Chinese texts; what it expected and received are expressions such as `number`, `"a"` or `<=2`.
    const wanted = issue.expected ? `应为 ${issue.expected}` : '不符合要求'
    return { path: at, message: { en: issue.message, zh: `${wanted}，实际为 ${issue.received}` } }
  })
}
