export type Json = Record<string, unknown>

/** The version this program writes. Raise it only when older programs would misread the file. */
export const PROJECT_VERSION = 2

/**
 * From version n to n + 1, by n. Each takes and gives the parsed `project.json` (numbers already decoded). A migration
 * is never changed once released, and has a frozen file of its version among the test fixtures.
 */
export const migrations: Readonly<Record<number, (doc: Json) => Json>> = {
  // Every attached file was a table; since then some are bytes, which an older program would spoil.
  1: (doc) => ({
    ...doc,
    files: Array.isArray(doc['files'])
      ? (doc['files'] as unknown[]).map((f) => (typeof f === 'object' && f !== null ? { ...f, type: 'text' } : f))
      : doc['files']
  })
}

/** Applies every migration from `doc.version` on. @param to for tests */
export function migrate(doc: Json, steps = migrations, to = PROJECT_VERSION): Json {
  let out = doc
  for (let version = doc['version'] as number; version < to; version++) {
    const step = steps[version]
    if (!step) throw new Error(`there is no migration from version ${version}`)
    out = { ...step(out), version: version + 1 }
  }
  return out
}
