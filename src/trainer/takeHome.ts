import type { Spec } from '../shared/base/params'
import { STEPS_MADE } from '../shared/bridge/state'
import { losses } from '../shared/catalog/losses'
import { optimizers } from '../shared/catalog/optimizers'
import type { Attachments } from '../shared/catalog/datasets'
import { effectiveExperiment, heldCount, planExperiment, type Experiment } from '../shared/experiment'
import { InputError } from '../shared/base/problems'
import { FrameTable } from '../shared/run/frameTable'
import type { NamedArray, Taken } from '../shared/takehome/types'
import { loadData, prepareData } from './data'
import { machineMemory } from './memory'
import { balanced } from './model/classWeights'
import { TrainerSession } from './session/session'

/** Steps that a project taken home must reproduce. */
const CHECKED = 20

/**
 * The loss that was recorded at a step, as any run of the experiment records it. A snapshot computes it once more, op
 * by op, which on some processors rounds differently in the last bit.
 */
function lossAt(frames: FrameTable, step: number): number | undefined {
  return frames.scalar(frames.frameOf(step), frames.scalarColumn('loss'))
}

/** What a snapshot holds under a heading, without it. */
const under = (arrays: readonly NamedArray[], heading: string): Map<string, NamedArray> =>
  new Map(arrays.filter((a) => a.name.startsWith(`${heading}/`)).map((a) => [a.name.slice(heading.length + 1), a]))
/** What the optimizer has kept before the first step, by its snapshot; undefined where it starts anew. */
function stateBefore(arrays: readonly NamedArray[], { id }: Spec): Taken['before'] {
  const steps = arrays.find((a) => a.name === STEPS_MADE)
  if (!steps) return undefined
  const own = under(arrays, 'weights')
  const slots = optimizers.get(id).slots.map((slot) => {
    const kept = under(arrays, `optimizer/${slot}`)
    return [slot, new Map([...kept].filter(([name]) => own.has(name)))] as const
  })
  return { steps: steps.data[0]!, slots: new Map(slots) }
}

/**
 * Trains an experiment again, as far as what is taken home needs: the first steps in full, then up to a step. A run of
 * the same experiment gives the same bits.
 * @param step after which the weights are wanted; where training ends before it, those of the end
 * @param files the files that the experiment names
 * @param told is told of the steps that were done
 * @throws InputError for an experiment that can't be trained, Error in the trainer's words when training failed
 */
export async function takeHome(
  experiment: Experiment,
  files: Attachments,
  step: number,
  about: Pick<Taken, 'lossTable' | 'version'>,
  told: (step: number) => void = () => undefined
): Promise<Taken> {
  const data = loadData(experiment, files)
  const { experiment: effective, problems } = effectiveExperiment(experiment, data)
  const plan = planExperiment(effective, data, machineMemory())
  const errors = [...problems, ...plan.problems].filter((p) => p.severity !== 'warning')
  if (errors.length) throw new InputError(errors)
  const { steps, classWeights } = effective.training
  const first = Math.min(CHECKED, steps)
  const until = Math.min(steps, Math.max(step, first))
  const taken = new Map<number, NamedArray[]>()
  let failure: Error | undefined
  let frames: FrameTable | undefined
  let layers: string[] = []
  const session: TrainerSession = new TrainerSession(
    experiment,
    files,
    (update) => {
      if (update.kind === 'schema') {
        frames = new FrameTable(update.schema)
        layers = update.schema.layers.map((l) => l.id)
      } else if (update.kind === 'frames') {
        frames!.append(update.frames)
        session.ack(1)
      } else if (update.kind === 'progress') told(update.progress.step)
      else if (update.kind === 'failure') failure = new Error(update.failure.message.en)
    },
    {
      until,
      snapshots: [...Array.from({ length: first }, (_, i) => i), step],
      onSnapshot: (at, arrays) => taken.set(at, arrays)
    }
  )
  await session.run()
  if (failure) throw failure
  const early = Array.from({ length: first }, (_, i) => taken.get(i)!).filter(Boolean)
  const last = Math.max(...taken.keys())
  const {
    spread: { classes },
    chosen
  } = prepareData(effective, files)
  const before = stateBefore(early[0]!, effective.training.optimizer)
  const known = losses.get(effective.training.loss.id)
  return {
    ...about,
    experiment: effective,
    plan,
    data,
    held: heldCount(effective, data),
    ...(chosen && { chosen }),
    ...(classWeights && classes && !known.tasks.includes('critic') && { classWeights: balanced(classes) }),
    ...(before && { before }),
    start: under(early[0]!, 'weights'),
    end: under(taken.get(last)!, 'weights'),
    step: last,
    losses: early.map((arrays, i) => lossAt(frames!, i) ?? arrays.find((a) => a.name === 'loss')!.data[0]!),
    gradients: under(early[0]!, 'weight_gradients'),
    frames: frames!,
    layers,
    noise: early.map((arrays) => under(arrays, 'noise'))
  }
}
