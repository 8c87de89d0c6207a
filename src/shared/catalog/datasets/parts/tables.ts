import breastCancer from '../../../../../resources/data/breast-cancer.csv?raw'
import diabetes from '../../../../../resources/data/diabetes.csv?raw'
import digits from '../../../../../resources/data/digits.csv?raw'
import iris from '../../../../../resources/data/iris.csv?raw'
import wine from '../../../../../resources/data/wine.csv?raw'

const tables = { breastCancer, diabetes, digits, iris, wine }
/** A table that ships with the app, by the id of its data set. */
export type TableName = keyof typeof tables

/**
 * Its text. The app's builds put another module in the place of this one, which loads the texts when they are needed:
 * they are a quarter of all that the window would read before it can be used.
 */
export const tableText = (name: TableName): string => tables[name]
