import type { Attachments } from '@shared/catalog/datasets'
import { attachedTo, readExperiment, sameTraining, type Trained } from '@shared/experiment'
import type { Experiment } from '@shared/experiment/types'
import { ClosedError, errorToData } from '@shared/ipc/errors'
import type { Problem } from '@shared/base/problems'
import { log } from '../log'
import { cannotLoad, findDamage } from '../native'
import type { Child } from './child'

/** After this many crashes within five minutes no trainer is started ahead of its use any more. */
const CRASHES = 3
const FIVE_MINUTES = 300_000

/** A trainer that waits for the next run: it loads TensorFlow, and prepares what is likely to be trained next. */
export class Standby {
  private child: Child | undefined
  /** What the waiting trainer was told to prepare. */
  private made: { of: Trained; done: boolean } | undefined
  /** What is likely to be trained next. */
  private likely: Trained | undefined
  /** The waiting trainer has loaded what it needs. */
  private isUp = false
  private crashes: number[] = []
  private closed = false
  /** What a trainer reported of itself when it warmed up. */
  versions: Record<string, string> = {}
  /** Why training can't work at all, as far as a trainer that warmed up has found. */
  nativeProblems: Problem[] | undefined

  /**
   * @param fork starts a trainer
   * @param isBusy whether runs take up the cores: nothing is prepared then
   * @param now milliseconds
   * @param changed hears that `nativeProblems` are others
   */
  constructor(
    private readonly fork: () => Child,
    private readonly isBusy: () => boolean,
    private readonly now: () => number,
    private readonly changed: () => void = () => undefined
  ) {}

  /** Starts a trainer ahead of its use, unless one waits already or trainers crash again and again. */
  start(): void {
    if (this.closed) return
    if (this.child) return this.prepare()
    const now = this.now()
    this.crashes = this.crashes.filter((t) => now - t < FIVE_MINUTES)
    if (this.crashes.length >= CRASHES) return
    const child = this.fork()
    this.child = child
    this.made = undefined
    this.isUp = false
    child.onExit(() => {
      if (this.child === child) this.child = undefined
    })
    child.api.warmUp().then(
      ({ versions }) => {
        this.versions = versions
        this.found(undefined)
        if (this.child !== child) return
        this.isUp = true
        this.prepare()
      },
      (error: unknown) => {
        if (this.child === child && !this.closed) this.failed(child, error)
      }
    )
  }
  /** Names what is likely to be trained next: the waiting trainer prepares it while the cores are free. */
  foresee(experiment: Experiment, files: Attachments): void {
    const read = readExperiment(experiment)
    if (read.problems.length) return
    this.likely = { experiment: read.experiment, files: attachedTo(read.experiment, files) }
    this.prepare()
  }
  /** Hands over the waiting trainer, if there is one that would not be late because it is preparing something else. */
  take(of: Trained): Child | undefined {
    const { child, made } = this
    if (child && made && !made.done && !sameTraining(made.of, of)) {
      child.kill()
      this.child = undefined
      return undefined
    }
    this.child = undefined
    return child?.gone ? undefined : child
  }
  /** A trainer has crashed. */
  noteCrash(): void {
    this.crashes.push(this.now())
  }
  close(): void {
    this.closed = true
    this.child?.kill()
  }

  private prepare(): void {
    const { child, likely, made } = this
    if (!child || !likely || !this.isUp || this.isBusy()) return
    if (made && sameTraining(made.of, likely)) return
    const now = { of: likely, done: false }
    this.made = now
    child.api.getReady(likely.experiment, likely.files).then(
      () => void (now.done = true),
      () => undefined
    )
  }
  private found(problems: Problem[] | undefined): void {
    if (problems === this.nativeProblems) return
    this.nativeProblems = problems
    this.changed()
  }
  private failed(child: Child, error: unknown): void {
    this.noteCrash()
    const { message, problems } = errorToData(error)
    const { tail } = child
    if (problems.length) this.found(problems)
    else {
      const crash = error instanceof ClosedError
      const { path, message: what } = crash ? cannotLoad() : { path: 'native', message }
      this.found([{ path, message: tail ? { en: `${what.en}\n${tail}`, zh: `${what.zh}\n${tail}` } : what }])
      if (crash)
        findDamage().then(
          (damage) => {
            if (damage && this.nativeProblems) this.found([damage])
          },
          (why: unknown) => log('error', 'native files cannot be looked at:', String(why))
        )
    }
    log('error', 'the trainer cannot start:', message.en, tail)
    this.child = undefined
    child.kill()
  }
}
