import type { Change } from '@shared/experiment/diff'
import type { LayerNode, NetworkNode } from '@shared/experiment/types'
import { layers } from '@shared/layers'
import type { Language } from '@shared/text'

/** One line of "what changes". */
export interface ChangeLine {
  sign: '+' | '−' | '·'
  text: string
}
const isNode = (v: unknown): v is NetworkNode => typeof v === 'object' && v !== null && typeof (v as LayerNode).kind === 'string' && typeof (v as LayerNode).id === 'string'

/** A value as a person writes it: `relu`, `leakyRelu (alpha 0.2)`, `1e-4`. */
export function valueText(v: unknown): string {
  if (Array.isArray(v)) return v.length ? v.map(valueText).join(', ') : '∅'
  if (typeof v === 'object' && v !== null) {
    const { id, ...rest } = v as Record<string, unknown>
    const more = Object.entries(rest).map(([k, x]) => `${k} ${valueText(x)}`)
    return typeof id === 'string' ? (more.length ? `${id} (${more.join(', ')})` : id) : more.join(', ')
  }
  return typeof v === 'number' && v !== 0 && (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e6) ? v.toExponential().replace('e+', 'e') : String(v)
}

/** `network.nodes.hidden.body.dense.params.units` → [`hidden/dense`, `units`]; other paths stay as they are. */
function place(path: string): { node?: string; key: string } {
  const parts = path.split('.')
  if (parts[0] !== 'network' || parts[1] !== 'nodes') return { key: path }
  const ids: string[] = []
  let i = 2
  while (i < parts.length) {
    ids.push(parts[i]!)
    if (parts[i + 1] !== 'body') break
    i += 2
  }
  const rest = parts.slice(i + 1)
  return { node: ids.join('/'), key: (rest[0] === 'params' ? rest.slice(1) : rest).join('.') }
}

/**
 * The exact differences in words, equal ones of several layers on one line, additions first.
 * @param words "added" and "removed" in the language.
 */
export function changeLines(changes: readonly Change[], lang: Language): ChangeLine[] {
  const lines = new Map<string, { sign: ChangeLine['sign']; nodes: string[]; what: string }>()
  const enter = (sign: ChangeLine['sign'], what: string, node?: string): void => {
    const key = `${sign}${what}`
    const line = lines.get(key) ?? { sign, nodes: [], what }
    if (node) line.nodes.push(node)
    lines.set(key, line)
  }
  for (const c of changes) {
    const { node, key } = place(c.path)
    const thing = c.type === 'add' ? c.after : c.before
    if (c.type !== 'change' && isNode(thing)) {
      const name = layers.find(thing.kind)?.name[lang] ?? thing.kind
      enter(c.type === 'add' ? '+' : '−', name, node)
    } else if (c.type === 'add') enter('+', `${key}: ${valueText(c.after)}`, node)
    else if (c.type === 'remove') enter('−', `${key}: ${valueText(c.before)}`, node)
    else enter('·', `${key}: ${valueText(c.before)} → ${valueText(c.after)}`, node)
  }
  const rank = { '+': 0, '−': 1, '·': 2 }
  return [...lines.values()]
    .sort((a, b) => rank[a.sign] - rank[b.sign])
    .map(({ sign, nodes, what }) => ({ sign, text: nodes.length ? `${what} — ${nodes.slice(0, 3).join(', ')}${nodes.length > 3 ? ` … (${nodes.length})` : ''}` : what }))
}
