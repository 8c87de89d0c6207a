import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { openModel } from '../shared/bridge/open'
import type { Sample } from '../shared/bridge/foreign'
import { startFile } from '../shared/bridge/importer'
import { readSafetensors } from '../shared/bridge/safetensors'
import { npz } from '../shared/takehome/npz'
import { writers } from '../shared/takehome/write'
import { takeHome } from '../trainer/takeHome'

/** Name that an experiment gives its weights. */
const WEIGHTS = 'weights.safetensors'

/** Inputs and outputs that stand beside a `.keras` file, in a `.safetensors` of its name. */
function beside(file: string): Sample {
  const tensors = readSafetensors(readFileSync(file.replace(/\.\w+$/, '.safetensors')))
  return { x: tensors.get('x')!, y: tensors.get('y')! }
}

const languageOf = (file: string): 'keras' | 'pytorch' => (extname(file) === '.keras' ? 'keras' : 'pytorch')

/**
 * Puts beside a project the inputs and outputs that its source told, and what is compared: `sample.npz`, `trip.json`.
 * @param folder of the project
 * @param file the model that it was made of
 * @throws InputError for a model that can't be opened
 */
export async function writeTrip(folder: string, file: string): Promise<void> {
  const { sample, ending } = await openModel(readFileSync(file), { replace: ['all'] })
  const arrays = Object.entries(sample ?? beside(file))
  writeFileSync(join(folder, 'sample.npz'), npz(arrays.map(([name, t]) => ({ name, shape: t.shape, data: t.values }))))
  const start = readdirSync(folder).find((name) => name.startsWith('start.'))
  const about = {
    id: basename(file, extname(file)),
    language: languageOf(file),
    original: resolve(file),
    start,
    ending
  }
  writeFileSync(join(folder, 'trip.json'), JSON.stringify(about))
}

/**
 * Opens models of another program and takes each home to that program, untrained, beside the inputs and outputs that
 * the program told of it: `DIR/LANGUAGE-NAME/…`, which `scripts/lib/roundTrips.py` reads.
 * @param files `.keras`, with a sample beside it, or what `gradient_clinic.export` wrote
 * @returns the folders
 * @throws InputError for a model that can't be opened or written
 */
export async function writeRoundTrips(dir: string, files: readonly string[]): Promise<string[]> {
  const folders: string[] = []
  for (const file of files) {
    const language = languageOf(file)
    const imported = await openModel(readFileSync(file), { replace: ['all'], weightsFile: WEIGHTS })
    const attached = { [WEIGHTS]: startFile(imported) }
    const taken = await takeHome(imported.experiment, attached, 0, { lossTable: '', version: '' })
    const project = await writers[language](taken)
    const folder = join(dir, `${language}-${basename(file, extname(file))}`)
    mkdirSync(folder, { recursive: true })
    for (const [name, content] of Object.entries(project)) writeFileSync(join(folder, name), content)
    await writeTrip(folder, file)
    folders.push(folder)
  }
  return folders
}
