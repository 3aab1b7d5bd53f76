import { Logger } from '@aws-lambda-powertools/logger';

/**
 * JSON lines on stdout. Log ids, states and error names; never an address, an e-mail, a payment method or a token.
 * The boundaries (`task`, `api`, `listener`) put the correlation id on every line.
 */
export const logger = new Logger();

/** What a log line says of an error: its name, its message, and where it was thrown. */
export const failure = ({ name, message, stack }: Error) => ({ error: name, reason: message, stack });
