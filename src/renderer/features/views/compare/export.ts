import { csvCell } from '@shared/run/csvCell'
import { float32Text } from '@shared/run/float32Text'
import { difference } from '@shared/run/compare'
import type { TableRow } from './figures'
import type { CompareModel } from './model'
import { LETTERS } from '@/stores/compare'

const exactly = (v: number | undefined): string => (v === undefined ? '' : float32Text(Math.fround(v)))
const encode = (lines: string[][]): Uint8Array =>
  new TextEncoder().encode(lines.map((l) => l.join(',') + '\n').join(''))
const steps = (m: CompareModel): number[] =>
  [...new Set(m.runs.value.flatMap((r) => (r.frames ? [...r.frames.steps] : [])))].sort((a, b) => a - b)

/** Every recorded value of the statistic, runs side by side; empty where a run has none. */
export function heatmapsCsv(m: CompareModel): Uint8Array {
  const out = [['step', 'row', ...m.runs.value.map((_, k) => LETTERS[k]!)]]
  const frames = m.runs.value.map((r) => r.frames)
  for (const step of steps(m))
    m.lines.value.forEach((l, i) =>
      out.push([
        String(step),
        csvCell(l.name),
        ...m.runs.value.map((_, k) => (frames[k] && frames[k].frameOf(step) >= 0 ? exactly(m.valueAt(k, i, step)) : ''))
      ])
    )
  return encode(out)
}
/** Where both have recorded: their values, and the difference as it is drawn. */
export function differenceCsv(m: CompareModel): Uint8Array {
  const d = m.difference.value
  if (!d) return encode([])
  const [a, b] = [LETTERS[d.a]!, LETTERS[d.b]!]
  const out = [['step', 'row', a, b, d.factor ? `log10(${b}/${a})` : `${b}-${a}`]]
  for (const step of d.model.source!.steps)
    for (const i of d.lines) {
      const [x, y] = [m.valueAt(d.a, i, step), m.valueAt(d.b, i, step)]
      out.push([
        String(step),
        csvCell(m.lines.value[i]!.name),
        exactly(x),
        exactly(y),
        x === undefined || y === undefined ? '' : String(difference(x, y, d.factor))
      ])
    }
  return encode(out)
}
export function curvesCsv(m: CompareModel, scalar: string): Uint8Array {
  const out = [['step', ...m.runs.value.map((_, k) => LETTERS[k]!)]]
  for (const step of steps(m))
    out.push([
      String(step),
      ...m.runs.value.map(({ frames }) =>
        frames && frames.frameOf(step) >= 0 && frames.scalarColumn(scalar) >= 0
          ? exactly(frames.scalar(frames.frameOf(step), frames.scalarColumn(scalar)))
          : ''
      )
    ])
  return encode(out)
}
export function profileCsv(m: CompareModel, step: number | null): Uint8Array {
  const at = m.runs.value.map((r) => step ?? r.frames?.lastStep ?? 0)
  return encode([
    ['row', ...at.map((s, k) => `${LETTERS[k]}_step_${s}`)],
    ...m.lines.value.map((l, i) => [csvCell(l.name), ...at.map((s, k) => exactly(m.valueAt(k, i, s)))])
  ])
}
/** Figures, then settings that differ, one column per run. */
export function tablesCsv(m: CompareModel): Uint8Array {
  const rows = (of: TableRow[]): string[][] =>
    of.map((r) => [
      csvCell(r.where ? `${r.label} (${r.where})` : r.label),
      ...r.values.map((v, k) => csvCell(r.exact?.[k] ?? v))
    ])
  return encode([
    ['', ...m.runs.value.map((r, k) => csvCell(`${LETTERS[k]}: ${r.name}`))],
    ...rows(m.figures.value),
    ...rows(m.settings.value)
  ])
}
