import { toJson } from '../base/toJson'
import type { Prescription } from './types'

/** prescription.json. @param versions of what has made it, by name */
export const prescriptionJson = (prescription: Prescription, versions: Record<string, string | number>): string =>
  toJson({ format: 'gradient-clinic/prescription', version: 1, ...prescription, versions })
