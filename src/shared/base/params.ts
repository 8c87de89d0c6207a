import { clone } from './clone'
import { didYouMean } from './nearest'
import { own } from './objects'
import { problem, type Problem } from './problems'
import type { Text } from './text'

/** Registries whose entries a parameter may name. */
export type RefRegistry =
  'activations' | 'initializers' | 'optimizers' | 'losses' | 'schedules' | 'datasets' | 'remedies'

/** A choice of a registry entry with its parameters, flat: `{ id: 'leakyRelu', alpha: 0.01 }`. */
export interface Spec {
  id: string
  [param: string]: unknown
}
export type Params = Record<string, unknown>
/** The parameters of a choice, without the entry's id. */
export const paramsOf = ({ id: _, ...params }: Spec): Params => params

interface Base {
  label: Text
  help?: Text
  /** Shown under "Advanced" in a form. */
  advanced?: boolean
  /** Whether it has a meaning beside these other parameters; a form shows it then. Absent: always. */
  when?: (others: Params) => boolean
}
export interface NumberField extends Base {
  type: 'number'
  default: number
  /** Inclusive bounds. */
  min?: number
  max?: number
  /** Exclusive lower bound. */
  above?: number
  /** Exclusive upper bound. */
  below?: number
  integer?: boolean
  unit?: string
  /** What 0 stands for, where that is no number. */
  zero?: Text
  /** A slider for it is logarithmic. */
  log?: boolean
}
export interface BoolField extends Base {
  type: 'bool'
  default: boolean
}
export interface ChoiceField extends Base {
  type: 'choice'
  default: string
  options: { id: string; label: Text }[]
}
export interface TextField extends Base {
  type: 'text'
  default: string
  /** What the text names, so that a form can offer the right control: a table, a file of bytes, a column. */
  role?: 'file' | 'binary' | 'column'
  /** What it means when empty. */
  empty?: Text
}
export interface ColumnsField extends Base {
  type: 'columns'
  default: string[]
}
export interface RefField extends Base {
  type: 'ref'
  registry: RefRegistry
  default: Spec
}
export type Field = NumberField | BoolField | ChoiceField | TextField | ColumnsField | RefField
/** Files that a form can offer, by what they are. */
export type FileNames = Record<'file' | 'binary', string[]>
/** The schema of an entry's parameters: forms, file validation, command-line help and docs derive from it. */
export type Fields = Record<string, Field>

/** Looks up the fields of a registry entry; undefined when there is no such entry. */
export type FieldsOf = (registry: RefRegistry, id: string) => { fields: Fields } | undefined
export type IdsOf = (registry: RefRegistry) => string[]
export interface Lookup {
  fieldsOf: FieldsOf
  idsOf: IdsOf
}

/**
 * Default values of `fields`. @param lookup fills in the parameters of nested entries; without it their defaults stay
 * as declared
 */
export function defaultsOf(fields: Fields, lookup?: Lookup): Params {
  const out: Params = {}
  for (const [k, f] of Object.entries(fields)) {
    out[k] = f.type === 'ref' && lookup ? parseSpec(f.registry, f.default, k, [], lookup) : clone(f.default)
  }
  return out
}

/** The range of a number in short: `1 … 1000`, `> 0, ≤ 1e6`; empty where there are no bounds. */
export function bounds(f: NumberField): string {
  const show = (x: number): string =>
    x !== 0 && (Math.abs(x) < 1e-3 || x % 1e6 === 0) ? x.toExponential().replace('e+', 'e') : String(x)
  if (f.min !== undefined && f.max !== undefined) return `${show(f.min)} … ${show(f.max)}`
  const parts: string[] = []
  if (f.min !== undefined) parts.push(`≥ ${show(f.min)}`)
  if (f.above !== undefined) parts.push(`> ${show(f.above)}`)
  if (f.max !== undefined) parts.push(`≤ ${show(f.max)}`)
  if (f.below !== undefined) parts.push(`< ${show(f.below)}`)
  return parts.join(', ')
}

/** A value as it stands in a message. */
export function brief(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/**
 * Checks one value against its field.
 * @param path of the value in its document, for problems
 * @returns the value with defaults filled in; on a problem, pushes it to `problems` and returns the default.
 */
export function parseField(f: Field, value: unknown, path: string, problems: Problem[], lookup: Lookup): unknown {
  if (value === undefined)
    return f.type === 'ref' ? parseSpec(f.registry, f.default, path, problems, lookup) : clone(f.default)
  const shown = brief(value)
  switch (f.type) {
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        problems.push(problem(path, `must be a finite number, not ${shown}`, `必须是有限的数字，而不是 ${shown}`))
        return f.default
      }
      if (f.integer && !Number.isInteger(value)) {
        problems.push(problem(path, `must be a whole number, not ${shown}`, `必须是整数，而不是 ${shown}`))
        return f.default
      }
      const bad =
        (f.min !== undefined && value < f.min) ||
        (f.max !== undefined && value > f.max) ||
        (f.above !== undefined && value <= f.above) ||
        (f.below !== undefined && value >= f.below)
      if (bad) {
        problems.push(problem(path, `is ${shown}, must be ${bounds(f)}`, `为 ${shown}，必须为 ${bounds(f)}`))
        return f.default
      }
      return value
    }
    case 'bool':
      if (typeof value === 'boolean') return value
      problems.push(problem(path, `must be true or false, not ${shown}`, `必须是 true 或 false，而不是 ${shown}`))
      return f.default
    case 'choice': {
      if (f.options.some((o) => o.id === value)) return value
      const ids = f.options.map((o) => o.id)
      const [meant, known] = [didYouMean(String(value), ids), ids.join(', ')]
      problems.push(
        problem(
          path,
          `is ${shown}, must be one of: ${known}${meant.en}`,
          `为 ${shown}，必须是以下之一：${known}${meant.zh}`
        )
      )
      return f.default
    }
    case 'text':
      if (typeof value === 'string') return value
      problems.push(problem(path, `must be a text, not ${shown}`, `必须是文本，而不是 ${shown}`))
      return f.default
    case 'columns':
      if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return [...(value as string[])]
      problems.push(problem(path, `must be a list of column names, not ${shown}`, `必须是列名的列表，而不是 ${shown}`))
      return clone(f.default)
    case 'ref':
      return parseSpec(f.registry, value, path, problems, lookup)
  }
}

