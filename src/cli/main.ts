import { availableParallelism, cpus } from 'node:os'
import { didYouMean } from '../shared/base/nearest'
import { InputError, together } from '../shared/base/problems'
import { bad, oneOf, parseArguments, parseRunArguments } from './args'
import { diagnose } from './diagnose'
import { merge } from './elsewhere'
import { runOrder } from './elsewhere/order'
import { diskProblem, sayError } from './disk'
import { exportRun, parseExportArguments } from './export'
import { listData, listText } from './list'
import { prescribe } from './prescribe'
import { parsePrescribeArguments } from './prescribe/args'
import { work } from './jobs/worker'
import { shielded } from './printable'
import { report } from './report'
import { run, type Console } from './run'
import { experimentSchema } from './schema'
import { rangeTest, tenExamples } from './smallSearches'
import { sweep } from './sweep'
import { parseSweepArguments } from './sweep/args'
import { sweepSchema } from './sweep/plan'

const HELP = `Gradient Clinic, without a window.

  clinic run FILE --out DIR [options]   trains FILE: a saved project (its current experiment) or an experiment in JSON
      --steps N            number of steps, in place of the one in FILE
      --seed S             seed, in place of the one in FILE
      --threads N          threads of TensorFlow, in place of one for each core: the same seed and threads give the same bits
      --set PATH=VALUE     any field, e.g. training.optimizer.learningRate=1e-4 or network.nodes.hidden.times=50
                           (layers by id; VALUE is JSON or a text; may be repeated)
      --snapshot STEP      writes step-STEP.npz: the weights before that step (0: as initialised; the number of steps: at the end), the
                           batch, every activation and every gradient (may be repeated)
      --from step-N.npz    goes on from that snapshot, as if never interrupted: step N comes next
      --at STEP:WHAT=VALUE a change before that step, as made in the window while a run goes on: 100:learningRate=0.01,
                           100:clipByGlobalNorm=on (or off), 200:clipByGlobalNorm.maxNorm=0.5 (may be repeated)
      --quiet              says nothing but remarks, warnings and errors
      DIR                  an earlier run there is replaced (run.json, loss.csv, frames.csv, events.csv); all else there stays
  clinic prescribe FILE --out DIR [options]   finds out which remedies cure FILE: untreated and treated, with the same seeds
      --goal METRIC        what is to get better, perhaps with a target: accuracy, accuracy>=0.9, r2, loss<=0.1
      --seeds N            trainings of each candidate (5)
      --budget TIME        ends the search after 90s, 5m or 1h; called again, it goes on from what was trained
      --trainings N        ends it after so many trainings, those of an earlier call counted
      --jobs N             trainings at once (one for each core), each with one thread of TensorFlow
      --consider A,B       tries only these remedies
      --pairs N            pairs of what helped that are tried at most when nothing cures alone (2)
      --apply              writes the cured experiment too
      --emit parallel|slurm|k8s   trains nothing: writes into DIR what has the trainings made by GNU parallel, by an array job
                           of Slurm or by a Job of Kubernetes, step by step
      --steps, --set, --quiet   as above
      --queue URL          has the trainings made by the workers of a queue: redis://HOST:PORT or postgres://HOST:PORT/DATABASE
  clinic worker --queue URL [--jobs N]  makes trainings of such searches until Ctrl+C
  clinic range-test FILE --out DIR      one training whose learning rate grows from 1e-6 to 10: from where to where the loss falls
  clinic ten-examples FILE --out DIR    can it learn ten examples by heart? If not, more data will not help
      --seed, --threads, --set, --quiet   as above; both write range-test.json or ten-examples.json beside the run
  clinic run-job DIR/jobs/ID.json       makes one training of such a search, unless it was made
  clinic merge DIR                      gathers them: the prescription, or (exit code 3) the trainings that are to be made next
  clinic sweep PLAN --out DIR [options]   trains every combination of settings, remedies and seeds that PLAN names (JSON)
      --budget, --jobs, --quiet   as above; what was trained is not trained again
  clinic report DIR [DIR]               one HTML file of what run, prescribe or sweep wrote, of a project, or of two runs side by side
      --out FILE           where it is written (report.html in DIR)
      --language en|zh     of the report
      --data FOLDER        where the tables are that the experiment names (DIR)
  clinic import FILE --out EXPERIMENT   takes over a model of Keras (a .keras or .h5 file, or the text of model.to_json()) or of
                                        PyTorch (what gradient_clinic.export wrote);
                                        EXPERIMENT.json with its weights beside it, or a project, EXPERIMENT.gclinic
      --replace A,B        layers, by name or class, that something else may stand for where there is no equal; or all
      --mend A,B           faults that training never complains of, to be mended: biasBeforeNorm, normAfterDropout …; or all
  clinic diagnose RECORDING [--json]   what is wrong with a training in PyTorch that gradient_clinic recorded (.gcrec), by module and line
  clinic export RUN DIR --to pytorch|keras|npz   writes RUN as a project that runs without Gradient Clinic, or as arrays. RUN: a folder
                                        that run wrote, or prescribe (the best cure); a project, or an experiment in JSON
      --run NAME           the run of that name in a project, in place of its current experiment
      --diff OTHER         writes changes.diff too: how the code of OTHER became that of RUN
      --step N             takes the weights after N steps, in place of the last
      --data FOLDER        where the tables and weights are that RUN names (RUN, where they were when it ran, or the folder above)
  clinic list [--json]                  every layer, activation, initializer, optimizer, loss, data set, statistic, remedy and rule
  clinic schema [sweep]                 the JSON Schema of an experiment, or of the plan of a sweep
  clinic help                           this

Tables named in FILE are looked for next to it. DIR gets run.json, loss.csv, frames.csv and events.csv; NaN and infinities are written as such.
prescribe writes prescription.json, prescription.csv and every run into DIR/runs; --apply writes cured.json.
sweep writes sweep.json, sweep.csv and every run into DIR/runs.
Exit code: 0 the run ended (a NaN is a finding, not a failure), 2 bad input, 1 anything else (a full disk, a lost worker).
A search or a sweep that its budget or Ctrl+C ends has 0, too: the state of its verdict says so. Started again with the same DIR, it goes on.
Exit code of merge: 0 there is a prescription, 3 trainings are to be made first.
Exit code of diagnose: 0 healthy, 1 something is wrong, 2 the file can't be read.
`

