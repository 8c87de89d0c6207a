import { diffExperiments } from '../experiment/diff'
import { isBlock, type Experiment, type NetworkNode } from '../experiment/types'
import type { Scale } from '../catalog/statistics/types'
import { MISSING, type FrameReader, type FrameSource } from './frameTable'
import { mainPath } from './path'
import type { Evaluation, Progress, RunLayer, RunSchema } from './types'

// ---- which layer of one run stands beside which of another

/** One row of a comparison: a layer of A, one of B, or both; as places in the two lists. */
export interface RowPair {
  a: number | undefined
  b: number | undefined
  /** How they were found to belong together; undefined for a layer that only one of them has. */
  by?: 'id' | 'name' | 'position'
}

/** Longest common subsequence of two lists of keys, as index pairs. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1
  const best = new Int32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] =
        a[i] === b[j]
          ? best[(i + 1) * width + j + 1]! + 1
          : Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!)
  const out: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) out.push([i++, j++])
    else if (best[(i + 1) * width + j]! >= best[i * width + j + 1]!) i++
    else j++
  }
  return out
}

type Named = Pick<RunLayer, 'id' | 'name'>
/**
 * Matches the layers of two networks, forward order kept: those with the same id first; between these, those with the same name;
 * what is left between two matches by its position, counted from the input. Layers without a counterpart get a row of their own.
 */
export function matchLayers(a: readonly Named[], b: readonly Named[]): RowPair[] {
  const steps = [
    { by: 'id' as const, key: (l: Named) => l.id },
    { by: 'name' as const, key: (l: Named) => l.name },
    { by: 'position' as const, key: () => '' }
  ]
  const out: RowPair[] = []
  const within = (a0: number, a1: number, b0: number, b1: number, level: number): void => {
    const step = steps[level]
    if (!step || a0 === a1 || b0 === b1) {
      for (let i = a0; i < a1; i++) out.push({ a: i, b: undefined })
      for (let j = b0; j < b1; j++) out.push({ a: undefined, b: j })
      return
    }
    let [i0, j0] = [a0, b0]
    for (const [i, j] of common(a.slice(a0, a1).map(step.key), b.slice(b0, b1).map(step.key))) {
      within(i0, a0 + i, j0, b0 + j, level + 1)
      out.push({ a: a0 + i, b: b0 + j, by: step.by })
      ;[i0, j0] = [a0 + i + 1, b0 + j + 1]
    }
    within(i0, a1, j0, b1, level + 1)
  }
  within(0, a.length, 0, b.length, 0)
  return out
}

// ---- the difference of two runs

/** There is nothing to compare here. */
export const NOTHING = MISSING
/** Stands for a factor that no number says: something against exactly zero. Further than any scale reaches. */
export const BEYOND = 1000

/** How two values of a statistic are compared: magnitudes by the power of ten between them, others by subtraction. */
export const comparedByFactor = (scale: Scale): boolean => scale === 'log' || scale === 'ratio'

/**
 * B against A in one number: log₁₀(|b| ÷ |a|) or b − a.
 * @returns NaN where either is NaN, ±Infinity where one of them is infinite, ±BEYOND where one alone is exactly zero; 0 where they are equal.
 */
export function difference(a: number, b: number, factor: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN
  if (Object.is(a, b) || a === b) return 0
  if (!factor) return b - a
  const [x, y] = [Math.abs(a), Math.abs(b)]
  if (x === y) return 0
  if (!Number.isFinite(y)) return Infinity
  if (!Number.isFinite(x)) return -Infinity
  if (x === 0) return BEYOND
  if (y === 0) return -BEYOND
  return Math.log10(y) - Math.log10(x)
}

/** The differences of two growing runs, one column per pair of layers, at the steps that both have recorded. */
export class DifferenceFrames implements FrameSource {
  readonly gaps = true
  private stepData = new Int32Array(64)
  private data: Float32Array
  private bits: Uint32Array
  private count = 0
  /** Frames of A and B looked at so far. */
  private inA = 0
  private inB = 0
  private most = 0

  /** @param pairs place in a frame of A and of B; -1 where there is none. */
  constructor(
    private readonly a: FrameSource,
    private readonly b: FrameSource,
    private readonly pairs: readonly { a: number; b: number }[],
    private readonly factor: boolean
  ) {
    this.data = new Float32Array(64 * pairs.length)
    this.bits = new Uint32Array(this.data.buffer)
  }
  get width(): number {
    return this.pairs.length
  }
  get length(): number {
    this.update()
    return this.count
  }
  get steps(): Int32Array {
    this.update()
    return this.stepData.subarray(0, this.count)
  }
  get values(): Float32Array {
    this.update()
    return this.data.subarray(0, this.count * this.width)
  }
  get lastStep(): number | undefined {
    return this.length ? this.stepData[this.count - 1] : undefined
  }
  /** Largest finite difference so far, either way; 0 when there is none. */
  get reach(): number {
    this.update()
    return this.most
  }

