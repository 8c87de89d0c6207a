import { baselineOf } from '@shared/clinic/verdict/baseline'
import type { Statistic } from '@shared/catalog/statistics/types'
import type { FrameReader } from '@shared/run/frameTable'
import { hiddenLayers } from '@shared/run/layers'
import type { Evaluation, RunLayer, RunSchema } from '@shared/run/types'
import { meanGain } from '@shared/theory/profile'
import type { CurveLine } from '@/charts/curve/model'
import { short } from '@/charts/format'
import type { Band } from '@/charts/plot'
import type { Run } from '@/stores/runs'

const figure = (x: number): string => x.toExponential().replace('e+', 'e')
/** Where a statistic is healthy, with words. @param say the message `runViews.healthyBand` */
export const bandOf = (s: Statistic, say: (named: { low: string; high: string }) => string): Band | undefined =>
  s.healthy && {
    low: s.healthy[0],
    high: s.healthy[1],
    label: say({ low: figure(s.healthy[0]), high: figure(s.healthy[1]) })
  }

/** Every n-th step is recorded. */
export const intervalOf = (run: Run | undefined): number =>
  Math.max(1, run?.schema?.recording?.every ?? run?.experiment.record?.every ?? 1)

/** The training loss without its penalties, frame by frame, where there is a penalty: the validation loss has none. */
export function dataLoss(frames: FrameReader): Float64Array | undefined {
  if (!curvesOf(frames).includes('penalty')) return undefined
  const [loss, penalty] = [frames.scalarColumn('loss'), frames.scalarColumn('penalty')]
  return Float64Array.from({ length: frames.length }, (_, i) => frames.scalar(i, loss)! - frames.scalar(i, penalty)!)
}

/**
 * Curves of a scalar over the steps: of training, without its penalties where it is the loss and has some, and of
 * validation.
 * @param shown frame and evaluation whose values stand beside the names. @param say a message of `watch`
 */
export function curveLines(
  run: Run,
  id: string,
  shown: { frame: number; evaluation: Evaluation | undefined },
  say: (key: string, named: { value: string }) => string
): CurveLine[] {
  const { frames } = run
  const k = frames?.scalarColumn(id) ?? -1
  if (!frames || k < 0) return []
  const line = (
    tone: CurveLine['tone'],
    key: string,
    value: number | undefined,
    at: ArrayLike<number>,
    values: ArrayLike<number>
  ): CurveLine => {
    const named = { value: short(value, 3) }
    return {
      label: say(key, named),
      ...(tone !== 'train' && { brief: say(`${key}Brief`, named) }),
      steps: at,
      values,
      tone
    }
  }
  const { scalars, scalarWidth, length } = frames
  const steps = frames.steps.slice()
  const values = new Float64Array(length)
  for (let i = 0; i < length; i++) values[i] = scalars[i * scalarWidth + k]!
  const train = line('train', 'train', values[shown.frame], steps, values)
  const evaluations = run.evaluations.filter((e) => id in e.metrics)
  const last = Math.max(run.progress.steps, frames.lastStep ?? 0)
  const least = baselineOf(run.schema, run.experiment.training.loss.id, id)
  const baseline =
    least === undefined ? [] : [line('baseline', 'baseline', least, [frames.firstStep ?? 0, last], [least, least])]
  if (!evaluations.length) return [train, ...baseline]
  const data = id === 'loss' ? dataLoss(frames) : undefined
  return [
    train,
    ...(data ? [line('data', 'dataLoss', data[shown.frame], steps, data)] : []),
    line(
      'validation',
      'validation',
      shown.evaluation?.metrics[id],
      evaluations.map((e) => e.step),
      evaluations.map((e) => e.metrics[id]!)
    ),
    ...baseline
  ]
}

const penalised = new WeakMap<FrameReader, { seen: number; ever: boolean }>()
/** Names of the curves of a run: a penalty only once there has been one. */
export function curvesOf(frames: FrameReader): readonly string[] {
  const column = frames.scalarColumn('penalty')
  if (column < 0) return frames.scalarNames
  let known = penalised.get(frames)
  if (!known) penalised.set(frames, (known = { seen: 0, ever: false }))
  for (; !known.ever && known.seen < frames.length; known.seen++) known.ever = frames.scalar(known.seen, column) !== 0
  return known.ever ? frames.scalarNames : frames.scalarNames.filter((n) => n !== 'penalty')
}

/** What theory expects a gradient to be multiplied by per hidden layer, at initialisation: the geometric mean. */
export const theoryGain = (run: Run | undefined): number | undefined =>
  meanGain(hiddenLayers(run?.schema?.layers ?? []).map((l) => l.theoryProfile))

const numbers = new WeakMap<RunSchema, Map<number, number>>()
/** Number of a layer among those with a kernel, from 1; undefined for others. */
export function numberOf(run: Run | undefined, layer: RunLayer): number | undefined {
  if (!run?.schema) return undefined
  let map = numbers.get(run.schema)
  if (!map)
    numbers.set(run.schema, (map = new Map(run.schema.layers.filter((l) => l.main).map((l, i) => [l.index, i + 1]))))
  return map.get(layer.index)
}
