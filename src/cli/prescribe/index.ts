import { join, resolve } from 'node:path'
import { didYouMean } from '../../shared/base/nearest'
import { searchCure } from '../../shared/cure/search'
import { seedsFrom } from '../../shared/cure/trial'
import { groupName, toldFigure } from '../../shared/cure/words'
import { remedies } from '../../shared/clinic/remedies'
import { describeData } from '../../trainer/data'
import { bad } from '../args'
import { openFolder } from '../disk'
import { emit } from '../elsewhere'
import { readAttached, readGiven, resolveExperiment } from '../input'
import { tidy } from '../jobs/record'
import { checkExperiment, type Console } from '../run'
import { Trainings } from '../trainings'
import type { PrescribeArguments } from './args'
import { checkGoal } from './goal'
import { CURED, writePrescription } from './written'

/** @throws InputError naming a remedy that there is not */
function checkConsidered({ consider }: PrescribeArguments): void {
  const unknown = consider?.find((id) => !remedies.find(id))
  if (unknown === undefined) return
  const known = remedies.all.map((r) => r.id)
  const meant = didYouMean(unknown, known)
  throw bad(
    '--consider',
    `"${unknown}" is not a remedy${meant.en}; there are: ${known.join(', ')}`,
    `没有对策“${unknown}”${meant.zh}；现有：${known.join(', ')}`
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
  if (args.apply && resolve(args.file) === resolve(args.out, CURED))
    throw bad(
      '--out',
      `${CURED} there is FILE itself: choose another folder`,
      `其中的 ${CURED} 就是 FILE 本身：请选择其他文件夹`
    )
  openFolder(args.out, ['prescription.json', 'prescription.csv', CURED])
  openFolder(runs)
  tidy(runs)
  const asked = {
    goal,
    seeds: seedsFrom(experiment.seed, args.seeds),
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
    writePrescription(args.out, experiment, prescription, { ...args, version }, console)
    return 0
  }
  const trainings = new Trainings({ file: args.file, goal, runs }, args.jobs, args, console)
  try {
    const prescription = await searchCure(experiment, info, {
      ...asked,
      train: (job) => trainings.make(job),
      told(outcome) {
        if (!args.quiet) console.err(`${groupName(outcome).en}: ${outcome.id} (${toldFigure(goal, outcome.mean)})\n`)
      }
    })
    writePrescription(args.out, experiment, prescription, { ...args, version }, console)
    return 0
  } finally {
    trainings.close()
  }
}
