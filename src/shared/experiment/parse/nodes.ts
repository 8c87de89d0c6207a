import { didYouMean } from '../../base/nearest'
import { isObject, own } from '../../base/objects'
import { brief, parseField, parseParams } from '../../base/params'
import { problem, type Problem } from '../../base/problems'
import type { LayerCode } from '../../base/python'
import { layers } from '../../catalog/layers'
import { lookup } from '../lookup'
import { INPUT, type Network, type NetworkNode } from '../types'
import { settingsFields } from './fields'
import { object, text } from './json'
import { placeInLayer } from './places'

/** How deep blocks may be nested. */
export const MAX_DEPTH = 4
/** Most nodes in one list; more layers than that are refused anyway. */
const MAX_NODES = 5000
/** Longest path of a file, and longest line of code, that a node keeps. */
const LONGEST_CODE = 1000
const ID = /^[A-Za-z][\w-]*$/

/** A line of a person's code. */
function parseCode(value: unknown, path: string, problems: Problem[], isInner = false): LayerCode | undefined {
  if (value === undefined) return undefined
  const keys = ['file', 'line', 'text', ...(isInner ? [] : ['activation'])]
  const { file, line, text, activation: inner } = object(value, keys, path, problems)
  const isText = (v: unknown): v is string => typeof v === 'string' && v.length <= LONGEST_CODE
  if (isText(file) && isText(text) && Number.isInteger(line) && (line as number) > 0) {
    const activation = isInner ? undefined : parseCode(inner, `${path}.activation`, problems, true)
    return { file, line: line as number, text, ...(activation && { activation }) }
  }
  problems.push(
    problem(
      path,
      `must name a file, a line from 1, and its text, of at most ${LONGEST_CODE} characters each`,
      `必须给出文件、行号（从 1 起）及该行文本，各不超过 ${LONGEST_CODE} 个字符`
    )
  )
  return undefined
}

/**
 * The layers and blocks of a list.
 * @param path of the list in the document. @param prefix of the paths of its nodes. @param depth of the blocks around
 */
