import type { Fields, Params } from './params'
import type { Text } from './text'

/** What every registry entry has. `id` equals its file's name. */
export interface Entry {
  id: string
  name: Text
  /** One or two plain sentences. */
  doc: Text
  fields: Fields
  /**
   * Version of `fields`, 1 unless given. It goes up by one with every released change of them; saved experiments say
   * which one they were written with. A test fails when fields change and the version does not.
   */
  version?: number
  /**
   * One step of a saved choice of this entry towards the present version. Absent: what is there stays as it is, and new
   * fields get their defaults.
   * @param from version that `params` are of
   * @param params as they were saved, unchecked
   * @returns parameters of version `from` + 1
   */
  migrate?(from: number, params: Params): Params
}

export interface Registry<T extends Entry> {
  readonly name: string
  readonly all: readonly T[]
  ids(): string[]
  find(id: string): T | undefined
  /** @throws Error naming the known ids when there is no such entry. */
  get(id: string): T
}

/**
 * Makes a registry of the modules a folder's glob found.
 * @param order ids listed first, in this order (how the palette and `list` show them); the rest follows by name.
 */
export function makeRegistry<T extends Entry>(
  name: string,
  modules: Record<string, T>,
  order: string[] = []
): Registry<T> {
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length)
  const all = Object.entries(modules)
    .map(([file, entry]) => {
      const stem = file.replace(/^.*\//, '').replace(/\.ts$/, '')
      if (entry?.id !== stem) throw new Error(`${name}: ${file} must export an entry with the id "${stem}"`)
      return entry
    })
    .sort((a, b) => rank(a.id) - rank(b.id) || (a.id < b.id ? -1 : 1))
  const byId = new Map(all.map((e) => [e.id, e]))
  return {
    name,
    all,
    ids: () => all.map((e) => e.id),
    find: (id) => byId.get(id),
    get(id) {
      const e = byId.get(id)
      if (!e) throw new Error(`"${id}" is not one of the ${name}: ${all.map((x) => x.id).join(', ')}`)
      return e
    }
  }
}

/** A registry that a lower floor declares and a higher one fills. */
export interface DeclaredRegistry<T extends Entry> extends Registry<T> {
  /**
   * Takes the entries of a folder's glob, as `makeRegistry` does. Filling it again (a module that was reloaded)
   * replaces them.
   */
  fill(modules: Record<string, T>, order?: string[]): void
}

/**
 * Declares a registry whose entries need what the declaring module holds, so that they can't be imported from there.
 * @param filledBy the module that fills it; reading the registry before that module is loaded is an error that names
 *   it.
 */
export function declareRegistry<T extends Entry>(name: string, filledBy: string): DeclaredRegistry<T> {
  let filled: Registry<T> | undefined
  const inner = (): Registry<T> => {
    if (!filled) throw new Error(`the ${name} are not loaded yet: import '${filledBy}' first`)
    return filled
  }
  return {
    name,
    get all() {
      return inner().all
    },
    ids: () => inner().ids(),
    find: (id) => inner().find(id),
    get: (id) => inner().get(id),
    fill(modules, order) {
      filled = makeRegistry(name, modules, order)
    }
  }
}