  private update(): void {
    const { a, b, pairs, width } = this
    const [ends, endsB] = [a.length, b.length]
    if (this.inA >= ends || this.inB >= endsB) return
    const [stepsA, stepsB, valuesA, valuesB] = [a.steps, b.steps, a.values, b.values]
    const bitsA = a.gaps ? new Uint32Array(valuesA.buffer, valuesA.byteOffset, valuesA.length) : undefined
    const bitsB = b.gaps ? new Uint32Array(valuesB.buffer, valuesB.byteOffset, valuesB.length) : undefined
    while (this.inA < ends && this.inB < endsB) {
      const [s, z] = [stepsA[this.inA]!, stepsB[this.inB]!]
      if (s < z) this.inA++
      else if (z < s) this.inB++
      else {
        this.reserve(this.count + 1)
        this.stepData[this.count] = s
        const at = this.count * width
        for (let r = 0; r < width; r++) {
          const p = pairs[r]!
          const [i, j] = [this.inA * a.width + p.a, this.inB * b.width + p.b]
          if (p.a < 0 || p.b < 0 || bitsA?.[i] === NOTHING || bitsB?.[j] === NOTHING) this.bits[at + r] = NOTHING
          else {
            const d = difference(valuesA[i]!, valuesB[j]!, this.factor)
            this.data[at + r] = d
            if (Number.isFinite(d) && Math.abs(d) > this.most && !(this.factor && Math.abs(d) === BEYOND))
              this.most = Math.abs(d)
          }
        }
        this.count++
        this.inA++
        this.inB++
      }
    }
  }
  private reserve(frames: number): void {
    if (frames <= this.stepData.length) return
    const size = 2 * this.stepData.length
    const steps = new Int32Array(size)
    steps.set(this.stepData)
    this.stepData = steps
    const bits = new Uint32Array(size * this.width)
    // As bits: copying floats may quieten the NaN that means nothing.
    bits.set(this.bits)
    this.bits = bits
    this.data = new Float32Array(bits.buffer)
  }
}

/** The symmetric end of a colour scale on which differences up to `reach` fit, with round marks at its half. */
export function differenceReach(reach: number, scale: Scale): number {
  if (scale === 'share') return 1
  if (comparedByFactor(scale)) return reach <= 1 ? 1 : 2 * Math.ceil(Math.min(reach, 90) / 2)
  if (!(reach > 0)) return 1
  const unit = 10 ** Math.floor(Math.log10(reach))
  return unit * [1, 2, 5, 10].find((n) => n * unit >= reach * (1 - 1e-9))!
}

// ---- what the runs came to

/** The figures a run ended with, or has reached so far, or had at a step. Undefined where it wasn't measured. */
export interface Figures {
  /** The recorded step they are of. */
  step: number | undefined
  /** Steps done and planned. */
  done: number
  planned: number
  loss: number | undefined
  /** First recorded step whose loss isn't finite. */
  brokeAt: number | undefined
  /** Of the newest evaluation, up to that step. */
  validationLoss: number | undefined
  /** Share of right answers on the held-out part, or the training batch's when nothing is held out. */
  accuracy: number | undefined
  accuracyOf: 'validation' | 'training' | undefined
  /** Of regressions. */
  meanAbsoluteError: number | undefined
  r2: number | undefined
  /** Activation gradient RMS at the first layer with a kernel, and over that at the last one. */
  firstGradient: number | undefined
  firstToLast: number | undefined
  /** Update over weight at the first layer. */
  firstUpdate: number | undefined
  paramCount: number | undefined
  layers: number | undefined
}
/** Reads the figures off a run's record. @param at the step they are of (between recorded steps the last before); the newest unless given. */
export function figuresOf(
  run: {
    frames?: FrameReader | undefined
    schema?: RunSchema | undefined
    evaluations: readonly Evaluation[]
    progress: Progress
  },
  at?: number
): Figures {
  const { frames: table, schema, evaluations, progress } = run
  const last = at === undefined ? (table?.length ?? 0) - 1 : (table?.frameAt(at) ?? -1)
  const scalar = (name: string): number | undefined => table?.scalar(last, table.scalarColumn(name))
  const value = (layer: RunLayer | undefined, s: string): number | undefined =>
    layer && table ? table.value(last, table.column(layer.index, s)) : undefined
  const main = schema?.layers.filter((l) => l.main) ?? []
  const path = mainPath(schema?.layers ?? []).filter((l) => l.main)
  const measured = path.filter((l) => (table?.column(l.index, 'activationGradientRms') ?? -1) >= 0)
  const [first, end] = [measured[0], measured[measured.length - 1]]
  const [g, h] = [value(first, 'activationGradientRms'), value(end, 'activationGradientRms')]
  const metrics = evaluations.filter((e) => at === undefined || e.step <= at).pop()?.metrics
  let brokeAt: number | undefined
  const k = table?.scalarColumn('loss') ?? -1
  if (table && k >= 0)
    for (let f = 0; f < table.length && brokeAt === undefined; f++)
      if (!Number.isFinite(table.scalar(f, k)!)) brokeAt = table.steps[f]
  const held = metrics?.['accuracy']
  return {
    step: last < 0 ? undefined : table!.steps[last],
    done: progress.step,
    planned: progress.steps,
    loss: scalar('loss'),
    brokeAt,
    validationLoss: metrics?.['loss'],
    accuracy: held ?? scalar('accuracy'),
    accuracyOf: held !== undefined ? 'validation' : scalar('accuracy') !== undefined ? 'training' : undefined,
    meanAbsoluteError: metrics?.['meanAbsoluteError'] ?? scalar('meanAbsoluteError'),
    r2: metrics?.['r2'],
    firstGradient: g,
    firstToLast: g === undefined || h === undefined || first === end ? undefined : g / h,
    firstUpdate: value(path[0], 'updateRatio'),
    paramCount: schema?.paramCount,
    layers: schema ? main.length : undefined
  }
}

