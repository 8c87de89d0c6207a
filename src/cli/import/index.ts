import { counted } from '../../shared/base/text'
import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Imported } from '../../shared/bridge/imported'
import { startFile } from '../../shared/bridge/importer'
import { openModel } from '../../shared/bridge/open'
import { encodeProject, PROJECT_VERSION } from '../../shared/project'
import type { Project } from '../../shared/project/types'
import { firstPass } from '../../trainer/firstPass'
import { bad, parseArguments } from '../args'
import { isTaken, openFolder, writeWhole } from '../disk'
import { readBytes } from '../input'
import type { Console } from '../run'
import { importApart } from './apart'
import { toJson } from '../../shared/base/toJson'

/** Options of `clinic import`. */
interface ImportArguments {
  file: string
  /** Of the experiment. */
  out: string
  replace: string[]
  mend: string[]
}

/** @throws InputError */
function parseArgumentsOf(args: readonly string[]): ImportArguments {
  const { rest, given } = parseArguments(args, ['--out', '--replace', '--mend'], [])
  const [file, ...more] = rest
  if (file === undefined || more.length)
    throw bad(
      'import',
      'needs one file: clinic import FILE --out EXPERIMENT.json',
      '需要一个文件：clinic import FILE --out EXPERIMENT.json'
    )
  const out = given.get('--out')?.at(-1)
  if (!out) throw bad('--out', 'is missing: the experiment that is to be written', '缺失：要写出的实验文件')
  const list = (name: string): string[] => (given.get(name) ?? []).flatMap((v) => v.split(',')).filter(Boolean)
  return { file, out, replace: list('--replace'), mend: list('--mend') }
}

/** The experiment as a project, with its weights attached: what the window opens. */
const projectOf = ({ experiment }: Imported, files: Record<string, Uint8Array>): Project => ({
  format: 'gradient-clinic/project',
  version: PROJECT_VERSION,
  name: experiment.name,
  experiments: [experiment],
  current: 0,
  runs: [],
  files
})
function tell(
  console: Console,
  { faults, replaced, notes, weights, experiment, program }: Imported,
  mended: string[]
): void {
  console.out(
    `${experiment.name} (${program}): ${counted(experiment.network.nodes.length, 'layer')}, ${counted(weights.size, 'weight or bias', 'weights and biases')} taken over\n`
  )
  for (const { layer, className, by, texts } of replaced)
    console.out(
      `  ${layer} (${className})${by === undefined ? ' left out' : ` → ${by}`}: ${texts.map((t) => t.en).join('; ')}\n`
    )
  for (const { en } of notes) console.out(`  note: ${en}\n`)
  for (const { code, layer, text, always } of faults) {
    const how = always
      ? ''
      : mended.includes(code) || mended.includes('all')
        ? ' [mended]'
        : ` [--mend ${code} mends it]`
    console.out(`  fault ${code}, ${layer}: ${text.en}${how}\n`)
  }
}
/** What the first forward pass says. @param difference undefined where there is nothing to compare with */
function tellDifference(console: Console, { program, replaced, weights }: Imported, difference?: number): void {
  if (difference === undefined) {
    if (weights.size) console.out('First forward pass: the file holds no outputs to compare with\n')
    return
  }
  const why = replaced.length
    ? `; ${counted(replaced.length, 'layer is another one', 'layers are other ones')} here`
    : ''
  console.out(`First forward pass: differs from ${program} by ${difference.toExponential(1)}${why}\n`)
}

/** `clinic import`: opens the model in a process of its own. @returns the exit code. @throws InputError */
export function importInTime(args: readonly string[]): Promise<number> {
  const { file } = parseArgumentsOf(args)
  return importApart(process.argv[1]!, args, file)
}

/**
 * In that process: a model of Keras or PyTorch as an experiment, with its weights beside it.
 * @param opened is told when nothing but writing is left
 * @returns the exit code. @throws InputError
 */
export async function importModel(args: readonly string[], console: Console, opened: () => void): Promise<number> {
  const { file, out, replace, mend } = parseArgumentsOf(args)
  const dir = dirname(out)
  const name = basename(out)
  const mustBeNew = (path: string): void => {
    if (isTaken(path))
      throw bad('--out', `${path} is there already: choose another name`, `${path} 已存在：请换一个名称`)
  }
  mustBeNew(out)
  const bytes = readBytes(file, basename(file), 2e9)
  const isProject = /\.gclinic$/i.test(out)
  const weightsFile = `${name.replace(/\.(json|gclinic)$/i, '')}.safetensors`
  const imported = await openModel(bytes, { replace, mend, weightsFile })
  const weights = imported.weights.size ? { [weightsFile]: startFile(imported) } : {}
  // Before anything is written: an experiment that can't be built is told here.
  const difference = firstPass(imported, weights)
  opened()
  const apart = isProject ? {} : weights
  for (const file of Object.keys(apart)) mustBeNew(join(dir, file))
  openFolder(dir)
  if (isProject) writeWhole(dir, name, encodeProject(projectOf(imported, weights)))
  else {
    try {
      for (const [file, bytes] of Object.entries(apart)) writeWhole(dir, file, bytes)
      writeWhole(dir, name, toJson(imported.experiment))
    } catch (error) {
      // Weights alone are no model, and would keep the next import from their name.
      for (const file of Object.keys(apart)) rmSync(join(dir, file), { force: true })
      throw error
    }
  }
  tell(console, imported, mend)
  tellDifference(console, imported, difference)
  const files = [name, ...Object.keys(apart)]
  console.out(`Written to ${dir}: ${files.join(', ')}\n`)
  console.out(
    `Random data of the model’s shape stand in its place: train it by  clinic run ${join(dir, name)} --out RUN\n`
  )
  return 0
}
