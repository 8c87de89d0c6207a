import { layers } from '../catalog/layers'
import { isObject, own, type Json } from '../base/objects'
import type { Params } from '../base/params'
import type { Entry, Registry } from '../base/registry'
import type { Problem } from '../base/problems'
import { registries } from './lookup'

/** Blocks nested deeper are refused by the reader anyway. */
const DEEP = 16

const all = (): Record<string, Registry<Entry>> => ({ layers, ...registries() })
const versionOf = (entry: Entry): number => entry.version ?? 1

/**
 * The versions of this program's registry entries, for the documents it writes: those above 1, by `registry/id`.
 * They don't depend on the experiment, so that no edit of it can make them wrong.
 */
export const entryVersions = (): Record<string, number> =>
  Object.fromEntries(
    Object.entries(all()).flatMap(([name, registry]) =>
      registry.all.filter((e) => versionOf(e) > 1).map((e) => [`${name}/${e.id}`, versionOf(e)] as const)
    )
  )

/** Migrates the parameters of entries within one document. */
class Upgrade {
  readonly problems: Problem[] = []
  /** @param versions what the document says about the entries it was written with */
  constructor(private readonly versions: Json) {}

  /** Parameters of an entry as its present version has them. @param path of the entry's choice */
  private params(registry: string, id: string, given: Params, path: string): Params {
    const entry = all()[registry]?.find(id)
    if (!entry) return given
    const [now, written] = [versionOf(entry), own(this.versions, `${registry}/${id}`) ?? 1]
    if (typeof written !== 'number' || !Number.isInteger(written) || written < 1) {
      this.tell(`entries.${registry}/${id}`, 'must be a whole number from 1', '必须是不小于 1 的整数')
      return given
    }
    if (written > now) {
      this.tell(
        path,
        `was written with version ${written} of "${id}", this program knows version ${now}: a newer program can read it`,
        `由 “${id}” 的第 ${written} 版写成，本程序只认识第 ${now} 版：请使用更新的程序打开`
      )
      return given
    }
    let params = given
    for (let version = written; version < now; version++) params = entry.migrate?.(version, params) ?? params
    return Object.fromEntries(
      Object.entries(params).map(([key, value]) => {
        const field = own(entry.fields, key)
        return [key, field?.type === 'ref' ? this.spec(field.registry, value, `${path}.${key}`) : value]
      })
    )
  }
  /** A choice of an entry, `"id"` or `{ id, …params }`. What is neither is left to the reader. */
  spec(registry: string, value: unknown, path: string): unknown {
    const long = typeof value === 'string' ? { id: value } : value
    if (!isObject(long) || typeof long['id'] !== 'string') return value
    const { id, ...params } = long as Json & { id: string }
    const next = this.params(registry, id, params, path)
    return typeof value === 'string' && !Object.keys(next).length ? value : { id, ...next }
  }
  list(registry: string, value: unknown, path: string): unknown {
    return Array.isArray(value) ? value.map((v: unknown, i) => this.spec(registry, v, `${path}.${i}`)) : value
  }
  nodes(value: unknown, path: string, depth = 0): unknown {
    if (!Array.isArray(value) || depth > DEEP) return value
    return value.map((node: unknown, i) => {
      if (!isObject(node)) return node
      const at = `${path}.${typeof node['id'] === 'string' ? node['id'] : i}`
      if ('body' in node) return { ...node, body: this.nodes(node['body'], `${at}.body`, depth + 1) }
      const params = own(node, 'params') ?? {}
      if (typeof node['kind'] !== 'string' || !isObject(params)) return node
      const next = this.params('layers', node['kind'], params, at)
      return 'params' in node || Object.keys(next).length ? { ...node, params: next } : node
    })
  }
  /** `value` with some of its members changed; those that are absent stay absent. */
  members(value: unknown, change: Record<string, (member: unknown) => unknown>): unknown {
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, own(change, key) ? change[key]!(member) : member])
    )
  }
  private tell(path: string, en: string, zh: string): void {
    this.problems.push({ path, message: { en, zh } })
  }
}

/** Migrates from the versions that a document was written with; undefined when there is nothing to migrate. */
function upgradeFrom(document: unknown): Upgrade | undefined {
  if (!isObject(document) || own(document, 'format') === undefined) return undefined
  const entries = own(document, 'entries')
  if (entries === undefined && !Object.keys(entryVersions()).length) return undefined
  const upgrade = new Upgrade(isObject(entries) ? entries : {})
  if (entries !== undefined && !isObject(entries))
    upgrade.problems.push({ path: 'entries', message: { en: 'must be an object', zh: '必须是对象' } })
  return upgrade
}

/**
 * An experiment's JSON with the parameters of every entry as this program's version of the entry has them. Nothing is
 * checked but versions: what cannot be understood is left for the reader to report.
 *
 * A document that a program wrote has `format`, and `entries` with the versions of that program's entries; entries it
 * does not list are of version 1. A document without `format` is made by hand or by code, for the program that reads
 * it: nothing is migrated.
 * @returns the document and a problem for each entry whose version is newer than this program's
 */
export function upgradeEntries(document: unknown): { document: unknown; problems: Problem[] } {
  const upgrade = upgradeFrom(document)
  if (!upgrade) return { document, problems: [] }
  const next = upgrade.members(document, {
    data: (data) => upgrade.members(data, { dataset: (dataset) => upgrade.spec('datasets', dataset, 'data.dataset') }),
    network: (network) => upgrade.members(network, { nodes: (nodes) => upgrade.nodes(nodes, 'network.nodes') }),
    training: (training) =>
      upgrade.members(training, {
        loss: (loss) => upgrade.spec('losses', loss, 'training.loss'),
        optimizer: (optimizer) => upgrade.spec('optimizers', optimizer, 'training.optimizer'),
        schedule: (schedule) => upgrade.spec('schedules', schedule, 'training.schedule'),
        hooks: (hooks) => upgrade.list('remedies', hooks, 'training.hooks')
      }),
    remedies: (remedies) => upgrade.list('remedies', remedies, 'remedies')
  })
  return { document: next, problems: upgrade.problems }
}

/**
 * What happened to a run, with the remedies of its events as this program's versions of them have them.
 * @param document the run's experiment as it was written, which names the versions
 */
export function upgradeEvents<Event extends object>(events: readonly Event[], document: unknown): Event[] {
  const upgrade = upgradeFrom(document)
  const choice = (value: unknown): unknown => upgrade!.spec('remedies', value, '')
  return upgrade
    ? events.map((event) => upgrade.members(event, { before: choice, after: choice }) as Event)
    : [...events]
}
