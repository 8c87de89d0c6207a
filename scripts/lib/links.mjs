/** Links between Markdown documents. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ROOT } from '../setup/paths.mjs'

const withoutCode = (text) => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')

/**
 * The anchors of a document, as code hosts name them: headings in lower case, spaces as hyphens, without punctuation.
 */
export function anchorsOf(text) {
  const seen = new Map()
  const headings = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} +(?<title>.+?)(?: +#+)?$/gm)
  const anchors = [...headings].map(({ groups }) => {
    const slug = groups.title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replace(/ /g, '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    return times ? `${slug}-${times}` : slug
  })
  const named = [...text.matchAll(/<[^>]+\b(?:id|name)="([^"]+)"/g)].map((match) => match[1])
  return new Set([...anchors, ...named])
}

/**
 * Links of a document that lead to no file of the checkout, or to no heading of it. Addresses of the web are not asked.
 */
export function brokenLinks(file, text, root = ROOT) {
  const prose = withoutCode(text)
  const targets = [
    ...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm),
    ...prose.matchAll(/<(?:a|img)\b[^>]*\b(?:href|src)="([^"]+)"/g)
  ].map((match) => match[1])
  return targets.flatMap((target) => {
    if (/^[a-z][a-z+.-]*:/i.test(target)) return []
    const [path, anchor] = decodeURI(target).split('#')
    const to = path ? resolve(join(root, dirname(file)), path) : join(root, file)
    if (path && !existsSync(to)) return [`${file}: ${target} leads to no file`]
    if (!anchor || !to.endsWith('.md')) return []
    return anchorsOf(path ? readFileSync(to, 'utf8') : text).has(anchor)
      ? []
      : [`${file}: ${target} leads to no heading`]
  })
}