export function parseNodes(
  value: unknown,
  path: string,
  prefix: string,
  depth: number,
  problems: Problem[]
): NetworkNode[] {
  if (!Array.isArray(value)) {
    problems.push(problem(path, 'must be a list of layers', '必须是层的列表'))
    return []
  }
  if (depth > MAX_DEPTH) {
    problems.push(problem(path, `blocks are nested more than ${MAX_DEPTH} deep`, `块的嵌套超过 ${MAX_DEPTH} 层`))
    return []
  }
  if (value.length > MAX_NODES) {
    problems.push(
      problem(
        path,
        `has ${value.length} entries, more than ${MAX_NODES}: use repeat blocks`,
        `有 ${value.length} 项，超过 ${MAX_NODES}：请使用重复块`
      )
    )
    return []
  }
  const out: NetworkNode[] = []
  const seen = new Set<string>([INPUT])
  value.forEach((raw: unknown, i) => {
    const id = isObject(raw) && typeof own(raw, 'id') === 'string' ? (own(raw, 'id') as string) || undefined : undefined
    const at = `${path}.${id ?? i}`
    const node = prefix + (id ?? i)
    if (!isObject(raw)) return void problems.push(problem(at, 'must be an object', '必须是对象'))
    const kind = own(raw, 'kind')
    const block = kind === 'repeat'
    object(
      raw,
      block ? ['id', 'kind', 'name', 'times', 'inputs', 'body'] : ['id', 'kind', 'name', 'params', 'inputs', 'code'],
      at,
      problems,
      block ? undefined : (key) => placeInLayer(kind, key)
    )
    const written = own(raw, 'id')
    if (!id && written === undefined)
      problems.push(problem(`${at}.id`, 'is missing: give the layer an id', '缺少：请为该层指定 id', { node }))
    else if (!id)
      problems.push(
        problem(
          `${at}.id`,
          `must be a text that begins with a letter, such as "h1", not ${brief(written)}`,
          `必须是以字母开头的文本，例如 "h1"，而不是 ${brief(written)}`,
          { node }
        )
      )
    else if (!ID.test(id))
      problems.push(
        problem(
          `${at}.id`,
          'must start with a letter and hold only letters, digits, _ and -',
          '必须以字母开头，且只含字母、数字、_ 和 -',
          { node }
        )
      )
    else if (seen.has(id))
      problems.push(
        id === INPUT
          ? problem(`${at}.id`, `"${id}" is reserved: give the layer another id`, `“${id}” 为保留字：请换一个 id`, {
              node
            })
          : problem(
              `${at}.id`,
              `"${id}" is used twice here: give each layer its own id`,
              `“${id}” 在此重复：每层须有自己的 id`,
              {
                node
              }
            )
      )
    // The default chain: without `inputs`, a layer reads the one before it.
    const previous = out.length ? out[out.length - 1]!.id : INPUT
    const given = own(raw, 'inputs')
    let inputs = [previous]
    if (given !== undefined) {
      if (Array.isArray(given) && given.every((x) => typeof x === 'string')) inputs = [...(given as string[])]
      else problems.push(problem(`${at}.inputs`, 'must be a list of layer ids', '必须是层 id 的列表', { node }))
    }
    if (id) seen.add(id)
    const safeId = id ?? `layer${i}`
    const name = own(raw, 'name') === undefined ? {} : { name: text(own(raw, 'name'), safeId, `${at}.name`, problems) }
    if (block) {
      const times = parseField(settingsFields.times, own(raw, 'times'), `${at}.times`, problems, lookup) as number
      const given = own(raw, 'body')
      const body = parseNodes(given, `${at}.body`, `${node}/`, depth + 1, problems)
      if (Array.isArray(given) && !given.length)
        problems.push(
          problem(`${at}.body`, 'the block is empty: put a layer into it', '块是空的：请放入一层', { node })
        )
      out.push({ id: safeId, kind: 'repeat', ...name, times, inputs, body })
      return
    }
    const entry = typeof kind === 'string' ? layers.find(kind) : undefined
    if (!entry) {
      const known = [...layers.ids(), 'repeat']
      const meant = didYouMean(typeof kind === 'string' ? kind : '', known)
      problems.push(
        problem(
          `${at}.kind`,
          kind === undefined
            ? `is missing; known: ${known.join(', ')}`
            : `${brief(kind)} is not a layer kind${meant.en}; known: ${known.join(', ')}`,
          kind === undefined
            ? `缺少；已知：${known.join(', ')}`
            : `${brief(kind)} 不是层的种类${meant.zh}；已知：${known.join(', ')}`,
          { node }
        )
      )
      return
    }
    const before = problems.length
    const params = parseParams(entry.fields, own(raw, 'params'), `${at}.params`, problems, lookup)
    for (const p of problems.slice(before)) p.node = node
    const code = parseCode(own(raw, 'code'), `${at}.code`, problems)
    out.push({ id: safeId, kind: entry.id, ...name, params, inputs, ...(code && { code }) })
  })
  return out
}

/** Where the nodes stand on the canvas, in its units. */
export function parseLayout(value: unknown, problems: Problem[]): Network['layout'] {
  if (!isObject(value)) {
    problems.push(problem('network.layout', 'must be an object', '必须是对象'))
    return undefined
  }
  const out: NonNullable<Network['layout']> = {}
  for (const [k, v] of Object.entries(value)) {
    if (k === '__proto__') continue
    if (isObject(v) && Number.isFinite(v.x) && Number.isFinite(v.y)) out[k] = { x: v.x as number, y: v.y as number }
    else problems.push(problem(`network.layout.${k}`, 'must be { x, y } in numbers', '必须是数字 { x, y }'))
  }
  return out
}
