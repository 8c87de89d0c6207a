import type * as v from 'valibot'
import type { Problem } from './text'

/** What valibot found, as problems below `path`. */
export function issuesToProblems(issues: readonly v.BaseIssue<unknown>[], path: string): Problem[] {
  return issues.map((issue) => {
    const at = [path, ...(issue.path ?? []).map((p) => String(p.key))].filter(Boolean).join('.')
    // Only what the schema's words consist of: `number`, `"a"`, `<=2`.
    const wanted = issue.expected ? `应为 ${issue.expected}` : '不符合要求'
    return { path: at, message: { en: issue.message, zh: `${wanted}，实际为 ${issue.received}` } }
  })
}
