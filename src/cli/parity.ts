/** Entry of `npm run parity`: small networks of every entry, written as projects of each language into a folder. */
import '../shared/clinic/remedies'
import { mkdirSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { version } from '../../package.json'
import { cases } from '../shared/takehome/parity'
import { writers } from '../shared/takehome/write'
import { InputError } from '../shared/base/problems'
import { takeHome } from '../trainer/takeHome'
import { writeRoundTrips } from './roundTrips'

const LANGUAGES = ['pytorch', 'keras'] as const

/**
 * @param dir to write to: `LANGUAGE/ID/…`, `trips/…` and `cases.json`
 * @param args ids of cases, none: all; and files of models that are to go round
 */
async function main([dir, ...args]: string[]): Promise<void> {
  const only = args.filter((a) => !extname(a))
  const list: { id: string; group: string; refused: Record<string, string> }[] = []
  for (const { id, group, experiment } of cases()) {
    if (only.length && !only.includes(id)) continue
    const taken = await takeHome(experiment, {}, 5, { lossTable: '', version })
    const refused: Record<string, string> = {}
    for (const language of LANGUAGES)
      try {
        const files = await writers[language](taken)
        mkdirSync(join(dir!, language, id), { recursive: true })
        for (const [name, content] of Object.entries(files)) writeFileSync(join(dir!, language, id, name), content)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        refused[language] = error.problems[0]!.message.en
      }
    list.push({ id, group, refused })
  }
  await writeRoundTrips(
    join(dir!, 'trips'),
    args.filter((a) => extname(a))
  )
  writeFileSync(join(dir!, 'cases.json'), JSON.stringify(list))
}
void main(process.argv.slice(2))
