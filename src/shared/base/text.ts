/** A text in every language the app speaks. */
export interface Text {
  en: string
  zh: string
}
export type Language = keyof Text

/** Something wrong with what a person made: where it is, what it is, what to do. */
export interface Problem {
  /** Dotted path into the document, e.g. `network.nodes.hidden.params.units`. */
  path: string
  message: Text
  /** Id of the network node the problem belongs to, when there is one. */
  node?: string
  severity?: 'error' | 'warning'
}

/** Raised for bad input; carries every problem found, not just the first. */
export class InputError extends Error {
  readonly problems: Problem[]
  constructor(problems: Problem[]) {
    super(problems.map((p) => `${p.path}: ${p.message.en}`).join('\n'))
    this.name = 'InputError'
    this.problems = problems
  }
}
