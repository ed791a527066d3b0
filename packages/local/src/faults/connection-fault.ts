/**
 * Thrown instead of an answer: the caller gets none. Over a socket the connection is reset; who stands in for the
 * network can tell a lost connection (`ECONNRESET`) from a host that has no address (`ENOTFOUND`).
 */
export class ConnectionFault extends Error {
  override readonly name = 'ConnectionFault';
  readonly code: 'ECONNRESET' | 'ENOTFOUND';

  constructor(code: 'ECONNRESET' | 'ENOTFOUND') {
    super(code === 'ECONNRESET' ? 'read ECONNRESET' : 'getaddrinfo ENOTFOUND');
    this.code = code;
  }
}