/** Entries that are named at most. */
const OWNERS = 4
/** The entries that have a parameter which another one of their registry was given: momentum, of sgd. */
function ownersOf(registry: RefRegistry, key: string, lookup: Lookup): Text {
  const owners = lookup
    .idsOf(registry)
    .filter((id) => Object.prototype.hasOwnProperty.call(lookup.fieldsOf(registry, id)?.fields ?? {}, key))
    .slice(0, OWNERS)
    .map((id) => `"${id}"`)
  if (!owners.length) return { en: '', zh: '' }
  return { en: `; for it choose ${owners.join(' or ')}`, zh: `；如需此参数请选择 ${owners.join(' 或 ')}` }
}

/**
 * Checks the parameters of an entry. Unknown names are problems: a typo must not pass silently.
 * @param path of the parameters in their document
 * @param registry whose entries may have what this one lacks
 * @returns all fields, with defaults for what is absent or bad
 */
export function parseParams(
  fields: Fields,
  value: unknown,
  path: string,
  problems: Problem[],
  lookup: Lookup,
  registry?: RefRegistry
): Params {
  if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    problems.push(problem(path, 'must be an object of parameters', '必须是参数对象'))
    value = {}
  }
  const given = (value ?? {}) as Params
  const out: Params = {}
  for (const key of Object.keys(given)) {
    if (!Object.prototype.hasOwnProperty.call(fields, key)) {
      const known = Object.keys(fields)
      const [meant, shown] = [didYouMean(key, known), known.join(', ') || '—']
      const owners = registry ? ownersOf(registry, key, lookup) : { en: '', zh: '' }
      problems.push(
        problem(
          `${path}.${key}`,
          `is not a known parameter${meant.en}; known: ${shown}${owners.en}`,
          `不是已知参数${meant.zh}；已知参数：${shown}${owners.zh}`
        )
      )
    }
  }
  for (const [k, f] of Object.entries(fields)) {
    out[k] = parseField(f, own(given, k), `${path}.${k}`, problems, lookup)
  }
  return out
}

/**
 * Checks a choice of a registry entry, in the short form `"relu"` or the long one `{ id, …params }`.
 * @param path of the choice in its document
 * @returns the long form with all parameters; on a problem with the id, no parameters
 */
export function parseSpec(
  registry: RefRegistry,
  value: unknown,
  path: string,
  problems: Problem[],
  lookup: Lookup
): Spec {
  const long = typeof value === 'string' ? { id: value } : value
  if (typeof long !== 'object' || long === null || Array.isArray(long) || typeof (long as Spec).id !== 'string') {
    problems.push(problem(path, 'must be an id, or an object with an id', '必须是 id，或带 id 的对象'))
    return { id: lookup.idsOf(registry)[0] ?? '' }
  }
  const { id, ...rest } = long as Spec
  const entry = lookup.fieldsOf(registry, id)
  if (!entry) {
    const known = lookup.idsOf(registry)
    const meant = didYouMean(id, known)
    problems.push(
      problem(
        path,
        `"${id}" is not one of the ${registry}: ${known.join(', ')}${meant.en}`,
        `“${id}” 不在 ${registry} 之中：${known.join(', ')}${meant.zh}`
      )
    )
    return { id }
  }
  return { id, ...parseParams(entry.fields, rest, path, problems, lookup, registry) }
}

/** JSON Schema (draft 2020-12) of one entry's parameters. */
export function fieldsToJsonSchema(fields: Fields): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  for (const [k, f] of Object.entries(fields)) {
    const doc = { title: f.label.en, ...(f.help && { description: f.help.en }), default: f.default }
    if (f.type === 'number')
      properties[k] = {
        ...doc,
        type: f.integer ? 'integer' : 'number',
        ...(f.min !== undefined && { minimum: f.min }),
        ...(f.max !== undefined && { maximum: f.max }),
        ...(f.above !== undefined && { exclusiveMinimum: f.above }),
        ...(f.below !== undefined && { exclusiveMaximum: f.below })
      }
    else if (f.type === 'bool') properties[k] = { ...doc, type: 'boolean' }
    else if (f.type === 'choice') properties[k] = { ...doc, enum: f.options.map((o) => o.id) }
    else if (f.type === 'text') properties[k] = { ...doc, type: 'string' }
    else if (f.type === 'columns') properties[k] = { ...doc, type: 'array', items: { type: 'string' } }
    else properties[k] = { ...doc, $ref: `#/$defs/${f.registry}` }
  }
  return { type: 'object', properties, additionalProperties: false }
}