/** What B changed: the factor between the gradients at the first layer, and which loss is the lower. */
export interface Verdict {
  /** Gradient at the first layer, B ÷ A; undefined where it wasn't measured, NaN where one of them is none, or both are zero. */
  gradient: number | undefined
  /** Whose loss is lower: `same` within 5 %; undefined where they can't be compared. A loss that is no number loses against one that is. */
  lower: 'a' | 'b' | 'same' | undefined
}
/** Judges the figures of two runs. @param comparable false where their losses mean different things (other data, another loss function). */
export function verdictOf(a: Figures, b: Figures, comparable: boolean): Verdict {
  const gradient =
    a.firstGradient === undefined || b.firstGradient === undefined ? undefined : b.firstGradient / a.firstGradient
  const [x, y] = [a.loss, b.loss]
  if (!comparable || x === undefined || y === undefined || (!Number.isFinite(x) && !Number.isFinite(y)))
    return { gradient, lower: undefined }
  if (!Number.isFinite(x) || !Number.isFinite(y)) return { gradient, lower: Number.isFinite(x) ? 'a' : 'b' }
  const near = Math.abs(x - y) <= 0.05 * Math.max(Math.abs(x), Math.abs(y))
  return { gradient, lower: near ? 'same' : x < y ? 'a' : 'b' }
}

// ---- what was set differently

/** One setting that isn't the same in all runs. */
export interface SettingRow {
  /** Dotted path (`training.optimizer`, `param.activation`, `layers.batchNorm`, `times`, `connections`). */
  key: string
  group: 'remedies' | 'data' | 'network' | 'training' | 'record' | 'seed'
  /** Paths of the nodes it is about, when it is about layers. */
  nodes: string[]
  /** Kind of these nodes. */
  kind?: string
  /** One per run, in order; undefined where a run has no such setting. */
  values: unknown[]
}

/** Every setting as it stands at a path; nodes are found by their id. */
function at(e: Experiment, path: string[]): unknown {
  let now: unknown = e
  for (const key of path) {
    if (Array.isArray(now)) now = (now as unknown[]).find((n) => (n as { id?: unknown } | null)?.id === key)
    else if (typeof now === 'object' && now !== null) now = (now as Record<string, unknown>)[key]
    else return undefined
  }
  return now
}
function countKinds(nodes: readonly NetworkNode[], times = 1, out = new Map<string, number>()): Map<string, number> {
  for (const n of nodes) {
    if (isBlock(n)) countKinds(n.body, times * n.times, out)
    else out.set(n.kind, (out.get(n.kind) ?? 0) + times)
  }
  return out
}
const same = (values: readonly unknown[]): boolean => new Set(values.map((v) => JSON.stringify(v) ?? '')).size < 2
/** `network.nodes.hidden.body.dense.params.units` → `hidden/dense`, `params`, `units`. */
function split(path: string[]): { node: string[]; rest: string[] } {
  const node = [path[2]!]
  let i = 3
  while (path[i] === 'body' && path[i + 1] !== undefined) {
    node.push(path[i + 1]!)
    i += 2
  }
  return { node, rest: path.slice(i) }
}

