import { settingsFields } from '@shared/experiment/parse'
import { lookup } from '@shared/experiment/lookup'
import { parseField } from '@shared/base/params'
import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'

/** What is wrong with a number of copies, if anything. */
export function timesProblem(n: number): Text | undefined {
  const problems: Problem[] = []
  parseField(settingsFields.times, n, 'times', problems, lookup)
  return problems[0]?.message
}
