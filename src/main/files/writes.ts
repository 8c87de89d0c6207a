/** Milliseconds that what is being written has before a person is asked whether the window is to wait on. */
const PATIENCE = 5000
/** Milliseconds after a save or an export in which the window tells of it, if it still answers. */
const TELLING = 2000

/** What waiting for a write needs of the window. */
export interface WritesOptions {
  close: () => void
  /** Asks whether to close although something is still being written. */
  asksToClose: () => Promise<boolean>
  /** Closes whatever is under way. */
  closeNow: () => void
}

/**
 * What is being written at places that a person has chosen, from the question for the place to its end. A window that
 * is closed meanwhile waits for it; where it never ends, as on a disk that has gone, the person may close all the same.
 */
export class Writes {
  private open = 0
  private working = 0
  private closesLater = false
  private asksLater: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly options: WritesOptions) {}

  /** Counts all of a save or an export, with its questions. */
  async during<T>(whole: () => Promise<T>): Promise<T> {
    this.open++
    try {
      return await whole()
    } finally {
      this.open--
      // A window that does not answer any more is asked about all the same.
      if (this.closesLater) setTimeout(() => this.closeLate(), TELLING)
    }
  }
  /** Counts a part of it in which nobody is asked anything. */
  async work<T>(part: Promise<T>): Promise<T> {
    this.working++
    try {
      return await part
    } finally {
      this.working--
    }
  }
  /** Somebody wants to close the window. @returns whether it has to wait; then it is closed later */
  holdUp(): boolean {
    if (!this.open) return false
    this.closesLater = true
    this.askLater()
    return true
  }
  /** The window has told what is unsaved: closes it if somebody wanted that, and nothing is written any more. */
  told(): void {
    if (!this.open) this.closeLate()
  }
  /** The window has something to say, and stays. */
  stay(): void {
    this.closesLater = false
  }

  private closeLate(): void {
    if (!this.closesLater) return
    this.closesLater = false
    this.options.close()
  }
  private askLater(): void {
    this.asksLater ??= setTimeout(() => {
      this.asksLater = undefined
      if (!this.closesLater || !this.open) return
      // A dialog stands open, which is the question.
      if (!this.working) return this.askLater()
      void this.options.asksToClose().then((closes) => {
        if (closes && this.open) this.options.closeNow()
      })
    }, PATIENCE)
  }
}
