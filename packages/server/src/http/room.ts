/** Memory for bodies that are being read or answered, shared by all connections. */
export interface Room {
  /** Takes so many bytes; false where there is no room for them. */
  take(bytes: number): boolean
  /** Gives back what was taken. */
  free(bytes: number): void
}

/** Room for so many bytes. */
export function createRoom(most: number): Room {
  let taken = 0
  return {
    take(bytes) {
      if (taken + bytes > most) return false
      taken += bytes
      return true
    },
    free(bytes) {
      taken -= bytes
    },
  }
}
