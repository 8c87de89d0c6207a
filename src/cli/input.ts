import { clone } from '@shared/base/clone'
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { datasets, type Attachments } from '../shared/catalog/datasets'
import { decodeText } from '../shared/catalog/datasets/parts/encoding'
import { asAttachment } from '../shared/catalog/datasets/parts/tableFile'
import { readExperiment, type Experiment } from '../shared/experiment'
import { decodeProject } from '../shared/project'
import { parseJsonText } from '../shared/base/json'
import { didYouMean } from '../shared/base/nearest'
import { isObject, type Json } from '../shared/base/objects'
import { InputError } from '../shared/base/problems'
import { codeOf, noFile, systemWords } from '../shared/base/system'
import { bad } from './args'
import { foreignBytes, foreignJson, foreignZip } from './foreign'

const JSON_BYTES = 64e6
const DATA_BYTES = 512e6
const WEIGHT_BYTES = 1e9
const DEPTH = 64
const FORBIDDEN = ['__proto__', 'constructor', 'prototype']

/** What a file holds, before any default is filled in. */
export interface Given {
  /** As it was written. */
  experiment: unknown
  /** Attached to a project, by name. */
  files: Attachments
}

export function readBytes(path: string, name: string, most: number): Buffer {
  try {
    const found = statSync(path)
    // One without an end would never be read.
    if (found.isCharacterDevice() || found.isBlockDevice()) throw noFile(found)
    const { size } = found
    if (size > most)
      throw bad(
        name,
        `is ${(size / 1e6).toFixed(0)} MB large; at most ${most / 1e6} MB are read`,
        `大小为 ${(size / 1e6).toFixed(0)} MB；最多读取 ${most / 1e6} MB`
      )
    return readFileSync(path)
  } catch (error) {
    if (error instanceof InputError) throw error
    const { cause } = systemWords(error, 'read') ?? {}
    throw bad(name, cause?.en ?? `cannot be read (${codeOf(error)})`, cause?.zh ?? `无法读取（${codeOf(error)}）`)
  }
}

/** @param name of what is nested, for the problem */
function checkDepth(value: unknown, name: string): void {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }]
  for (let at = open.pop(); at; at = open.pop()) {
    if (typeof at.value !== 'object' || at.value === null) continue
    if (at.depth > DEPTH) throw bad(name, `is nested more than ${DEPTH} deep`, `嵌套超过 ${DEPTH} 层`)
    for (const v of Object.values(at.value)) open.push({ value: v, depth: at.depth + 1 })
  }
}

/**
 * The text of a JSON file: UTF-8, or UTF-16 or UTF-32, as marks or zero bytes at its start tell.
 * @throws InputError where it is none of these
 */
function textOf(bytes: Buffer, name: string): string {
  const [a, b] = bytes
  const wide = a === 0xff || a === 0xfe || a === 0 || b === 0
  const { text, undecodable } = decodeText(bytes, wide ? undefined : 'utf-8')
  if (undecodable)
    throw bad(
      name,
      `line ${undecodable.line}, column ${undecodable.character}: is not UTF-8: save the file as UTF-8`,
      `第 ${undecodable.line} 行第 ${undecodable.character} 列：不是 UTF-8：请将文件另存为 UTF-8`
    )
  return text
}

/** Opens FILE: a saved project (its current experiment), or an experiment in JSON. @throws InputError */
export function readGiven(file: string): Given {
  const bytes = readBytes(file, basename(file), 1e9)
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const foreign = foreignZip(bytes, basename(file))
    if (foreign) throw foreign
    const project = decodeProject(bytes)
    return { experiment: project.experiments[project.current], files: project.files }
  }
  if (bytes.length > JSON_BYTES)
    throw bad(basename(file), `is larger than ${JSON_BYTES / 1e6} MB`, `大于 ${JSON_BYTES / 1e6} MB`)
  const other = foreignBytes(bytes, basename(file))
  if (other) throw other
  const experiment = parseJsonText(textOf(bytes, basename(file)), basename(file), true)
  if (Array.isArray(experiment) && experiment.some(isObject))
    throw bad(
      basename(file),
      `is a list of ${experiment.length}: a file holds one experiment; write each into a file of its own, without [ ]`,
      `是含 ${experiment.length} 项的列表：一个文件只含一个实验；请各写入单独的文件，去掉 [ ]`
    )
  if (typeof experiment === 'string' && /^\s*\{/.test(experiment))
    throw bad(
      basename(file),
      'is JSON within a text: write it without the quotes around it, and without the \\ before each quote',
      '是文本中的 JSON：请去掉两端的引号，以及各引号前的 \\'
    )
  if (!isObject(experiment))
    throw bad(
      basename(file),
      'is not an experiment, which must be a JSON object { … }',
      '不是实验：实验是 JSON 对象 { … }'
    )
  const foreign = foreignJson(experiment, basename(file))
  if (foreign) throw foreign
  checkDepth(experiment, basename(file))
  return { experiment, files: {} }
}

