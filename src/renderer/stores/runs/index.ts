import { defineStore } from 'pinia'
import { shallowRef, type ShallowRef } from 'vue'
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
  const runs = shallowRef<Recording[]>([])
  const cursor = makeCursor(runs)
  const collection = makeCollection(runs, cursor)
  const { active, connect, rename, move, remove, onNews, clear, toRecords, toStubs, fromRecords } = collection
  return {
    runs: runs as Readonly<ShallowRef<readonly Run[]>>,
    active,
    find: (id: string): Run | undefined => collection.find(id),
    connect,
    rename,
    move,
    remove,
    onNews,
    clear,
    toRecords,
    toStubs,
    fromRecords,
    ...cursor,
    ...makeReader(cursor),
    ...makeSteer(collection, cursor),
    /** What a run trains now: what it was started with, and all changes since. */
    experimentOf: (run: Run): Experiment => experimentAt(run.experiment, run.events)
  }
})
