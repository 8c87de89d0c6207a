import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { treated } from '../../shared/cure/candidates'
import { prescriptionCsv } from '../../shared/cure/csv'
import { searchCure } from '../../shared/cure/search'
import type { Outcome } from '../../shared/cure/types'
import { GROUPS, toldFigure } from '../../shared/cure/words'
import { remedies } from '../../shared/clinic/remedies'
import type { Experiment } from '../../shared/experiment'
import { describeData } from '../../trainer/data'
import { ENGINE_VERSION } from '../../trainer/engineVersion'
import { bad } from '../args'
import { writeWhole } from '../disk'
import { readAttached, readGiven, resolveExperiment } from '../input'
import { tidy } from '../jobs/record'
import { checkExperiment, type Console } from '../run'
import { toJson } from '../runJson'
import { THREADS, Trainings } from '../trainings'
import type { PrescribeArguments } from './args'
import { checkGoal } from './goal'
import { prescriptionTable } from './output'

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
  const seeds = Array.from({ length: args.seeds }, (_, i) => experiment.seed + i)
  const end = args.budget === undefined ? Infinity : Date.now() + args.budget
  const trainings = new Trainings({ file: args.file, goal, runs }, args.jobs, end)
  try {
    const prescription = await searchCure(experiment, info, {
      goal,
      seeds,
      pairs: args.pairs,
      ...(args.consider && { consider: args.consider }),
      train: (job) => trainings.make(job),
      told(outcome) {
        if (!args.quiet) console.err(`${GROUPS[outcome.group].en}: ${outcome.id} (${toldFigure(goal, outcome.mean)})\n`)
      }
    })
    writeWhole(
      args.out,
      'prescription.json',
      toJson({
        format: 'gradient-clinic/prescription',
        version: 1,
        ...prescription,
        versions: { 'gradient-clinic': version, engine: ENGINE_VERSION, threads: THREADS }
      })
    )
    writeWhole(args.out, 'prescription.csv', prescriptionCsv(prescription))
    const [best] = prescription.candidates
    if (args.apply && best?.group === 'cures') writeCured(args.out, experiment, best)
    console.out(`${experiment.name}: ${prescriptionTable(prescription)}`)
    return 0
  } finally {
    trainings.close()
  }
}

/** The experiment with the cure switched on, as a file that `clinic run` takes. */
function writeCured(dir: string, experiment: Experiment, best: Outcome): void {
  writeWhole(dir, 'cured.json', toJson(treated(experiment, best)))
}
