/** `range`: at which learning rates does the loss fall? `ten`: can it learn ten examples? */
export type SmallQuestion = 'range' | 'ten'

/** Whether a run, by what it names as its search, answers a question that takes one training alone. */
export const isSmall = (search: string): search is SmallQuestion => search === 'range' || search === 'ten'
