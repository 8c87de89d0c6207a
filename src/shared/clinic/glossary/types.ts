import type { Text } from '../../base/text'

/** A term of art, as it is written in the source. */
export interface Term {
  /** As the window and the documents write it. */
  term: Text
  /** What it means, in one sentence. Shown as a tooltip too. */
  short: Text
  /** Why it matters here, how to read it, where it comes from. */
  more?: Text
  /** Ids of related terms. */
  see?: readonly string[]
}
/** A part of the glossary: terms by id. */
export type Terms = Readonly<Record<string, Term>>
