import type { Language } from '@shared/base/text'
import { canRun, GROUPS, nameOf, type Command } from './command'
import { fuzzy } from './fuzzy'

export interface FoundCommand {
  command: Command
  /** Found letters in the name, in the language shown. */
  at: number[]
  /** Stands at the top because it was chosen lately. */
  recent: boolean
}

/**
 * Commands that fit a search, best first; with nothing typed all of them by group, those chosen lately before.
 * Both languages are searched. What can't be done now comes last.
 */
export function searchCommands(
  all: readonly Command[],
  query: string,
  language: Language,
  recent: readonly string[] = []
): FoundCommand[] {
  const usable = (c: Command): number => (canRun(c) ? 0 : 1)
  if (!query.trim()) {
    const lately = recent.flatMap((id) => all.filter((c) => c.id === id && canRun(c)))
    const rest = [...all].sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || usable(a) - usable(b))
    return [
      ...lately.map((command) => ({ command, at: [], recent: true })),
      ...rest.map((command) => ({ command, at: [], recent: false }))
    ]
  }
  const found = all.flatMap((command) => {
    const name = nameOf(command)
    const own = fuzzy(query, name[language])
    const other = fuzzy(query, name[language === 'en' ? 'zh' : 'en'])
    const words = command.words ? fuzzy(query, command.words) : undefined
    // Letters scattered over a long name are a coincidence.
    const enough = 2.2 * query.replace(/\s+/g, '').length
    const best = Math.max(own?.score ?? -Infinity, (other?.score ?? -Infinity) - 1, (words?.score ?? -Infinity) - 1)
    return best >= enough
      ? [{ command, at: own && own.score >= best - 0.001 ? own.at : [], recent: false, score: best }]
      : []
  })
  return found.sort((a, b) => usable(a.command) - usable(b.command) || b.score - a.score).slice(0, 60)
}
