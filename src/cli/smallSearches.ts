import { rangeTestIn, rangeTestOf, rangeTestRefused, rangeTestText, seriesOf } from '../shared/cure/rangeTest'
import { readTenExamples, tenExamplesOf, tenExamplesRefused, tenExamplesText } from '../shared/cure/tenExamples'
import { InputError } from '../shared/base/problems'
import type { Text } from '../shared/base/text'
import type { DataInfo } from '../shared/catalog/datasets'
import { describeData } from '../trainer/data'
import type { Experiment } from '../shared/experiment'
import type { RunLog } from '../shared/run/runLog'
import { parseArguments, parseRunArguments, type RunArguments } from './args'
import { writeWhole } from './disk'
import { trainFile, type Console } from './run'
import { toJson } from '../shared/base/toJson'

/** What one training is to answer. */
interface Question {
  of(experiment: Experiment): Experiment
  refused(info: DataInfo): Text | undefined
  /** Undefined: the run says nothing. */
  answer(log: RunLog): { said: object; text: Text } | undefined
}

/** @throws InputError */
function argumentsOf(args: readonly string[]): RunArguments {
  // Steps, snapshots and changes are the question's own.
  parseArguments(args, ['--out', '--seed', '--threads', '--set'], ['--quiet'])
  return parseRunArguments(args)
}
/** Trains, writes the run and its answer beside it. @returns the exit code. @throws InputError */
async function ask(
  { of, refused, answer }: Question,
  name: string,
  args: readonly string[],
  version: string,
  console: Console
): Promise<number> {
  const run = argumentsOf(args)
  const { code, log } = await trainFile({ ...run, quiet: true }, version, console, {
    check(asked, files) {
      const why = refused(describeData(asked, files))
      if (why) throw new InputError([{ path: 'data', message: why }])
    },
    change: of,
    writes: [`${name}.json`]
  })
  const found = code === 0 ? answer(log) : undefined
  if (!found) return code
  writeWhole(
    run.out,
    `${name}.json`,
    toJson({ format: `gradient-clinic/${name}`, version: 1, ...found.said, text: found.text })
  )
  console.out(`${log.head.name}: ${found.text.en}\n`)
  return 0
}

/** `clinic range-test`. @returns the exit code. @throws InputError */
export const rangeTest = (args: readonly string[], version: string, console: Console): Promise<number> =>
  ask(
    {
      of: rangeTestOf,
      refused: rangeTestRefused,
      answer({ table, schema }) {
        if (!table?.length) return undefined
        const said = rangeTestIn(table, schema)
        return { said, text: rangeTestText(said) }
      }
    },
    'range-test',
    args,
    version,
    console
  )

/** `clinic ten-examples`. @returns the exit code. @throws InputError */
export const tenExamples = (args: readonly string[], version: string, console: Console): Promise<number> =>
  ask(
    {
      of: tenExamplesOf,
      refused: tenExamplesRefused,
      answer({ table, schema, progress: { state } }) {
        const said = table && readTenExamples(seriesOf(table, 'loss'), { schema, state })
        return said && { said, text: tenExamplesText(said) }
      }
    },
    'ten-examples',
    args,
    version,
    console
  )
