import { csvCell } from '../run/csvCell'
import { float32Text } from '../run/float32Text'
import { framesShown, type Rows } from './rows'
import type { ReportRun } from './types'

const lines = (rows: readonly (readonly string[])[]): string => rows.map((r) => r.join(',') + '\n').join('')
const number = (v: number | undefined): string => (v === undefined ? '' : float32Text(Math.fround(v)))

/** RMS of ∂loss/∂h of each layer (a column) at each recorded step (a row), exact to the last bit. */
export function gradientsCsv(run: ReportRun, { layers, columns }: Rows): string {
  const { frames } = run
  return lines([
    ['step', ...layers.map((l) => csvCell(l.id))],
    ...framesShown(run, columns.length).map((f) => [
      String(frames.step(f)!),
      ...columns.map((c) => number(frames.value(f, c)))
    ])
  ])
}

/** Losses and metrics of one run or two, a row for each step at which one of them has something. */
export function curvesCsv(runs: readonly ReportRun[], names: readonly string[]): string {
  const columns = runs.flatMap((run, k) => {
    const { frames, evaluations } = run
    const prefix = runs.length > 1 ? `${names[k]!}_` : ''
    const metrics = [...new Set(evaluations.flatMap((e) => Object.keys(e.metrics)))]
    const at = new Map(evaluations.map((e) => [e.step, e.metrics]))
    return [
      ...frames.scalarNames.map((name, i) => ({
        head: prefix + name,
        of: (step: number) => number(frames.scalar(frames.frameOf(step), i))
      })),
      ...metrics.map((name) => ({
        head: `${prefix}validation_${name}`,
        of: (step: number) => {
          const v = at.get(step)?.[name]
          return v === undefined ? '' : String(v)
        }
      }))
    ]
  })
  const steps = [...new Set(runs.flatMap((r) => [...r.frames.steps, ...r.evaluations.map((e) => e.step)]))]
  return lines([
    ['step', ...columns.map((c) => csvCell(c.head))],
    ...steps.sort((a, b) => a - b).map((step) => [String(step), ...columns.map((c) => c.of(step))])
  ])
}
