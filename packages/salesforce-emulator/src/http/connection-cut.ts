/**
 * Thrown where the connection is to be cut: by a handler before the status line, by a body after the bytes given so far.
 * Those bytes reach the socket first; with `reset` the peer may lose some that it has not read yet.
 */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
  readonly reset: boolean;

  constructor({ reset = false }: { readonly reset?: boolean } = {}) {
    super('the connection is cut here');
    this.reset = reset;
  }
}
