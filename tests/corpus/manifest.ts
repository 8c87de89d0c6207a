/** One training that was measured when it entered the corpus. */
export interface Entry {
  id: string
  /** How far it got from its baseline to perfect (`skillOf`). */
  skill: number
  /** The same of its healthy twin. */
  twin?: number
}
export interface Part {
  failing: Entry[]
  healthy: Entry[]
}
/** `tuned`: rules are made by it. `heldOut`: other seeds, which no rule was made by. */
export type Manifest = Record<'tuned' | 'heldOut', Part>
/** Where it is kept, from the root. */
export const MANIFEST = 'tests/corpus/manifest.json'