/** What a person calls. */
const COMMANDS = [
  ...['run', 'prescribe', 'range-test', 'ten-examples', 'worker', 'run-job', 'merge', 'sweep', 'report'],
  ...['import', 'diagnose', 'export', 'list', 'schema', 'help']
]
/** What has a schema. */
const SCHEMAS: Record<string, () => unknown> = { experiment: experimentSchema, sweep: sweepSchema }

/** Node 16 has no `availableParallelism`. */
const cores = (): number => (typeof availableParallelism === 'function' ? availableParallelism() : cpus().length)

/** The command line. @param args without node and script. @returns the exit code */
export async function main(args: readonly string[], version: string, terminal: Console): Promise<number> {
  const console = shielded(terminal)
  const [command, ...rest] = args
  try {
    if (rest.some((a) => a === '--help' || a === '-h')) {
      console.out(HELP)
      return 0
    }
    switch (command) {
      case 'run':
        return await run(parseRunArguments(rest), version, console)
      case 'prescribe':
        return await prescribe(parsePrescribeArguments(rest, cores()), version, console)
      case 'range-test':
        return await rangeTest(rest, version, console)
      case 'ten-examples':
        return await tenExamples(rest, version, console)
      case 'run-job':
        return await runOrder(rest, version, console)
      case 'worker': {
        // Loaded when asked for: the broker's library is of use to nothing else.
        const { serveQueue } = await import('./queue/worker')
        return await serveQueue(rest, cores(), version, console)
      }
      case 'merge':
        return await merge(rest, version, console)
      case 'sweep':
        return await sweep(parseSweepArguments(rest, cores()), version, console)
      case 'report':
        return report(rest, version, console)
      case 'import': {
        // Loaded when asked for: the reader of HDF5 is larger than all the rest.
        const { importInTime } = await import('./import')
        return await importInTime(rest)
      }
      case 'import-worker': {
        const { importModel } = await import('./import')
        const { OPENED } = await import('./import/apart')
        return await importModel(rest, console, () => process.send?.(OPENED))
      }
      case 'export':
        return await exportRun(parseExportArguments(rest), version, console)
      case 'job-worker':
        return await work(version)
      case 'diagnose':
        return diagnose(rest, console)
      case 'list':
        console.out(
          parseArguments(rest, [], ['--json']).given.has('--json')
            ? JSON.stringify(listData(), null, 2) + '\n'
            : listText()
        )
        return 0
      case 'schema': {
        const [of = 'experiment', ...more] = parseArguments(rest, [], []).rest
        if (more.length) throw bad('schema', 'one at a time', '一次只能一个')
        const make = SCHEMAS[oneOf('schema', of, Object.keys(SCHEMAS))]!
        console.out(JSON.stringify(make(), null, 2) + '\n')
        return 0
      }
      case 'help':
      case '--help':
      case '-h':
        break
      default: {
        const meant = didYouMean(command ?? '', COMMANDS)
        throw bad(
          command ?? 'clinic',
          `${command ? 'is not a command' : 'needs a command'}${meant.en}: ${COMMANDS.join(', ')}`,
          `${command ? '不是命令' : '需要一个命令'}${meant.zh}：${COMMANDS.join('、')}`
        )
      }
    }
    console.out(HELP)
    return 0
  } catch (error) {
    if (error instanceof InputError) {
      for (const p of together(error.problems)) console.err(`clinic: ${p.path ? `${p.path}: ` : ''}${p.message.en}\n`)
      return 2
    }
    console.err(`clinic: ${sayError(error)}\n`)
    return diskProblem(error) ? 2 : 1
  }
}
