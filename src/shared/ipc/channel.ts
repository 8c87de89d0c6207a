/** The one name under which window and main exchange the messages of the app contract. */
export const CHANNEL = 'gradient-clinic'
