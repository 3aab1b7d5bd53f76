import * as z from 'zod';

/**
 * An e-mail address as SES takes one: no other than ASCII before the `@`, Punycode after it.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
 * The form is that of HTML, with a domain of two parts or more: nothing of what separates addresses, or lines, from one
 * another (https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address); the lengths are SMTP's
 * (https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1).
 */
export const Email = z
  .string()
  .max(254)
  .regex(
    /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    'must be one e-mail address, in ASCII',
  );
