import type { ShallowRef } from 'vue'
import { datasets, type Attachments, type Data, type DataContext, type DataInfo } from '@shared/catalog/datasets'
import type { Remark } from '@shared/catalog/datasets/parts/remark'
import { guessesOf } from '@shared/catalog/datasets/parts/guesses'
import { dataContext } from '@shared/catalog/datasets/parts/files'
import { meantTask } from '@shared/experiment/meant'
import type { Experiment } from '@shared/experiment/types'
import type { Params, Spec } from '@shared/base/params'
import { InputError, type Problem } from '@shared/base/problems'
import { TablesMissing } from '@/timing/tables'

/** Examples that a picture is made of. */
const SAMPLE = 400
const split = (s: Spec): [string, Params] => {
  const { id, ...params } = s
  return [id, params]
}
/** What the data looks like, or what is wrong with it. */
export interface Described {
  info?: DataInfo
  problems: Problem[]
  remarks: Remark[]
}

/** Reads the data of experiments. @param files the attached files, by name */
export function makeData(files: ShallowRef<Attachments>) {
  type Meant = DataContext['meant']
  const contextOf = (seed: number, meant: Meant, held?: number): DataContext =>
    dataContext(seed, files.value, meant, held)
  /**
   * @param meant what loss and output are made for; absent for data that they are yet to be fitted to
   * @param held share that validation has
   */
  function describe(dataset: Spec, seed: number, meant?: Meant, held?: number): Described {
    const [id, params] = split(dataset)
    const context = contextOf(seed, meant, held)
    try {
      const entry = datasets.get(id)
      return { info: entry.describe(params, context), problems: [], remarks: entry.remarks?.(params, context) ?? [] }
    } catch (e) {
      if (e instanceof InputError) return { problems: e.problems, remarks: guessesOf(id, params, context) }
      const message = e instanceof Error ? e.message : String(e)
      return { problems: [{ path: 'data.dataset', message: { en: message, zh: message } }], remarks: [] }
    }
  }
  let memo: { key: string; files: Attachments; value: Described } | undefined
  return {
    describe,
    /** The same, computed anew only when the data set, its file, the seed or what the loss is made for changes. */
    describeData(e: Experiment): Described {
      const meant = meantTask(e)
      const key = JSON.stringify([e.data.dataset, e.seed, meant, e.data.validation])
      if (memo?.key === key && memo.files === files.value) return memo.value
      const value = describe(e.data.dataset, e.seed, meant, e.data.validation)
      memo = { key, files: files.value, value }
      return value
    },
    /**
     * Examples of an experiment to be looked at, where loading all would take long only some; undefined when they can't
     * be read (its problems are told elsewhere), and until `tables` are there, if they are what it needs.
     */
    look(e: Experiment): Data | undefined {
      const [id, params] = split(e.data.dataset)
      const entry = datasets.get(id)
      try {
        const context = contextOf(e.seed, meantTask(e))
        return entry.sample ? entry.sample(params, context, SAMPLE) : entry.load(params, context)
      } catch (error) {
        if (error instanceof InputError || error instanceof TablesMissing) return undefined
        throw error
      }
    }
  }
}
