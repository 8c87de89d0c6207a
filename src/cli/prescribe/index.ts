import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { searchCure } from '../../shared/cure/search'
import { groupName, toldFigure } from '../../shared/cure/words'
import { remedies } from '../../shared/clinic/remedies'
import { describeData } from '../../trainer/data'
import { bad } from '../args'
import { emit } from '../elsewhere'
import { readAttached, readGiven, resolveExperiment } from '../input'
import { tidy } from '../jobs/record'
import { checkExperiment, type Console } from '../run'
import { Trainings } from '../trainings'
import type { PrescribeArguments } from './args'
import { checkGoal } from './goal'
import { writePrescription } from './written'

/** @throws InputError naming a remedy that there is not */
function checkConsidered({ consider }: PrescribeArguments): void {
  const unknown = consider?.find((id) => !remedies.find(id))
  if (unknown !== undefined)
    throw bad(
      '--consider',
      `"${unknown}" is not a remedy; there are: ${remedies.all.map((r) => r.id).join(', ')}`,
      `没有对策“${unknown}”；现有：${remedies.all.map((r) => r.id).join(', ')}`
    )
}

/** `clinic prescribe`. @returns the exit code. @throws InputError */
export async function prescribe(args: PrescribeArguments, version: string, console: Console): Promise<number> {
  const given = readGiven(args.file)
  const experiment = resolveExperiment(given.experiment, { set: args.set, ...(args.steps && { steps: args.steps }) })
  const files = readAttached(experiment, args.file, given.files)
  checkExperiment(experiment, files)
  const info = describeData(experiment, files)
  checkConsidered(args)
  const goal = checkGoal(args.goal, experiment, info)
  const runs = join(args.out, 'runs')
  try {
    mkdirSync(runs, { recursive: true })
    tidy(runs)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw bad('--out', `cannot be written: ${code}`, `无法写入：${code}`)
  }
  const asked = {
    goal,
    seeds: Array.from({ length: args.seeds }, (_, i) => experiment.seed + i),
    pairs: args.pairs,
    ...(args.consider && { consider: args.consider })
  }
  if (args.emit)
    return emit(args.out, { ...asked, experiment, apply: args.apply, emit: args.emit }, files, version, console)
  if (args.queue !== undefined) {
    const { searchByQueue } = await import('../queue/search')
    const tell = (line: string): void => console.err(`${line}\n`)
    const prescription = await searchByQueue(args.out, { ...asked, experiment, apply: args.apply }, files, {
      url: args.queue,
      version,
      tell
    })
    writePrescription(args.out, experiment, prescription, { apply: args.apply, version }, console)
    return 0
  }
  const trainings = new Trainings({ file: args.file, goal, runs }, args.jobs, args)
  try {
    const prescription = await searchCure(experiment, info, {
      ...asked,
      train: (job) => trainings.make(job),
      told(outcome) {
        if (!args.quiet) console.err(`${groupName(outcome).en}: ${outcome.id} (${toldFigure(goal, outcome.mean)})\n`)
      }
    })
    writePrescription(args.out, experiment, prescription, { apply: args.apply, version }, console)
    return 0
  } finally {
    trainings.close()
  }
}
