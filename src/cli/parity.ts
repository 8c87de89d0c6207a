/** Entry of `npm run parity`: small networks of every entry, written as projects into a folder. */
import '../shared/clinic/remedies'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../../package.json'
import { torchProject } from '../shared/takehome/torch'
import { cases } from '../shared/takehome/parity'
import { InputError } from '../shared/base/problems'
import { takeHome } from '../trainer/takeHome'

/** @param dir to write to @param only ids of cases; none: all */
async function main([dir, ...only]: string[]): Promise<void> {
  const list: { id: string; group: string; refused?: string }[] = []
  for (const { id, group, experiment } of cases()) {
    if (only.length && !only.includes(id)) continue
    try {
      const files = torchProject(await takeHome(experiment, {}, 5, { lossTable: '', version }))
      mkdirSync(join(dir!, id), { recursive: true })
      for (const [name, content] of Object.entries(files)) writeFileSync(join(dir!, id, name), content)
      list.push({ id, group })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      list.push({ id, group, refused: error.problems[0]!.message.en })
    }
  }
  writeFileSync(join(dir!, 'cases.json'), JSON.stringify(list))
}
void main(process.argv.slice(2))
