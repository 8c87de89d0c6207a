import { InputError } from '../../shared/base/problems'
import type { StartOptions } from '../../shared/ipc/trainer'
import { KEPT, unpack } from '../../shared/run/checkpoints'
import type { Emit, Events } from './events'
import type { Training } from './training'

/** Decides which checkpoints a run keeps, takes them, and emits them. */
export class Checkpoints {
  private kept: { step: number; asked: boolean }[] = []
  /** Steps between two checkpoints that nobody asked for; doubles when they get many. 0: none. */
  private every: number

  /** @param first step at which the run begins */
  constructor(
    private readonly training: Training,
    private readonly events: Events,
    private readonly emit: Emit,
    private readonly first: number
  ) {
    this.every = training.effective.record.keepEvery
  }

  /**
   * Keeps the run as it is now, because somebody asked for it. @returns the step. @throws InputError when it is too
   * large
   */
  keepNow(): number {
    const { bytes, step } = this.training
    if (bytes > KEPT.largest)
      throw new InputError([
        {
          path: 'checkpoint',
          message: {
            en: `weights and optimizer state take ${Math.round(bytes / 1e6)} MB; at most ${KEPT.largest / 1e6} MB are kept`,
            zh: `权重与优化器状态占 ${Math.round(bytes / 1e6)} MB；最多保留 ${KEPT.largest / 1e6} MB`
          }
        }
      ])
    if (!this.events.has('checkpoint', step))
      this.events.add({ step, kind: 'checkpoint', text: { en: 'kept', zh: '已保存' } })
    this.keep(true)
    return step
  }
  /** Keeps the run as it is now if it is the turn of this step. */
  keepIfDue(): void {
    const { step } = this.training
    if (this.every && step % this.every === 0 && step > this.first && this.isWorthKeeping()) this.keep(false)
  }
  /** Keeps the end of the run, so that it can be continued, unless no step was made. */
  keepEnd(): void {
    if (this.training.step !== this.first && this.isWorthKeeping()) this.keep(true)
  }

  /** Small enough to be kept unasked, without a NaN, and not kept yet. */
  private isWorthKeeping(): boolean {
    const { bytes, step } = this.training
    return bytes <= KEPT.unasked && !this.events.has('nan') && !this.kept.some((k) => k.step === step)
  }
  /**
   * Emits a checkpoint. When there are many, drops every second one that nobody asked for, and the oldest that somebody
   * asked for.
   */
  private keep(asked: boolean): void {
    const { step, bytes, engine, model, batches } = this.training
    const values = new Float32Array(bytes / 4)
    engine.read().reduce((at, v) => (values.set(v, at), at + v.length), 0)
    this.kept = [...this.kept.filter((k) => k.step !== step), { step, asked }]
    const most = Math.min(KEPT.most, Math.floor(KEPT.bytes / bytes))
    while (this.kept.filter((k) => !k.asked).length > most) {
      this.every *= 2
      this.kept = this.kept.filter((k) => k.asked || k.step % this.every === 0)
    }
    const many = this.kept.filter((k) => k.asked).slice(0, -KEPT.asked)
    this.kept = this.kept.filter((k) => !many.includes(k))
    const variables = model.variables.map(({ name, shape }) => ({ name, shape }))
    this.emit({
      kind: 'checkpoint',
      checkpoint: { step, drawn: batches.drawn, ...(asked && { asked }), variables, values },
      kept: this.kept.map((k) => k.step)
    })
  }
}

/**
 * Continues a run from a checkpoint: writes its values into the variables and takes its place in the data. An optimizer
 * with other state than the checkpoint's starts with its own.
 * @throws InputError for a checkpoint of another network, or one after the last step
 */
export function continueFrom(
  training: Training,
  { run, name, checkpoint }: NonNullable<StartOptions['from']>,
  events: Events
): void {
  const { step, drawn } = checkpoint
  const there = unpack(checkpoint)
  const { variables } = training.model
  const weights = variables.filter((v) => !v.slot)
  const bad = weights.find((v) => there.get(v.name)?.shape.join() !== v.shape.join())
  const known = new Set(variables.map((v) => v.name))
  const state = new Set(checkpoint.variables.filter((v) => v.name.split('/').length > 2).map((v) => v.name))
  const more = checkpoint.variables.find((v) => !known.has(v.name) && !state.has(v.name))
  if (bad || more)
    throw new InputError([
      {
        path: 'network',
        message: {
          en: `does not fit what was kept at step ${step}: ${bad ? `${bad.name} is [${bad.shape.join()}] here and ${there.get(bad.name) ? `[${there.get(bad.name)!.shape.join()}]` : 'missing'} there` : `there is no ${more!.name} here`}. Train from the beginning`,
          zh: `与第 ${step} 步保存的内容不符：${(bad ?? more)!.name}。请从头训练`
        }
      }
    ])
  if (!(step < training.steps))
    throw new InputError([
      {
        path: 'training.steps',
        message: {
          en: `is ${training.steps}, but ${step} are done already: take more`,
          zh: `为 ${training.steps}，但已完成 ${step} 步：请取更多`
        }
      }
    ])
  const fresh = training.engine.read()
  training.engine.write(
    variables.map((v, i) => {
      const saved = there.get(v.name)
      return saved?.shape.join() === v.shape.join() ? saved.values : fresh[i]!
    })
  )
  training.batches.skip(drawn)
  training.step = step
  events.add({
    step,
    kind: 'continued',
    text: { en: `continues “${name}” from step ${step}`, zh: `自第 ${step} 步继续“${name}”` },
    run
  })
}
