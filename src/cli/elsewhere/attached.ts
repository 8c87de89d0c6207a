import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { issuesToProblems } from '../../shared/base/issues'
import { parseJsonText } from '../../shared/base/json'
import { InputError } from '../../shared/base/problems'
import type { Attachments } from '../../shared/catalog/datasets'
import { asAttachment } from '../../shared/catalog/datasets/parts/tableFile'
import { bad } from '../args'
import { readBytes } from '../input'
import { sha256 } from '../jobs/address'

/** What a search asks, in its folder, for whoever makes its jobs. */
export const QUESTION = 'search.json'
const BYTES = { question: 64e6, data: 1e9 }

/** Files of the experiment, as `search.json` lists them. Only those of the search's own folder are ever read. */
export const listedFiles = v.array(
  v.strictObject({ name: v.string(), file: v.pipe(v.string(), v.regex(/^data\/\d{1,3}$/)), sha256: v.string() })
)

/** The content of `search.json`, not yet checked. @throws InputError when it can't be read */
export const questionJson = (dir: string): unknown =>
  parseJsonText(readBytes(join(dir, QUESTION), QUESTION, BYTES.question).toString('utf8'), QUESTION, false)

/**
 * The files of a search's experiment, by the names that it calls them.
 * @param dir folder of the search
 * @param weights the one that is no table
 * @throws InputError when one is missing, or is not the one that was listed
 */
export function readListed(
  dir: string,
  listed: v.InferOutput<typeof listedFiles>,
  weights: string | undefined
): Attachments {
  const files: Attachments = {}
  for (const { name, file, sha256: sum } of listed) {
    const bytes = readBytes(join(dir, file), `${file} (${name})`, BYTES.data)
    if (sha256(bytes) !== sum)
      throw bad(
        file,
        `is not the file of this search any more (${name}): emit the search again`,
        `已不是此次搜索的文件（${name}）：请重新生成`
      )
    files[name] = name === weights ? bytes : asAttachment(bytes)
  }
  return files
}

const carried = v.looseObject({
  experiment: v.looseObject({ weights: v.optional(v.string()) }),
  files: listedFiles
})
/**
 * The files that a search carries along in its folder: one that `prescribe --emit` wrote does, whichever version it is
 * of. None where the folder is no such search. @throws InputError as `readListed` does
 */
export function carriedFiles(dir: string): Attachments {
  if (!existsSync(join(dir, QUESTION))) return {}
  const read = v.safeParse(carried, questionJson(dir))
  if (!read.success) throw new InputError(issuesToProblems(read.issues, QUESTION))
  return readListed(dir, read.output.files, read.output.experiment.weights)
}
