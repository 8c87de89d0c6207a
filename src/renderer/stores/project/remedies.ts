import type { ComputedRef } from 'vue'
import type { DataInfo } from '@shared/catalog/datasets'
import { remedyBlocked } from '@shared/experiment/effective'
import { takeAdvice, type Along } from '@shared/experiment/take'
import { lookup } from '@shared/experiment/lookup'
import type { Experiment, RemedyChoice } from '@shared/experiment/types'
import { parseSpec, type Params } from '@shared/base/params'
import type { Text } from '@shared/base/text'

/** What switching remedies needs of the project. */
interface Needs {
  experiment: ComputedRef<Experiment>
  effective: ComputedRef<Experiment>
  info: ComputedRef<DataInfo | undefined>
  edit(change: (e: Experiment) => Experiment, merge?: string): void
}

/** The remedies of the experiment on screen. */
export function makeRemedies({ experiment, effective, info, edit }: Needs) {
  const isOn = (id: string): boolean => experiment.value.remedies.some((r) => r.id === id)
  /** A remedy with these parameters; the rest, also within what a parameter chooses, is as the entries have it. */
  const choiceOf = (id: string, given: Params = {}): RemedyChoice =>
    parseSpec('remedies', { ...given, id }, 'remedies', [], lookup)
  /**
   * Why a remedy can't be switched on, or undefined: one that is on is not asked, nor any before the data is
   * understood.
   * @param off what is switched off with it
   */
  const reasonAgainst = (choice: RemedyChoice, off: readonly string[] = []): Text | undefined => {
    if (isOn(choice.id) || !info.value) return undefined
    const now = { ...effective.value, remedies: experiment.value.remedies }
    return remedyBlocked(takeAdvice(now, [], off), choice, info.value)
  }
  /** Switches a remedy on as a finding advises it, in one edit. */
  const adopt = (id: string, params: Params = {}, { on = [], off = [] }: Along = {}): void =>
    isOn(id) ? undefined : edit((e) => takeAdvice(e, [choiceOf(id, params), ...on.map((o) => choiceOf(o.id, o))], off))
  function toggleRemedy(id: string, on: boolean, params: Params = {}): void {
    if (on === isOn(id)) return
    edit((e) => ({
      ...e,
      remedies: on ? [...e.remedies, choiceOf(id, params)] : e.remedies.filter((r) => r.id !== id)
    }))
  }
  function setRemedyParam(id: string, key: string, value: unknown): void {
    edit(
      (e) => ({ ...e, remedies: e.remedies.map((r) => (r.id === id ? { ...r, [key]: value } : r)) }),
      `remedy.${id}.${key}`
    )
  }
  return { isOn, choiceOf, reasonAgainst, adopt, toggleRemedy, setRemedyParam }
}
