/** What reading a table comes to: its examples with remarks, or problems. */
import { expect } from 'vitest'
import { datasets, type Data, type DataContext } from '@shared/catalog/datasets'
import { asAttachment } from '@shared/catalog/datasets/parts/tableFile'
import type { Remark } from '@shared/catalog/datasets/parts/remark'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf } from '@shared/base/params'
import { InputError, type Problem } from '@shared/base/problems'

const csv = datasets.get('csv')
const params = (more: object = {}): Record<string, unknown> => ({
  ...defaultsOf(csv.fields, lookup),
  file: 't.csv',
  ...more
})
const context = (text: string | Uint8Array, meant?: DataContext['meant']): DataContext => ({
  seed: 1,
  meant,
  readFile: () => (typeof text === 'string' ? text : asAttachment(text))
})
interface Outcome {
  data?: Data
  remarks: Remark[]
  problems: Problem[]
}
export function outcome(text: string | Uint8Array, more: object = {}, meant?: DataContext['meant']): Outcome {
  try {
    const data = csv.load(params(more), context(text, meant))
    const remarks = csv.remarks!(params(more), context(text, meant))
    for (const r of remarks) expect(r.message.zh, r.message.en).toBeTruthy()
    return { data, remarks, problems: [] }
  } catch (e) {
    if (!(e instanceof InputError)) throw e
    for (const p of e.problems) expect(p.message.zh, p.message.en).toBeTruthy()
    return { remarks: [], problems: e.problems }
  }
}
/** The values of each input column, and of the target. */
export function columns({ data, problems }: Outcome): Record<string, number[]> {
  if (!data) throw new Error(problems.map((p) => `${p.path} ${p.message.en}`).join('\n'))
  const names = data.featureNames!
  return Object.fromEntries([
    ...names.map((n, k) => [n, Array.from({ length: data.count }, (_, i) => data.x[i * names.length + k]!)] as const),
    ['*', [...data.y]] as const
  ])
}
export const rounded = (values: readonly number[]): number[] => values.map(Math.fround)
/** A table with one column of these cells and a numeric target that is no class. */
export const table = (cells: readonly string[], name = 'a', d = ','): string =>
  [
    `${name}${d}t`,
    ...cells.map(
      (c, i) => `${c.includes(d) || c.includes('"') ? `"${c.replaceAll('"', '""')}"` : c}${d}${i * 1.25 + 0.5}`
    )
  ].join('\n') + '\n'