/**
 * What differs between runs' settings. One row says one thing, however many layers it holds for.
 * @param chosen the experiments as they were started. @param effective the same with their remedies applied.
 */
export function settingRows(chosen: readonly Experiment[], effective: readonly Experiment[]): SettingRow[] {
  const rows: SettingRow[] = []
  const [first] = effective
  if (!first) return rows
  const remedies = chosen.map((e) => e.remedies)
  if (!same(remedies)) rows.push({ key: 'remedies', group: 'remedies', nodes: [], values: remedies })

  // Kinds of layers that were put in or taken out, counted with their copies.
  const counts = effective.map((e) => countKinds(e.network.nodes))
  for (const kind of new Set(counts.flatMap((c) => [...c.keys()]))) {
    const values = counts.map((c) => c.get(kind) ?? 0)
    if (!same(values)) rows.push({ key: `layers.${kind}`, group: 'network', nodes: [], kind, values })
  }

  const paths = new Map<string, string[]>()
  for (const e of effective.slice(1))
    for (const c of diffExperiments(first, e)) {
      // Ids hold no dots, so a path can be taken apart again.
      paths.set(c.path, c.path.split('.'))
    }
  const grouped = new Map<string, SettingRow>()
  const rewired = new Set<string>()
  for (const [key, path] of paths) {
    const [top, next] = path
    if (top === 'name' || top === 'remedies' || top === 'format' || top === 'version') continue
    if (top !== 'network') {
      const values = effective.map((e) => at(e, path))
      // A hook is what a remedy does in each step; told once, as the remedy.
      if (next === 'hooks' && !same(remedies)) continue
      if (!same(values)) rows.push({ key, group: top as SettingRow['group'], nodes: [], values })
      continue
    }
    // The whole list replaced: told by its counts above.
    if (path.length < 3) continue
    const { node, rest } = split(path)
    const [what, param] = rest
    if (what === 'inputs') rewired.add(node.join('/'))
    if ((what !== 'params' || !param) && what !== 'times') continue
    const values = effective.map((e) => at(e, path))
    if (same(values)) continue
    const owner = at(first, path.slice(0, path.length - rest.length)) as { kind?: string } | undefined
    const kind = owner?.kind
    const id = `${kind} ${rest.join('.')} ${JSON.stringify(values.map((v) => v ?? null))}`
    const known = grouped.get(id)
    if (known) known.nodes.push(node.join('/'))
    else
      grouped.set(id, {
        key: what === 'times' ? 'times' : `param.${rest.slice(1).join('.')}`,
        group: 'network',
        nodes: [node.join('/')],
        ...(kind ? { kind } : {}),
        values
      })
  }
  rows.push(...grouped.values())
  if (rewired.size) {
    const reads = (e: Experiment, path: string): unknown =>
      at(e, ['network', 'nodes', ...path.split('/').flatMap((p, i) => (i ? ['body', p] : [p])), 'inputs'])
    const values = effective.map((e) => [...rewired].filter((p) => !same([reads(first, p), reads(e, p)])).length)
    rows.push({ key: 'connections', group: 'network', nodes: [...rewired], values })
  }
  const order: SettingRow['group'][] = ['remedies', 'network', 'training', 'data', 'seed', 'record']
  return rows.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group))
}
/** Whether all runs saw the same numbers: equal seeds, equal data; and whether their losses are the same function. */
export function sameStart(chosen: readonly Experiment[]): {
  seed: boolean
  data: boolean
  steps: boolean
  loss: boolean
} {
  return {
    loss: same(chosen.map((e) => e.training.loss)),
    seed: same(chosen.map((e) => e.seed)),
    data: same(chosen.map((e) => e.data)),
    steps: same(chosen.map((e) => e.training.steps))
  }
}

/** The two experiments of an A/B pair: all else equal, one without the remedies in question and one with them. */
export function pairOf(
  experiment: Experiment,
  choice?: Experiment['remedies'][number]
): { a: Experiment; b: Experiment } {
  if (!choice) return { a: { ...experiment, remedies: [] }, b: experiment }
  const others = experiment.remedies.filter((r) => r.id !== choice.id)
  const on = experiment.remedies.findIndex((r) => r.id === choice.id)
  // One that is on keeps its place in the order of application.
  return {
    a: { ...experiment, remedies: others },
    b: {
      ...experiment,
      remedies: on < 0 ? [...others, choice] : experiment.remedies.map((r) => (r.id === choice.id ? choice : r))
    }
  }
}