/** The member a path segment names: a key, an index, or the id of a list's element. */
function member(value: unknown, key: string): string | number | undefined {
  if (Array.isArray(value)) {
    const byId = value.findIndex((v) => isObject(v) && v['id'] === key)
    if (byId >= 0) return byId
    return /^\d+$/.test(key) && Number(key) < value.length ? Number(key) : undefined
  }
  return isObject(value) ? key : undefined
}
const at = (value: unknown, key: string | number | undefined): unknown =>
  key !== undefined && value !== null && typeof value === 'object' && Object.prototype.hasOwnProperty.call(value, key)
    ? (value as Json)[key]
    : undefined

/** What an option's text means: JSON, or else the text itself. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
/**
 * Sets one value in an experiment as it was written. What the path goes through and wasn't written is taken from the
 * experiment with its defaults.
 * @param source what asks for it, in front of the path in messages
 * @throws InputError naming the path
 */
export function setPath(experiment: unknown, path: string, value: unknown, source = '--set'): unknown {
  const next: unknown = clone(experiment ?? {})
  const keys = path.split('.')
  checkDepth(value, `${source} ${path}`)
  let filled: unknown = readExperiment(next).experiment
  let here: unknown = next
  keys.forEach((key, i) => {
    const soFar = keys.slice(0, i + 1).join('.')
    if (!key || FORBIDDEN.includes(key))
      throw bad(`${source} ${path}`, `"${key}" cannot be part of a path`, `“${key}” 不能作为路径的一部分`)
    const place = member(here, key)
    if (place === undefined) {
      const known = Array.isArray(here)
        ? here.map((v, k) => (isObject(v) && typeof v['id'] === 'string' ? v['id'] : String(k)))
        : []
      const meant = didYouMean(key, known)
      throw bad(
        `${source} ${soFar}`,
        `does not exist${known.length ? `; there are: ${known.join(', ')}` : ''}${meant.en}`,
        `不存在${known.length ? `；现有：${known.join(', ')}` : ''}${meant.zh}`
      )
    }
    const holder = here as Record<string | number, unknown>
    if (i === keys.length - 1) {
      holder[place] = value
      return
    }
    const full = at(filled, member(filled, key))
    let inner = at(holder, place)
    // The short form of a choice, "relu", has parameters only when written out.
    if (typeof inner === 'string' && isObject(full)) inner = { id: inner }
    if (inner === undefined || inner === null) inner = full === undefined ? {} : clone(full)
    if (typeof inner !== 'object') throw bad(`${source} ${soFar}`, 'has no members', '没有成员')
    holder[place] = inner
    here = inner
    filled = full
  })
  return next
}

/** Applies the options and fills in all defaults. @throws InputError with the path of every bad field */
export function resolveExperiment(
  given: unknown,
  options: { steps?: string; seed?: string; set: readonly string[] }
): Experiment {
  let raw = given
  for (const text of options.set) {
    const eq = text.indexOf('=')
    if (eq < 1)
      throw bad(
        '--set',
        `"${text}" must be PATH=VALUE, as in training.optimizer.learningRate=0.01`,
        `“${text}” 应为 PATH=VALUE，例如 training.optimizer.learningRate=0.01`
      )
    raw = setPath(raw, text.slice(0, eq), valueOf(text.slice(eq + 1)))
  }
  if (options.steps !== undefined) raw = setPath(raw, 'training.steps', valueOf(options.steps))
  if (options.seed !== undefined) raw = setPath(raw, 'seed', valueOf(options.seed))
  const { experiment, problems } = readExperiment(raw)
  if (problems.length) throw new InputError(problems)
  return experiment
}

/**
 * The files that an experiment names and that aren't attached: read from next to FILE. @throws InputError
 */
export function readAttached(experiment: Experiment, file: string, attached: Attachments): Attachments {
  const files = { ...attached }
  const { id, ...params } = experiment.data.dataset
  for (const [name, field] of Object.entries(datasets.get(id).fields)) {
    if (field.type !== 'text' || (field.role !== 'file' && field.role !== 'binary')) continue
    const named = params[name] as string
    if (!named || Object.prototype.hasOwnProperty.call(files, named)) continue
    const bytes = readBytes(resolve(dirname(file), named), `data.dataset.${name} (${named})`, DATA_BYTES)
    files[named] = field.role === 'binary' ? bytes : asAttachment(bytes)
  }
  const { weights } = experiment
  if (weights && !Object.prototype.hasOwnProperty.call(files, weights))
    files[weights] = readBytes(resolve(dirname(file), weights), `weights (${weights})`, WEIGHT_BYTES)
  return files
}
