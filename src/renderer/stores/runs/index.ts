import { defineStore } from 'pinia'
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { Experiment } from '@shared/experiment/types'
import { experimentAt } from '@shared/run/change'
import { makeCollection } from './collection'
import { makeCursor } from './cursor'
import { makeReader } from './reader'
import type { Recording, Run } from './run'
import { makeSteer } from './steer'

export { isActive, stateWord, type Run } from './run'
export type { Rows } from './reader'

/** The runs of this window: which there are, what of them is on screen, what was recorded, and how to steer them. */
export const useRuns = defineStore('runs', () => {
  const all = shallowRef<Recording[]>([])
  const cursor = makeCursor(all)
  const collection = makeCollection(all, cursor)
  /** Trainings of a search that a person wanted to see beside the runs. */
  const opened = shallowRef<ReadonlySet<string>>(new Set())
  const { active, connect, rename, move, remove, onNews, clear, toRecords, toBriefs, toStubs, fromRecords } = collection
  return {
    /** The runs that are listed: the trainings of a search are not, unless they were opened. */
    runs: computed(() => all.value.filter((r) => r.search === undefined || opened.value.has(r.id))) as ComputedRef<
      readonly Run[]
    >,
    all: all as Readonly<ShallowRef<readonly Run[]>>,
    /** Lists the training of a search beside the runs. */
    list: (id: string) => void (opened.value = new Set([...opened.value, id])),
    active,
    find: (id: string): Run | undefined => collection.find(id),
    connect,
    rename,
    move,
    remove,
    onNews,
    clear,
    toRecords,
    toBriefs,
    toStubs,
    fromRecords,
    ...cursor,
    ...makeReader(cursor),
    ...makeSteer(collection, cursor),
    /** What a run trains now: what it was started with, and all changes since. */
    experimentOf: (run: Run): Experiment => experimentAt(run.experiment, run.events)
  }
})
