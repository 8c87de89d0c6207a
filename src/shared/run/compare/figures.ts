import type { FrameReader } from '../frameTable'
import { mainPath } from '../path'
import type { Evaluation, Progress, RunLayer, RunSchema } from '../types'

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
/**
 * Reads the figures off a run's record. @param at the step they are of (between recorded steps the last before); the
 * newest unless given.
 */
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
  /**
   * Gradient at the first layer, B ÷ A; undefined where it wasn't measured, NaN where one of them is none, or both are
   * zero.
   */
  gradient: number | undefined
  /**
   * Whose loss is lower: `same` within 5 %; undefined where they can't be compared. A loss that is no number loses
   * against one that is.
   */
  lower: 'a' | 'b' | 'same' | undefined
}
/**
 * Judges the figures of two runs. @param comparable false where their losses mean different things (other data, another
 * loss function).
 */
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
